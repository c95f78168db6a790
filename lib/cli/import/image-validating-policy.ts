import { NamespaceSelection } from '../../policy/document';
import { refuseOther, tagRule } from './cluster-policy';
import { Demand } from './compose';
import { imagePatterns } from './image-patterns';
import { attempt, Imported } from './imported';
import { noteUnnamed, selectedNamespaces } from './kyverno-scope';
import { Part } from './part';
import { predicateType } from './predicate-types';
import { keylessVoter, keyVoters, readLog, Voter } from './voters';

/**
 * `ImageValidatingPolicy` of `policies.kyverno.io`: one document, whose requirements are the calls that its validations make.
 *
 * Source: Kyverno, `api/policies.kyverno.io/v1`, `image_validating_policy.go`.
 */
export function importImageValidatingPolicy(value: unknown): readonly Imported[] {
  return [attempt((notes) => {
    const root = new Part(value, '', notes);
    const fields = root.at('spec').fields([
      'validationActions', 'matchConstraints', 'matchConditions', 'matchImageReferences', 'attestors', 'attestations', 'validations', 'validationConfigurations',
      'failurePolicy', 'credentials', 'variables', 'evaluation', 'autogen',
    ], ['images', 'webhookConfiguration', 'auditAnnotations']);
    const actions = fields.validationActions.texts();
    if (actions.length > 0 && !actions.includes('Deny')) {
      fields.validationActions.note('Audit mode is not carried over, since here it needs a reason, an owner and an end: the document denies. Add action: { type: Audit, reason, owner, until } while you migrate.');
    }
    refuseOther(fields.variables, 'are values that validations compute: write the requirements by hand');
    fields.evaluation.fields(['mode', 'admission'], ['background']);
    fields.evaluation.at('admission').at('enabled').noteUnless(true, 'The policy holds for reports only; the document holds when something is admitted.');
    if (![undefined, 'Kubernetes'].includes(fields.evaluation.at('mode').text())) {
      throw fields.evaluation.at('mode').leftOut('is not about what Kubernetes admits');
    }
    fields.failurePolicy.noteUnless('Fail', 'The document is always enforced with Fail.');
    fields.matchConditions.noteUnless(undefined, 'Some requests are not judged there; the verifier is asked about all.');
    fields.credentials.noteUnless(undefined, 'Credentials are not read from policies: give them to the verifier (docs/registries.md).');
    const { required, ...digests } = fields.validationConfigurations.fields(['required', 'mutateDigest', 'verifyDigest']);
    required.noteUnless(true, 'Images without proof may run there; the document demands it.');
    const tags = tagRule(digests);
    const images = imagePatterns(fields.matchImageReferences, 'kyverno', (reference) => {
      refuseOther(reference.at('expression'), 'is an expression about the reference: write the repositories as patterns');
      return reference.fields(['glob', 'expression']).glob;
    });
    const demands = fields.validations.items().map(demandReader(fields.attestors, fields.attestations));
    if (demands.length === 0) {
      throw fields.validations.leftOut('is empty: the policy lists attestors and demands nothing of them');
    }
    fields.validations.note('Each looks at one kind of containers; the document demands it of all images of a Pod: of containers, init containers, ephemeral containers and image volumes.');
    fields.autogen.noteUnless(undefined, 'Some workloads are not looked at there; the document is about every Pod and every workload that makes one.');
    const namespaces = namespacesOf(fields.matchConstraints);
    noteUnnamed(root.at('spec'));
    return { name: root.at('metadata').at('name').text() ?? 'policy', images, demands, ...namespaces && { namespaces }, ...tags && { tags } };
  })];
}

const WIDER = 'narrows what the policy is about; the document is about every Pod, and every workload that makes one.';

/** @throws LeftOut for namespaces that cannot be told by name or label */
function namespacesOf(constraints: Part): NamespaceSelection | undefined {
  const { objectSelector, excludeResourceRules, namespaceSelector, resourceRules } = constraints.fields(['namespaceSelector', 'objectSelector', 'excludeResourceRules', 'resourceRules'], ['matchPolicy']);
  [objectSelector, excludeResourceRules].forEach((part) => part.noteUnless(undefined, WIDER));
  const ofPods = resourceRules.items().filter((rule) => rule.at('resources').texts().some((resource) => ['pods', '*', '*/*'].includes(resource)));
  const operations = ofPods.flatMap((rule) => rule.at('operations').texts());
  const unasked = ['CREATE', 'UPDATE'].filter((operation) => !operations.includes(operation) && !operations.includes('*'));
  if (!resourceRules.absent && unasked.length > 0) {
    resourceRules.note(`does not ask about ${unasked.join(' and ')} of Pods; the document is about whatever makes or changes a Pod, its ephemeral containers or a workload that makes one.`);
  }
  return selectedNamespaces(namespaceSelector);
}

