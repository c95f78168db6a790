import { isPlainObject } from '../../policy/canonical-json';
import { TagRule } from '../../policy/document';
import { Demand, Draft } from './compose';
import { attempt, Imported } from './imported';
import { imagePatterns } from './image-patterns';
import { kyvernoScope, noteUnnamed } from './kyverno-scope';
import { Note, Part } from './part';
import { predicateType } from './predicate-types';
import { keylessVoter, keyVoters, readLog, Voter } from './voters';

const AUDIT = 'Audit mode is not carried over, since here it needs a reason, an owner and an end: the document denies. Add action: { type: Audit, reason, owner, until } while you migrate.';

/** Says for which workloads Kyverno makes rules of one about Pods; for all by default. */
const AUTOGEN = 'pod-policies.kyverno.io/autogen-controllers';

const FAIL = 'The document is always enforced with Fail.';

/**
 * `ClusterPolicy` of `kyverno.io`: a document for each entry of `verifyImages`.
 *
 * Source: Kyverno, `api/kyverno/v1/image_verification_types.go`.
 */
export function importClusterPolicy(value: unknown): readonly Imported[] {
  const rules = listIn(isPlainObject(value) ? value.spec : undefined, 'rules');
  const counts = rules.map((rule) => listIn(rule, 'verifyImages').length);
  const several = counts.reduce((sum, count) => sum + count, 0) > 1;
  const read = (index: number, number: number) => (notes: Note[]): Draft => {
    const root = new Part(value, '', notes);
    const spec = root.at('spec');
    readSpec(spec);
    const rule = spec.at('rules').items()[index];
    if (rule === undefined) {
      throw spec.at('rules').leftOut('is empty');
    }
    const names = [root.at('metadata').at('name'), ...several ? [rule.at('name')] : []].map((part) => part.text() ?? 'rule');
    const name = [...names, ...(counts[index] ?? 0) > 1 ? [number + 1] : []].join('-');
    const entry = entryOf(rule, number, spec.at('validationFailureAction'));
    noteUnnamed(spec);
    root.at('metadata').at('annotations').at(AUTOGEN).noteUnless(undefined, 'Some workloads are not looked at there; the document is about every Pod and every workload that makes one.');
    return { name, ...entry };
  };
  return rules.length === 0 ? [attempt(read(0, 0))] : counts.flatMap((count, index) => Array.from({ length: Math.max(count, 1) }, (_, number) => attempt(read(index, number))));
}

/** What is no list is told of by whoever reads it. */
function listIn(value: unknown, name: string): readonly unknown[] {
  const list = isPlainObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list : [];
}

function readSpec(spec: Part): void {
  const fields = spec.fields(
    ['admission', 'applyRules', 'failurePolicy', 'rules', 'validationFailureAction', 'validationFailureActionOverrides', 'webhookConfiguration'],
    ['background', 'webhookTimeoutSeconds', 'schemaValidation', 'generateExisting', 'mutateExistingOnPolicyUpdate', 'useServerSideApply', 'emitWarning'],
  );
  fields.admission.noteUnless(true, 'The policy holds for reports only; the document holds when something is admitted.');
  fields.applyRules.noteUnless('All', 'Only the first rule that applies decides there; here all documents that match an image must hold.');
  fields.failurePolicy.noteUnless('Fail', FAIL);
  fields.validationFailureActionOverrides.noteUnless(undefined, 'Some namespaces have an action of their own; the document denies in all that it covers.');
  const webhook = fields.webhookConfiguration.fields(['failurePolicy', 'matchConditions'], ['timeoutSeconds']);
  webhook.failurePolicy.noteUnless('Fail', FAIL);
  webhook.matchConditions.noteUnless(undefined, 'Some requests are not judged there; the verifier is asked about all.');
}

function entryOf(rule: Part, number: number, action: Part): Omit<Draft, 'name'> {
  const { match, exclude, preconditions, celPreconditions, imageExtractors, verifyImages } = rule.fields(
    ['match', 'exclude', 'preconditions', 'celPreconditions', 'imageExtractors', 'verifyImages'], ['name', 'context', 'skipBackgroundRequests'],
  );
  refuseOther(imageExtractors, 'take images from fields of other resources: documents are about Pods and what makes them');
  const entry = verifyImages.items()[number];
  if (entry === undefined) {
    throw verifyImages.leftOut('has no entry: the rule is about something else than who vouches for images');
  }
  [preconditions, celPreconditions].forEach((part) => part.noteUnless(undefined, 'narrows what the rule is about; the document is about every Pod there.'));
  const fields = entry.fields([
    'imageReferences', 'skipImageReferences', 'type', 'failureAction', 'attestors', 'attestations', 'mutateDigest', 'verifyDigest', 'required', 'repository',
    'imageRegistryCredentials', 'validate',
  ], ['useCache', 'cosignOCI11']);
  if (!['Cosign', 'SigstoreBundle', undefined].includes(fields.type.text())) {
    throw fields.type.leftOut('is no signature of Sigstore');
  }
  refuseOther(fields.repository, ELSEWHERE);
  refuseOther(fields.validate, CONDITIONS);
  const mode = fields.failureAction.absent ? action : fields.failureAction;
  if ((mode.text() ?? 'Audit').toLowerCase() !== 'enforce') {
    mode.note(AUDIT);
  }
  fields.skipImageReferences.noteUnless(undefined, 'Some images are not verified there; the document is about all that it names. What must run without proof is an ImageExemption, by digest.');
  fields.required.noteUnless(true, 'Images without proof may run there; the document demands it.');
  fields.imageRegistryCredentials.noteUnless(undefined, 'Credentials are not read from policies: give them to the verifier (docs/registries.md).');
  const tags = tagRule(fields);
  const images = imagePatterns(fields.imageReferences, 'kyverno');
  const demands = [...fields.attestors.items().map(setOf), ...fields.attestations.items().flatMap(attestationOf)];
  if (demands.length === 0) {
    throw entry.leftOut('names nobody who has to vouch for the images');
  }
  const namespaces = kyvernoScope(match, exclude);
  return { images, demands, ...namespaces && { namespaces }, ...tags && { tags } };
}

