import { AdmissionPolicySpec, guardSpec } from '../../lib/kubernetes/guard';
import { WORKLOADS } from '../../lib/kubernetes/workloads';
import { Asked, denials } from './admission-policy';

const IMAGE = `ghcr.io/proofgate/verifier@sha256:${'c3'.repeat(32)}`;
const OLD_IMAGE = `ghcr.io/proofgate/verifier@sha256:${'0d'.repeat(32)}`;
const guard = guardSpec({ namespace: 'gate', name: 'door', image: IMAGE, operatorGroups: ['admins'] });

const OPERATOR = { username: 'ada', groups: ['system:authenticated', 'admins'] };
const STRANGER = { username: 'eve', groups: ['system:authenticated'] };
const CONTROLLER = { username: 'system:serviceaccount:kube-system:replicaset-controller', groups: ['system:serviceaccounts'] };

const FOREIGN = 'Only ghcr.io';
const NO_OPERATOR = 'Only operators';

/** A Pod with this specification that a controller brings, where nothing else is said. */
function asked(spec: object, changes: Partial<Asked> = {}): Asked {
  return { operation: 'CREATE', object: { kind: 'Pod', metadata: { name: 'door-1' }, spec }, userInfo: CONTROLLER, rights: [], ...changes };
}

function deployment(image: string, name = 'door'): object {
  return { kind: 'Deployment', metadata: { name }, spec: { template: { spec: pod(image) } } };
}

function pod(image: unknown): object {
  return { containers: [{ name: 'verifier', image }] };
}

/** How a request is answered: with the beginnings of the messages, none where it is admitted. */
function answer(request: Asked, spec: AdmissionPolicySpec = guard): string[] {
  return denials(spec, request).map((message) => [FOREIGN, NO_OPERATOR].find((known) => message.startsWith(known)) ?? message);
}

test('P12: every position of every workload kind is looked at, and the verifier\'s own image may stand there', () => {
  const positions: ReadonlyArray<(image: string) => object> = [
    (image) => pod(image),
    (image) => ({ ...pod(IMAGE), initContainers: [{ name: 'i', image }] }),
    (image) => ({ ...pod(IMAGE), ephemeralContainers: [{ name: 'e', image }] }),
    (image) => ({ ...pod(IMAGE), volumes: [{ name: 'empty', emptyDir: {} }, { name: 'v', image: { reference: image } }] }),
    (image) => ({ containers: [{ name: 'verifier', image: IMAGE }, { name: 'other', image }] }),
  ];
  for (const { kind, podSpecPath } of WORKLOADS) {
    for (const position of positions) {
      const holding = (image: string): object => ({ kind, metadata: { name: 'x' }, ...podSpecPath.reduceRight<object>((inner, field) => ({ [field]: inner }), position(image)) });
      expect([kind, answer(asked({}, { object: holding(IMAGE) })), answer(asked({}, { object: holding(OLD_IMAGE) }))]).toEqual([kind, [], [FOREIGN]]);
    }
  }
});

test.each<[string, object]>([
  ['no image at all', {}],
  ['no container', { containers: [] }],
  ['a container without image beside the verifier', { containers: [{ name: 'verifier', image: IMAGE }, { name: 'other' }] }],
  ['an image volume without reference beside the verifier', { ...pod(IMAGE), volumes: [{ name: 'v', image: {} }] }],
  ['the verifier\'s image by tag', pod(IMAGE.replace(/@.*/, ':v1'))],
  ['another digest', pod(OLD_IMAGE)],
  ['an image that begins like the verifier\'s', pod(`${IMAGE}0`)],
])('%s is refused, the verifier\'s image by digest is not', (_, spec) => {
  expect(answer(asked(spec))).toEqual([FOREIGN]);
  expect(answer(asked(pod(IMAGE)))).toEqual([]);
});

test('a kind that holds no Pod specification has no images and is refused', () => {
  expect(answer(asked({}, { object: { kind: 'Rollout', metadata: { name: 'x' }, spec: { template: { spec: pod(IMAGE) } } } }))).toEqual([FOREIGN]);
});

test.each<[string, Partial<Asked>]>([
  ['a member of an operator group', { userInfo: OPERATOR }],
  ['whoever may update webhook configurations', { userInfo: STRANGER, rights: ['update admissionregistration.k8s.io/validatingwebhookconfigurations'] }],
  ['the controller of ReplicaSets', { userInfo: CONTROLLER }],
  ['the controller of Deployments', { userInfo: { username: 'system:serviceaccount:kube-system:deployment-controller' } }],
  ['the controller manager', { userInfo: { username: 'system:kube-controller-manager' } }],
])('%s may bring the verifier\'s image', (_, who) => {
  expect(answer(asked(pod(IMAGE), who))).toEqual([]);
});