/** `images.KIND.map(image, CALL).all(e, e > 0)` or `images.KIND.all(image, CALL > 0)`, where CALL says how many attestors vouch; spaces do not matter. */
const CALL = String.raw`verify(Image|Attestation)Signatures\(image,(?:attestations\.(\w+),)?\[([\w.,]*)\]\)`;
const KIND = String.raw`^images\.(?:containers|initContainers|ephemeralContainers)`;
const FORMS = [
  new RegExp(String.raw`${KIND}\.map\(image,${CALL}\)\.all\((\w+),\4(>=?)(\d{1,3})\)$`),
  new RegExp(String.raw`${KIND}\.all\(image,(?:${CALL})()(>=?)(\d{1,3})\)$`),
];

/** What a validation demands. @throws LeftOut where it is not exactly one of the forms */
function demandReader(attestors: Part, attestations: Part): (validation: Part) => Demand {
  return (validation) => {
    const { expression } = validation.fields(['expression'], ['message', 'messageExpression', 'reason']);
    const text = (expression.text() ?? '').replace(/\s+/g, '');
    const [, what, attestation, list, , operator, number] = FORMS.map((form) => form.exec(text)).find((match) => match !== null) ?? [];
    if (what === undefined || list === undefined || (what === 'Attestation') !== (attestation !== undefined)) {
      throw expression.leftOut('is another expression than verifyImageSignatures or verifyAttestationSignatures of every image, compared with a number: write the requirement by hand');
    }
    const threshold = Number(number) + (operator === '>' ? 1 : 0);
    if (threshold === 0) {
      throw expression.leftOut('holds for every image, whoever vouches');
    }
    const names = list.split(',').map((name) => /^attestors\.(\w+)$/.exec(name)?.[1]);
    const { kept } = Part.alternatives(names.map((name) => byName(attestors, name, expression)), votersOf);
    if (kept.length < threshold) {
      throw expression.leftOut(`demands ${threshold} of ${names.length} attestors, and ${kept.length} can be written in a document`);
    }
    return { voters: kept, threshold, ...attestation !== undefined && { predicateType: typeOf(byName(attestations, attestation, expression)) } };
  };
}

function byName(list: Part, name: string | undefined, expression: Part): Part {
  const found = list.items().filter((item) => item.at('name').value === name);
  if (name === undefined || found[0] === undefined || found.length > 1) {
    throw expression.leftOut(`names ${name ?? 'what'}, which is not exactly one of ${list.path}`);
  }
  return found[0];
}

function typeOf(attestation: Part): string {
  const { intoto, referrer } = attestation.fields(['intoto', 'referrer'], ['name']);
  refuseOther(referrer, 'is an artifact of any kind beside the image; documents know in-toto statements');
  return predicateType(intoto.fields(['type']).type.text() ?? '');
}

/** One who can vouch: several only if the attestor is a list of keys, of which one would be enough. */
function votersOf(attestor: Part): readonly Voter[] {
  const { cosign, notary } = attestor.fields(['cosign', 'notary'], ['name']);
  refuseOther(notary, 'is no signature of Sigstore');
  const { key, keyless, ctlog, ...others } = cosign.fields(['key', 'keyless', 'ctlog', 'certificate', 'tuf', 'source', 'annotations']);
  refuseOther(others.certificate, 'is a certificate: write a certificate attestor by hand, with its authority and the exact subject');
  refuseOther(others.tuf, 'is a Sigstore of your own: write the attestor by hand, with a trustRoot of its own');
  refuseOther(others.source, 'has the signatures in another repository; the verifier looks beside the image only');
  refuseOther(others.annotations, 'are what signatures must be annotated with: write annotations in the requirement by hand');
  if (key.absent === keyless.absent) {
    throw cosign.leftOut('names neither a key nor an identity, or both');
  }
  const name = attestor.at('name').text();
  readLog(ctlog, key.absent ? 'keyless' : 'key');
  if (key.absent) {
    const { identities, roots } = keyless.fields(['identities', 'roots']);
    refuseOther(roots, 'is an authority of your own: write the attestor by hand, with a trustRoot of its own');
    return [keylessVoter(onlyOne(identities), name)];
  }
  const { data, hashAlgorithm, ...elsewhere } = key.fields(['data', 'hashAlgorithm', 'secretRef', 'kms', 'expression']);
  Object.values(elsewhere).forEach((part) => refuseOther(part, 'is a key that lies elsewhere: write the public key itself (cosign public-key)'));
  if (!['', 'sha256'].includes(hashAlgorithm.text() ?? '')) {
    throw hashAlgorithm.leftOut('is another algorithm than sha256');
  }
  const voters = keyVoters(data, name);
  if (voters.length !== 1) {
    throw data.leftOut('holds several keys: write an attestor for each');
  }
  return voters;
}

/** Several identities of one attestor are one party there, and would be several here. */
function onlyOne(identities: Part): Part {
  const items = identities.items();
  if (items.length !== 1) {
    throw identities.leftOut('is not exactly one identity: write an attestor for each');
  }
  return items[0] as Part;
}