/** Both are true by default; with the first the Pod is pinned as it is here. */
export function tagRule({ mutateDigest, verifyDigest }: { readonly mutateDigest: Part; readonly verifyDigest: Part }): TagRule | undefined {
  if (mutateDigest.value !== false) {
    return undefined;
  }
  verifyDigest.noteUnless(true, 'Tags may run there as they are; here a Pod is pinned to the digest that was verified.');
  return verifyDigest.value === false ? undefined : 'deny';
}

const CONDITIONS = 'are conditions in another language: write them in CEL over predicate, or as checks (docs/requirements.md)';

const ELSEWHERE = 'has the signatures in another repository; the verifier looks beside the image only';

function attestationOf(part: Part): Demand[] {
  const fields = part.fields(['type', 'predicateType', 'attestors', 'conditions'], ['name']);
  if (!fields.conditions.absent) {
    throw fields.conditions.leftOut(CONDITIONS);
  }
  const type = fields.type.absent ? fields.predicateType.text() : fields.type.text();
  if (type === undefined) {
    throw part.leftOut('names no predicate type');
  }
  const sets = fields.attestors.items();
  if (sets.length === 0) {
    throw part.leftOut('names nobody who has to sign it, so that anybody could');
  }
  return sets.map((set) => ({ ...setOf(set), predicateType: predicateType(type) }));
}

/** `AttestorSet`: as many of the entries as `count` says, else all. */
function setOf(set: Part): Demand {
  const { count, entries } = set.fields(['count', 'entries']);
  const items = entries.items();
  if (!count.absent && !(Number.isSafeInteger(count.value) && Number(count.value) >= 0)) {
    throw count.leftOut('is no number');
  }
  let annotations: { readonly [name: string]: string } | undefined;
  const { kept, missed } = Part.alternatives(items, (entry) => {
    const read = voterOf(entry);
    if (read.annotations !== undefined && items.length > 1) {
      throw entry.at('annotations').leftOut('belong to one of several who can vouch; a document demands annotations of all: write the requirement by hand');
    }
    annotations = read.annotations;
    return read.voters;
  });
  const wanted = Number(count.value ?? 0) === 0 ? kept.length + missed : Number(count.value);
  if (kept.length < wanted || kept.length === 0) {
    throw entries.leftOut(`cannot be carried over: ${wanted} of them have to vouch, and ${kept.length} can be written in a document`);
  }
  return { voters: kept, threshold: wanted, ...annotations && { annotations } };
}

function voterOf(entry: Part): { readonly voters: readonly Voter[]; readonly annotations?: { readonly [name: string]: string } } {
  const { keys, keyless, annotations, repository, certificates, attestor } = entry.fields(['keys', 'keyless', 'certificates', 'attestor', 'annotations', 'repository']);
  refuseOther(certificates, 'is a certificate: write a certificate attestor by hand, with its authority and the exact subject');
  refuseOther(attestor, 'are attestors within attestors: write the requirement by hand');
  refuseOther(repository, ELSEWHERE);
  if (keys.absent === keyless.absent) {
    throw entry.leftOut('names neither a key nor an identity, or both');
  }
  const voters = keys.absent ? [keylessOf(keyless)] : keysOf(keys);
  const names = Object.keys(isPlainObject(annotations.value) ? annotations.value : {});
  return names.length === 0 ? { voters } : { voters, annotations: Object.fromEntries(names.map((name) => [name, annotations.at(name).text() ?? ''])) };
}

function keysOf(keys: Part): readonly Voter[] {
  const { publicKeys, signatureAlgorithm, rekor, ctlog, secret, kms } = keys.fields(['publicKeys', 'signatureAlgorithm', 'rekor', 'ctlog', 'secret', 'kms']);
  [secret, kms].forEach((part) => refuseOther(part, 'is a key that lies elsewhere: write the public key itself (cosign public-key)'));
  if (![undefined, 'sha256'].includes(signatureAlgorithm.text())) {
    throw signatureAlgorithm.leftOut('is another algorithm than sha256');
  }
  [rekor, ctlog].forEach((log) => readLog(log, 'key'));
  return keyVoters(publicKeys);
}

function keylessOf(keyless: Part): Voter {
  const others = keyless.fields(['rekor', 'ctlog', 'roots', 'additionalExtensions'], ['issuer', 'subject', 'issuerRegExp', 'subjectRegExp']);
  refuseOther(others.roots, 'is an authority of your own: write the attestor by hand, with a trustRoot of its own');
  refuseOther(others.additionalExtensions, 'are claims of the certificate: write the attestor by hand, with certificate (docs/documents.md)');
  [others.rekor, others.ctlog].forEach((log) => readLog(log, 'keyless'));
  return keylessVoter(keyless, undefined, Object.keys(others));
}

/** @throws LeftOut, where there is any */
export function refuseOther(part: Part, why: string): void {
  if (!part.absent && part.value !== '') {
    throw part.leftOut(why);
  }
}