test.each<[string, Partial<Asked>]>([
  ['a stranger', { userInfo: STRANGER }],
  ['somebody without groups', { userInfo: { username: 'eve' } }],
  ['whoever may only read webhook configurations', { userInfo: STRANGER, rights: ['get admissionregistration.k8s.io/validatingwebhookconfigurations'] }],
  ['whoever may update other webhook configurations', { userInfo: STRANGER, rights: ['update admissionregistration.k8s.io/mutatingwebhookconfigurations'] }],
  ['a user who is called like a group', { userInfo: { username: 'admins', groups: ['system:authenticated'] } }],
  ['the controller of Jobs', { userInfo: { username: 'system:serviceaccount:kube-system:job-controller' } }],
  ['an account of that name elsewhere', { userInfo: { username: 'system:serviceaccount:default:replicaset-controller' } }],
])('%s may not, although it is the verifier\'s image', (_, who) => {
  expect(answer(asked(pod(IMAGE), who))).toEqual([NO_OPERATOR]);
});

test('an operator may give the verifier\'s Deployment another image, and nothing else', () => {
  const upgrade = { userInfo: OPERATOR, operation: 'UPDATE', oldObject: deployment(OLD_IMAGE) } as const;
  expect(answer(asked({}, { ...upgrade, object: deployment('ghcr.io/proofgate/verifier:next') }))).toEqual([]);
  expect(answer(asked({}, { ...upgrade, object: deployment('ghcr.io/proofgate/verifier:next', 'other') }))).toEqual([FOREIGN]);
  expect(answer(asked({}, { ...upgrade, object: deployment('ghcr.io/proofgate/verifier:next'), userInfo: STRANGER }))).toEqual([FOREIGN, NO_OPERATOR]);
  expect(answer(asked({}, { ...upgrade, object: deployment('ghcr.io/proofgate/verifier:next'), userInfo: CONTROLLER }))).toEqual([FOREIGN]);
  expect(answer(asked({}, { ...upgrade, object: { ...deployment('ghcr.io/proofgate/verifier:next'), kind: 'StatefulSet' } }))).toEqual([FOREIGN]);
});

test('an update that leaves the Pod specification as it is passes, whoever makes it; one that changes it in any field does not', () => {
  const update = (spec: object): Asked => asked({}, {
    operation: 'UPDATE',
    userInfo: STRANGER,
    object: { kind: 'ReplicaSet', metadata: { name: 'old' }, spec: { replicas: 0, template: { spec } } },
    oldObject: { kind: 'ReplicaSet', metadata: { name: 'old' }, spec: { replicas: 3, template: { spec: pod(OLD_IMAGE) } } },
  });
  expect(answer(update(pod(OLD_IMAGE)))).toEqual([]);
  expect(answer(update({ ...pod(OLD_IMAGE), hostNetwork: true }))).toEqual([FOREIGN, NO_OPERATOR]);
  expect(answer(update(pod(IMAGE)))).toEqual([NO_OPERATOR]);
});

test('a creation is never unchanged, not even where there is nothing to change', () => {
  expect(answer(asked({}, { userInfo: STRANGER }))).toEqual([FOREIGN, NO_OPERATOR]);
});

test('the message names what may run, and what was found', () => {
  expect(denials(guard, asked({ containers: [{ name: 'a', image: 'nginx' }, { name: 'b', image: 'busybox' }] }))).toEqual([
    `Only ${IMAGE} may run in this namespace, which the image verifier cannot guard itself; found: nginx, busybox. Use another namespace.`,
  ]);
});

test('it is asked about the verifier\'s namespace alone, about older versions of a kind, too, and fails closed', () => {
  const { failurePolicy, matchConstraints: { matchPolicy, namespaceSelector } } = guard;
  expect({ failurePolicy, matchPolicy, namespaceSelector }).toEqual({
    failurePolicy: 'Fail', matchPolicy: 'Equivalent', namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gate' } },
  });
});

test('names and groups are texts, whatever they hold', () => {
  const odd = guardSpec({ namespace: 'gate', name: 'do\'or', image: `${IMAGE}\\' || true || '`, operatorGroups: ['ad\'mins', 'a"b', '\u202e', '\u{1f600}'] });
  expect(answer(asked(pod(IMAGE)), odd)).not.toEqual([]);
  for (const group of ['ad\'mins', 'a"b', '\u202e', '\u{1f600}']) {
    expect(answer(asked(pod(`${IMAGE}\\' || true || '`), { userInfo: { username: 'ada', groups: [group] } }), odd)).toEqual([]);
  }
});
