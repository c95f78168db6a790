import { Environment } from '@marcbachmann/cel-js';
import { ImagePolicySpec, PolicyDocument } from '../../../lib/policy/document';
import { at, audit, entries, exemption, policy, render, summary } from './rendered';

describe('which namespaces ask the verifier', () => {
  test.each<[string, readonly PolicyDocument[], readonly string[]]>([
    ['all but kube-system and the verifier\'s own, where nothing is said', [policy()], ['validate-all /validate Fail name NotIn kube-system,proofgate']],
    ['all but the verifier\'s own, where nothing is excepted', [policy('a', { namespaces: { except: [] } })], ['validate-all /validate Fail name NotIn proofgate']],
    ['what any policy covers: only what all except is left out', [policy('a', { namespaces: { except: ['x', 'y'] } }), policy('b', { namespaces: { except: ['y', 'z'] } })],
      ['validate-all /validate Fail name NotIn proofgate,y']],
    ['named ones', [policy('a', { namespaces: { names: ['b', 'a'] } }), policy('b', { namespaces: { names: ['a', 'c'] } })], ['validate-named /validate Fail name In a,b,c']],
    ['a named one that the others except', [policy(), policy('system', { namespaces: { names: ['kube-system', 'shop'] } })],
      ['validate-all /validate Fail name NotIn kube-system,proofgate', 'validate-named /validate Fail name In kube-system']],
    ['never the verifier\'s own, even when it is named', [policy('a', { namespaces: { names: ['proofgate', 'shop'] } })], ['validate-named /validate Fail name In shop']],
    ['labelled ones, one entry for each set of labels', [
      policy('a', { namespaces: { labels: { tier: 'prod' } } }), policy('b', { namespaces: { labels: { tier: 'dev', a: 'b' } } }), policy('c', { namespaces: { labels: { a: 'b', tier: 'dev' } } }),
    ], ['validate-labelled-1 /validate Fail name NotIn proofgate {"tier":"dev","a":"b"}', 'validate-labelled-2 /validate Fail name NotIn proofgate {"tier":"prod"}']],
  ])('%s', (_, documents, expected) => {
    expect(summary(render({ documents })).map((line) => line.replace('{"a":"b","tier":"dev"}', '{"tier":"dev","a":"b"}'))).toEqual(expected);
  });
});

describe('S06: an audit window', () => {
  test('is served by entries of its own that cannot block, and by no other', () => {
    expect(summary(render({ documents: [policy('a', { action: audit })] }))).toEqual(['audit-all /audit Ignore name NotIn kube-system,proofgate']);
  });

  test('leaves the entries of other policies as strict as they are', () => {
    expect(summary(render({ documents: [policy(), policy('trial', { action: audit, namespaces: { names: ['shop'] } })] })))
      .toEqual(['validate-all /validate Fail name NotIn kube-system,proofgate', 'audit-named /audit Ignore name In shop']);
  });

  test('is gone with the window, without a trace', () => {
    expect(summary(render({ documents: [policy('a', { action: { type: 'Deny' } })] }))).toEqual(summary(render()));
  });
});

test('an exemption changes no entry', () => {
  expect(entries(render({ documents: [policy(), exemption] }))).toEqual(entries(render()));
});

test.each<[string, Partial<ImagePolicySpec>]>([
  ['nothing', {}], ['labels', { namespaces: { labels: { a: 'b' } } }], ['names', { namespaces: { names: ['x'] } }], ['tags: deny', { tags: 'deny' }],
])('with %s, every enforcing entry has what the API server needs to refuse', (_, spec) => {
  for (const entry of entries(render({ documents: [policy('a', spec), policy('b', spec), policy('trial', { action: audit })] })).filter(({ clientConfig }) => clientConfig.service.path === '/validate')) {
    expect(entry).toMatchObject({
      admissionReviewVersions: ['v1'], failurePolicy: 'Fail', matchPolicy: 'Equivalent', sideEffects: 'None', timeoutSeconds: 10,
      clientConfig: { service: { name: 'proofgate-verifier', namespace: 'proofgate', path: '/validate', port: 443 } },
      name: expect.stringMatching(/^validate-[a-z0-9-]+\.proofgate-verifier\.proofgate\.dev$/) as unknown,
    });
    expect(Object.keys(entry)).not.toEqual(expect.arrayContaining(['objectSelector']));
    expect(entry).not.toHaveProperty('matchConditions');
    // Applying again must not take away what the verifier or cert-manager wrote.
    expect(entry.clientConfig).not.toHaveProperty('caBundle');
  }
});

test('S09: every workload kind is judged when it is created and when it is updated, with the subresources that carry images', () => {
  expect(entries(render())[0]?.['rules']).toEqual([
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], scope: 'Namespaced',
      resources: ['pods', 'pods/ephemeralcontainers', 'pods/resize', 'podtemplates', 'replicationcontrollers'] },
    { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], scope: 'Namespaced', resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'] },
    { apiGroups: ['batch'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], scope: 'Namespaced', resources: ['cronjobs', 'jobs'] },
  ]);
});

test('pinning is for Pods that hold a tag, fails open, and runs again after other webhooks', () => {
  const manifests = render();
  expect(summary(manifests, 'Mutating')).toEqual(['pin-all /mutate Ignore name NotIn kube-system,proofgate']);
  expect(entries(manifests, 'Mutating')[0]).toMatchObject({
    reinvocationPolicy: 'IfNeeded',
    sideEffects: 'None',
    rules: [{ resources: ['pods'], operations: ['CREATE', 'UPDATE'] }, { resources: ['pods/ephemeralcontainers'], operations: ['UPDATE'] }],
    matchConditions: [{ name: 'holds-a-tag', expression: expect.stringMatching(/containers.*initContainers.*ephemeralContainers.*volumes/) as unknown }],
  });
});

test('pinning is asked for where any image of a Pod is named by a tag, and nowhere else', () => {
  const [condition] = entries(render(), 'Mutating')[0]?.['matchConditions'] as Array<{ readonly expression: string }>;
  const cel = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: true }).parse(condition?.expression ?? '');
  const tag = 'ghcr.io/acme/app:v1';
  const digest = `ghcr.io/acme/app@sha256:${'a1'.repeat(32)}`;
  const positions: ReadonlyArray<(image: string) => object> = [
    (image) => ({ containers: [{ image }] }),
    (image) => ({ containers: [{ image: digest }, { image }] }),
    (image) => ({ containers: [{ image: digest }], initContainers: [{ image }] }),
    (image) => ({ containers: [{ image: digest }], ephemeralContainers: [{ image }] }),
    (image) => ({ containers: [{ image: digest }], volumes: [{ emptyDir: {} }, { image: { reference: image } }] }),
  ];
  for (const position of positions) {
    expect([tag, digest, `${tag}@sha256:${'a1'.repeat(32)}`].map((image) => cel({ object: { spec: position(image) } }) as unknown)).toEqual([true, false, false]);
  }
  expect(cel({ object: { spec: {} } })).toBe(false);
});

test('timeouts follow the settings, and the verifier\'s own deadline with them', () => {
  const manifests = render({}, { timeoutSeconds: 20, deadlineSeconds: 15 });
  expect(entries(manifests).map(({ timeoutSeconds }) => timeoutSeconds)).toEqual([20]);
  expect(at(manifests, 'Deployment', 'spec.template.spec.terminationGracePeriodSeconds')).toBe(30);
});
