import { Action, ImageExemption, ImagePolicy, NamespaceSelection, PolicyDocument } from '../../lib/policy/document';
import { EngineId } from '../../lib/refusals';
import { dividedDocuments } from '../../lib/refusals/divided-namespaces';

const DIGEST = `sha256:${'a1'.repeat(32)}`;
const TRIAL: Action = { type: 'Audit', reason: 'first look', owner: 'platform', until: '2026-06-01' };

function policy(namespaces?: NamespaceSelection, images: string[] = ['reg.test/app'], action?: Action): ImagePolicy {
  return {
    apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'ours' },
    spec: { images, attestors: {}, requirements: [], ...namespaces === undefined ? {} : { namespaces }, ...action === undefined ? {} : { action } },
  };
}

function exemption(namespaces?: NamespaceSelection, image = 'reg.test/agent', digest = DIGEST): ImageExemption {
  return {
    apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'agent' },
    spec: { image, digests: [digest], reason: 'r', owner: 'o', until: '2026-06-01', ...namespaces === undefined ? {} : { namespaces } },
  };
}

const DENY_LIST: PolicyDocument = { apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'leaked' }, spec: { reason: 'r', owner: 'o', digests: [DIGEST] } };

/** The images of the first that the other engine refuses. */
function found(documents: readonly PolicyDocument[], others: readonly PolicyDocument[], engine: EngineId = 'kyverno'): string[] {
  const located = (all: readonly PolicyDocument[]): Array<{ document: PolicyDocument }> => all.map((document) => ({ document }));
  return dividedDocuments({ engine: 'webhook', title: 'this', documents: located(documents) }, [{ engine, title: 'the other', documents: located(others) }]).map(({ message }) => message);
}

const names = (...all: string[]): NamespaceSelection => ({ names: all });
const except = (...all: string[]): NamespaceSelection => ({ except: all });
const labels = (all: { [label: string]: string }): NamespaceSelection => ({ labels: all });
const OTHER = ['reg.test/other'];

test('the document, its image, and what refuses it are named', () => {
  expect(found([policy()], [policy(names('shop'), OTHER)])).toEqual([
    'It lets reg.test/app run in shop, where the ImagePolicy ours of the other holds as well, which does not: no document there names it.',
  ]);
  expect(found([policy(labels({ team: 'a' }))], [policy(except('bank'), OTHER)])).toEqual([
    'It lets reg.test/app run where the ImagePolicy ours of the other holds as well, which does not: no document there names it.',
  ]);
});

test.each<[what: string, one: NamespaceSelection | undefined, other: NamespaceSelection | undefined, apart: NamespaceSelection]>([
  ['two that leave nothing out', undefined, undefined, names('kube-system')],
  ['a name that both say', names('bank', 'shop'), names('shop', 'lab'), names('lab')],
  ['a name that the other does not leave out', names('shop'), except('bank'), except('shop')],
  ['a name that is not left out', except('bank'), names('shop'), names('bank')],
  ['the same labels', labels({ team: 'a' }), labels({ team: 'a' }), labels({ team: 'b' })],
  ['labels and more of them', labels({ team: 'a' }), labels({ team: 'a', tier: 'b' }), labels({ tier: 'b' })],
  ['fewer labels', labels({ team: 'a', tier: 'b' }), labels({ team: 'a' }), labels({ team: 'b' })],
  ['labels, and all namespaces but some', labels({ team: 'a' }), except('bank'), names('bank')],
  ['the label that is the name', labels({ 'kubernetes.io/metadata.name': 'shop' }), except('bank'), except('shop')],
  ['the label that is the name, on both sides', labels({ 'kubernetes.io/metadata.name': 'shop' }), names('shop'), labels({ 'kubernetes.io/metadata.name': 'shop', 'team': 'a' })],
])('namespaces are shared by %s', (_what, one, other, apart) => {
  expect(found([policy(one)], [policy(other, OTHER)])).toHaveLength(1);
  expect(found([policy(one)], [policy(apart, OTHER)])).toEqual([]);
});

