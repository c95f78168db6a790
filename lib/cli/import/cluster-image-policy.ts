import { refuseOther } from './cluster-policy';
import { Demand } from './compose';
import { imagePatterns } from './image-patterns';
import { attempt, Imported } from './imported';
import { Part } from './part';
import { predicateType } from './predicate-types';
import { keylessVoter, keyVoters, NO_LOG, readLog, Voter } from './voters';

/** Namespaces are judged there when they carry this label. */
const INCLUDED = { 'policy.sigstore.dev/include': 'true' };

/**
 * `ClusterImagePolicy` of policy-controller: one document, since one of its authorities is enough.
 *
 * Source: policy-controller, `pkg/apis/policy/v1alpha1/clusterimagepolicy_types.go`.
 */
export function importClusterImagePolicy(value: unknown): readonly Imported[] {
  return [attempt((notes) => {
    const root = new Part(value, '', notes);
    const { images, authorities, mode, match, policy } = root.at('spec').fields(['images', 'authorities', 'mode', 'match', 'policy']);
    refuseOther(policy, 'is a program in CUE or Rego: write it as checks, or as conditions in CEL (docs/requirements.md)');
    mode.noteUnless('enforce', 'Warnings are not carried over, since here they need a reason, an owner and an end: the document denies. Add action: { type: Audit, reason, owner, until } while you migrate.');
    match.noteUnless(undefined, 'narrows what the policy is about; the document is about every Pod, and every workload that makes one.');
    return {
      name: root.at('metadata').at('name').text() ?? 'policy',
      images: imagePatterns(images, 'policy-controller', (image) => image.fields(['glob']).glob),
      namespaces: { labels: INCLUDED },
      demands: demandsOf(authorities),
    };
  })];
}

interface Authority {
  readonly voters: readonly Voter[];
  /** Of one and the same authority, all of them; none is a signature. */
  readonly predicateTypes: readonly string[];
}

function demandsOf(authorities: Part): Demand[] {
  const { kept } = Part.alternatives(authorities.items(), (part) => [authorityOf(part)]);
  const [first, ...others] = kept;
  if (first === undefined) {
    throw authorities.leftOut('cannot be carried over: none of them can be written in a document');
  }
  const types = first.predicateTypes;
  const alike = others.every(({ predicateTypes }) => predicateTypes.length === types.length && predicateTypes.every((type, index) => type === types[index]));
  if (!alike || (others.length > 0 && types.length > 1)) {
    throw authorities.leftOut('are alternatives of different demands, and a document has one for all who can vouch: write one document, with what you mean');
  }
  const voters = kept.flatMap((authority) => authority.voters);
  return types.length === 0 ? [{ voters, threshold: 1 }] : types.map((type) => ({ voters, threshold: 1, predicateType: type }));
}

function authorityOf(part: Part): Authority {
  const { key, keyless, ctlog, attestations, ...others } = part.fields(
    ['key', 'keyless', 'static', 'source', 'ctlog', 'rfc3161timestamp', 'attestations'], ['name', 'signatureFormat'],
  );
  refuseOther(others.static, 'decides without any proof: leave such images to an ImageExemption by digest, or to nobody');
  refuseOther(others.rfc3161timestamp, 'is an authority for timestamps: write the attestor by hand, with a trustRoot of its own');
  for (const source of others.source.items()) {
    refuseOther(source.at('oci'), 'has the signatures in another repository; the verifier looks beside the image only');
    refuseOther(source.at('tag'), 'has the signatures at another tag');
    source.fields(['oci', 'tag', 'signaturePullSecrets']).signaturePullSecrets.noteUnless(undefined, 'Credentials are not read from policies: give them to the verifier (docs/registries.md).');
  }
  if (key.absent === keyless.absent) {
    throw part.leftOut('names neither a key nor an identity, or both');
  }
  const name = part.at('name').text();
  const voters = key.absent ? identitiesOf(keyless, name) : keyOf(key, name);
  readLog(ctlog, key.absent ? 'keyless' : 'key');
  if (ctlog.absent && keyless.absent) {
    ctlog.note(NO_LOG);
  }
  return { voters, predicateTypes: attestations.items().map(attestationOf) };
}

function attestationOf(part: Part): string {
  const { predicateType: type, policy } = part.fields(['predicateType', 'policy'], ['name']);
  refuseOther(policy, 'is a program in CUE or Rego: write it as checks, or as conditions in CEL (docs/requirements.md)');
  return predicateType(type.text() ?? '');
}

function identitiesOf(keyless: Part, name: string | undefined): readonly Voter[] {
  const { url, identities, insecureIgnoreSCT, ...own } = keyless.fields(['url', 'identities', 'insecureIgnoreSCT', 'ca-cert', 'trustRootRef']);
  Object.values(own).forEach((part) => refuseOther(part, 'is an authority of your own: write the attestor by hand, with a trustRoot of its own'));
  if (!['', 'https://fulcio.sigstore.dev'].includes((url.text() ?? '').replace(/\/+$/, ''))) {
    throw url.leftOut('is another authority than https://fulcio.sigstore.dev: write the attestor by hand, with a trustRoot of its own');
  }
  insecureIgnoreSCT.noteUnless(false, 'The document demands the certificate\'s proof of its own logging (SCT).');
  const { kept } = Part.alternatives(identities.items(), (identity) => [keylessVoter(identity, name)]);
  if (kept.length === 0) {
    throw identities.leftOut('names nobody exactly, so that it could be anybody');
  }
  return kept;
}

function keyOf(key: Part, name: string | undefined): readonly Voter[] {
  const { data, hashAlgorithm, ...elsewhere } = key.fields(['data', 'hashAlgorithm', 'secretRef', 'kms']);
  Object.values(elsewhere).forEach((part) => refuseOther(part, 'is a key that lies elsewhere: write the public key itself (cosign public-key)'));
  if (!['', 'sha256'].includes(hashAlgorithm.text() ?? '')) {
    throw hashAlgorithm.leftOut('is another algorithm than sha256');
  }
  return keyVoters(data, name);
}
