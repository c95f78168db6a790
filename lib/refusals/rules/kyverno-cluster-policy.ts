import { Fields, fieldsOf, list } from '../fields';
import { Observation, Rule } from '../rule';
import { show } from '../show';

export const kyvernoClusterPolicy: Rule = {
  code: 'KYVERNO_CLUSTER_POLICY',
  title: 'A verifyImages rule of a Kyverno ClusterPolicy',
  why: 'The kind is gone in Kyverno 1.20, with all that it enforced. Until then: with Audit or Ignore it refuses nothing, what none of its globs matches runs, half an identity is met by anybody, and image volumes are not looked at.',
  remedy: 'Write an ImageValidatingPolicy (policies.kyverno.io/v1), or synthesize one with KyvernoEngine.',
  check: ({ objects }) => objects.filter(({ apiVersion, content: { kind } }) => (kind === 'ClusterPolicy' || kind === 'Policy') && apiVersion.startsWith('kyverno.io/')).flatMap(({ id, content }) => {
    const spec = fieldsOf(content.spec);
    const rules = list(spec.rules).map(fieldsOf).map((rule, index) => ({ path: `spec.rules[${index}]`, rule })).filter(({ rule }) => list(rule.verifyImages).length > 0);
    return rules.length === 0 ? [] : [...ofPolicy(spec), ...rules.flatMap(({ path, rule }) => [
      { path: `${path}.verifyImages`, message: 'Kyverno 1.20 does not know it any more: nothing is then verified.' },
      ...list(rule.verifyImages).flatMap((entry, index) => ofEntry(`${path}.verifyImages[${index}]`, fieldsOf(entry))),
    ])].map((found) => ({ object: id, ...found }));
  }),
};

type Found = Array<Omit<Observation, 'object'>>;

function ofPolicy({ validationFailureAction, failurePolicy, webhookConfiguration }: Fields): Found {
  const nested = fieldsOf(webhookConfiguration).failurePolicy;
  return [
    ...validationFailureAction === undefined || isEnforcing(validationFailureAction) ? [] : [{ path: 'spec.validationFailureAction', message: `It is ${show(validationFailureAction)}: a violation is noted, and the image runs.` }],
    ...[['spec.failurePolicy', failurePolicy], ['spec.webhookConfiguration.failurePolicy', nested]].filter(([, value]) => value !== undefined && value !== 'Fail')
      .map(([path, value]) => ({ path: String(path), message: `It is ${show(value)}: when Kyverno does not answer, the image runs.` })),
  ];
}

function ofEntry(path: string, entry: Fields): Found {
  const attestors = list(entry.attestors).map(fieldsOf);
  const keyless = attestors.flatMap(({ entries }) => list(entries)).map((one) => fieldsOf(fieldsOf(one).keyless)).filter((one) => Object.keys(one).length > 0);
  return [
    ...isEnforcing(entry.failureAction ?? 'Enforce') ? [] : [{ path: `${path}.failureAction`, message: `It is ${show(entry.failureAction)}: a violation is noted, and the image runs.` }],
    ...entry.required === false ? [{ path: `${path}.required`, message: 'An image that was not verified runs.' }] : [],
    ...entry.mutateDigest === false || entry.verifyDigest === false ? [{ path, message: 'A tag is enough: what was verified can be another image than the one that runs.' }] : [],
    ...attestors.length === 0 && list(entry.attestations).length === 0 ? [{ path: `${path}.attestors`, message: 'It names nobody whose word is asked for.' }] : [],
    ...keyless.some((identity) => typeof identity.issuer !== 'string' || typeof identity.subject !== 'string' || identity.subject.includes('*')) ? [{
      path: `${path}.attestors`, message: 'An identity is half, or has a wildcard: others than those it means can meet it.',
    }] : [],
  ];
}

function isEnforcing(action: unknown): boolean {
  return typeof action === 'string' && action.toLowerCase() === 'enforce';
}