test.each<[what: string, refused: readonly [PolicyDocument[], PolicyDocument[], EngineId?], runs: readonly [PolicyDocument[], PolicyDocument[], EngineId?]]>([
  ['another image', [[policy()], [policy(undefined, OTHER)]], [[policy()], [policy()]]],
  ['one image more', [[policy(undefined, ['reg.test/app', ...OTHER])], [policy()]], [[policy(undefined, ['reg.test/app', ...OTHER])], [policy(), policy(undefined, OTHER)]]],
  ['an image that the other names in some of the namespaces', [[policy(names('shop', 'bank'))], [policy(names('shop')), policy(names('bank'), OTHER)]], [[policy(names('shop', 'bank'))], [policy(names('shop')), policy(names('bank'))]]],
  ['an image that the other names in some of all namespaces', [[policy()], [policy(undefined, OTHER), policy(names('shop'))]], [[policy(names('shop'))], [policy(undefined, OTHER), policy(names('shop'))]]],
  ['an image that the other does not name in one of all namespaces', [[policy()], [policy(undefined, OTHER), policy(except('kube-system', 'lab'))]], [[policy(except('kube-system', 'lab'))], [policy(undefined, OTHER), policy(except('kube-system', 'lab'))]]],
  ['an image that the other names by labels alone', [[policy()], [policy(undefined, OTHER), policy(labels({ team: 'a' }))]], [[policy(names('shop'))], [policy(undefined, OTHER), policy(labels({ team: 'a' }))]]],
  ['an image where the labels that the other wants are not all', [[policy(labels({ team: 'a' }))], [policy(labels({ team: 'a' }), OTHER), policy(labels({ team: 'a', tier: 'b' }))]], [[policy(labels({ team: 'a' }))], [policy(labels({ team: 'a' }), OTHER), policy(except('bank'))]]],
  ['an image that the other names elsewhere', [[policy(names('shop'))], [policy(names('shop'), OTHER), policy(names('bank'))]], [[policy(names('shop'))], [policy(names('shop'), OTHER), policy(names('shop'))]]],
  ['more than the other names', [[policy(undefined, ['reg.test/**'])], [policy(undefined, ['reg.test/app', 'reg.test/*'])]], [[policy(undefined, ['reg.test/app', 'reg.test/*'])], [policy(undefined, ['reg.test/**'])]]],
  ['an exempted digest of what the other names as a whole', [[exemption()], [policy(undefined, ['reg.test/*'])]], [[exemption()], [policy(undefined, ['reg.test/*']), exemption()]]],
  ['an exempted digest', [[policy(), exemption()], [policy()]], [[policy(), exemption()], [policy(), exemption()]]],
  ['another digest', [[exemption()], [exemption(undefined, 'reg.test/agent', DIGEST.replace('a1', 'b2'))], 'native'], [[exemption()], [exemption()], 'native']],
  ['beside an allow-list of the API server', [[policy()], [exemption()], 'native'], [[policy()], [DENY_LIST], 'native']],
  ['beside exemptions that only the API server makes an allow-list of', [[policy()], [exemption()], 'native'], [[policy()], [exemption()], 'webhook']],
  ['while both enforce', [[policy()], [policy(undefined, OTHER)]], [[policy()], [policy(undefined, OTHER, TRIAL)]]],
  ['that is not only tried', [[policy()], [policy(undefined, OTHER)]], [[policy(undefined, ['reg.test/app'], TRIAL)], [policy(undefined, OTHER)]]],
  ['that is not tried beside', [[policy()], [policy(undefined, OTHER)]], [[policy()], [policy(undefined, OTHER), policy(undefined, ['reg.test/app'], TRIAL)]]],
])('what is refused is %s', (_what, refused, runs) => {
  expect(found(...refused)).toHaveLength(1);
  expect(found(...runs)).toEqual([]);
});
