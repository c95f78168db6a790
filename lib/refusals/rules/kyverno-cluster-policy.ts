import { Fields, fieldsOf, list, texts } from '../fields';
import { weakIdentity } from '../identity';
import { verifyImagesRules } from '../kyverno-policies';
import { Found } from '../requests';
import { Rule } from '../rule';
import { show } from '../show';

export const kyvernoClusterPolicy: Rule = {
  code: 'KYVERNO_CLUSTER_POLICY',
  title: 'A verifyImages rule of a Kyverno ClusterPolicy',
  why: 'The kind is gone in Kyverno 1.20, with all that it enforced. Until then: with Audit, which is what counts where nothing is said, or Ignore it refuses nothing, what none of its globs matches runs, half an identity is met by anybody, and image volumes are not looked at.',
  remedy: 'Write an ImageValidatingPolicy (policies.kyverno.io/v1), or synthesize one with KyvernoEngine.',
  check: ({ objects }) => objects.flatMap((object) => {
    const rules = verifyImagesRules(object);
    const spec = fieldsOf(object.content.spec);
    return rules.length === 0 ? [] : [...ofPolicy(spec), ...rules.flatMap(({ path, rule }) => [
      { path: `${path}.verifyImages`, message: 'Kyverno 1.20 does not know it any more: nothing is then verified.' },
      ...ofRule(path, rule),
      ...list(rule.verifyImages).flatMap((entry, index) => ofEntry(`${path}.verifyImages[${index}]`, fieldsOf(entry), spec.validationFailureAction)),
    ])].map((found) => ({ object: object.id, ...found }));
  }),
};

function ofPolicy({ validationFailureAction, validationFailureActionOverrides, failurePolicy, webhookConfiguration, admission }: Fields): Found[] {
  const { failurePolicy: nested, matchConditions } = fieldsOf(webhookConfiguration);
  return [
    ...validationFailureAction === undefined || isEnforcing(validationFailureAction) ? [] : [{ path: 'spec.validationFailureAction', message: `It is ${show(validationFailureAction)}: a violation is noted, and the image runs.` }],
    ...list(validationFailureActionOverrides).map(fieldsOf).some(({ action }) => !isEnforcing(action)) ? [{ path: 'spec.validationFailureActionOverrides', message: 'Some namespaces have an action of their own: a violation there is noted, and the image runs.' }] : [],
    ...[['spec.failurePolicy', failurePolicy], ['spec.webhookConfiguration.failurePolicy', nested]].filter(([, value]) => value !== undefined && value !== 'Fail')
      .map(([path, value]) => ({ path: String(path), message: `It is ${show(value)}: when Kyverno does not answer, the image runs.` })),
    ...list(matchConditions).length === 0 ? [] : [{ path: 'spec.webhookConfiguration.matchConditions', message: 'Kyverno is not asked about what they leave out.' }],
    ...admission === false ? [{ path: 'spec.admission', message: 'It is not evaluated when a Pod is created.' }] : [],
  ];
}

/** What is excluded by who asks, or by what an object says of itself; whole namespaces and kinds are no trap. */
function ofRule(path: string, { match, exclude, preconditions, celPreconditions }: Fields): Found[] {
  const blocks = (part: unknown): Fields[] => [fieldsOf(part), ...list(fieldsOf(part).any).map(fieldsOf), ...list(fieldsOf(part).all).map(fieldsOf)];
  const isChosen = (block: Fields): boolean => ['subjects', 'roles', 'clusterRoles'].some((who) => list(block[who]).length > 0)
    || ['selector', 'annotations', 'namespaceSelector', 'name', 'names'].some((what) => fieldsOf(block.resources)[what] !== undefined);
  return [
    ...([['match', match], ['exclude', exclude]] as const).filter(([, part]) => blocks(part).some(isChosen))
      .map(([field]) => ({ path: `${path}.${field}`, message: 'It selects by who asks, by a name, or by labels and annotations that whoever creates the object or edits the namespace can write.' })),
    ...([['preconditions', preconditions], ['celPreconditions', celPreconditions]] as const).filter(([, part]) => part !== undefined)
      .map(([field]) => ({ path: `${path}.${field}`, message: 'Where they do not hold, nothing is verified.' })),
  ];
}

function ofEntry(path: string, entry: Fields, action: unknown): Found[] {
  const attestors = list(entry.attestors).map(fieldsOf);
  const attestations = list(entry.attestations).map(fieldsOf);
  const entries = [...attestors, ...attestations.flatMap((attestation) => list(attestation.attestors).map(fieldsOf))].flatMap((set) => list(set.entries)).map(fieldsOf);
  const keyless = entries.map((one) => fieldsOf(one.keyless)).filter((one) => Object.keys(one).length > 0);
  // Deprecated fields in which the entry itself was the attestor.
  const isAttestor = ['key', 'issuer', 'subject', 'roots'].some((field) => entry[field] !== undefined && entry[field] !== '');
  const isUnlogged = entries.flatMap(({ keys, keyless: identity }) => [fieldsOf(keys), fieldsOf(identity)])
    .some(({ rekor, ctlog }) => fieldsOf(rekor).ignoreTlog === true || fieldsOf(ctlog).ignoreSCT === true);
  return [
    ...isEnforcing(entry.failureAction ?? action ?? 'Audit') || (entry.failureAction === undefined && action !== undefined) ? [] : [{
      path: `${path}.failureAction`, message: `It is ${entry.failureAction === undefined ? 'absent, here and in spec.validationFailureAction, which means Audit' : show(entry.failureAction)}: a violation is noted, and the image runs.`,
    }],
    ...entry.required === false ? [{ path: `${path}.required`, message: 'An image that was not verified runs.' }] : [],
    ...entry.mutateDigest === false && entry.verifyDigest === false ? [{ path, message: 'A tag is enough: what was verified can be another image than the one that runs.' }] : [],
    ...attestors.length === 0 && attestations.length === 0 && !isAttestor ? [{ path: `${path}.attestors`, message: 'It names nobody whose word is asked for.' }] : [],
    ...attestors.length === 0 && !isAttestor ? attestations.flatMap((attestation, index) => (list(attestation.attestors).length > 0 ? [] : [{ path: `${path}.attestations[${index}].attestors`, message: 'It names nobody who has to sign it: anybody can.' }])) : [],
    ...keyless.some((identity) => weakIdentity(identity).length > 0 || [identity.issuer, identity.subject].some((part) => typeof part === 'string' && part.includes('*'))) ? [{
      path: `${path}.attestors`, message: 'An identity is half, or has a wildcard, or an expression that is not anchored: others than those it means can meet it.',
    }] : [],
    ...isUnlogged ? [{ path: `${path}.attestors`, message: 'Nobody else has to have seen a signature or its certificate (ignoreTlog, ignoreSCT): a key that leaked signs without a trace.' }] : [],
    ...texts(entry.imageReferences).flatMap((glob, index) => (isLookAlike(glob) ? [{ path: `${path}.imageReferences[${index}]`, message: `${show(glob)} is met by look-alikes: "*" stands for the rest of a name, and crosses slashes.` }] : [])),
    ...list(entry.skipImageReferences).length > 0 ? [{ path: `${path}.skipImageReferences`, message: 'Images that a glob matches are not verified.' }] : [],
  ];
}

/** A star that goes on where a host or a name has begun, before the tag. */
function isLookAlike(glob: string): boolean {
  const place = glob.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  return /[A-Za-z0-9._-]\*/.test(place);
}

function isEnforcing(action: unknown): boolean {
  return typeof action === 'string' && action.toLowerCase() === 'enforce';
}
