import { ImagesError, imagesOf, pullSecretsOf, ImageUse } from '../../lib/kubernetes/images';
import { FieldTree, IMAGE_FIELDS } from '../../lib/kubernetes/image-fields';
import { Workload, WORKLOADS } from '../../lib/kubernetes/workloads';

type Spec = { [field: string]: unknown };

const POD = { group: '', kind: 'Pod' };

function pod(spec: Spec): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app' }, spec };
}

/** An object of any workload kind around a Pod specification. */
function around(workload: Workload, spec: unknown): object {
  const body = [...workload.podSpecPath].reverse().reduce<unknown>((value, field) => ({ [field]: value }), spec);
  const apiVersion = workload.group === '' ? workload.version : `${workload.group}/${workload.version}`;
  return { apiVersion, kind: workload.kind, metadata: { name: 'app' }, ...(body as object) };
}

function container(name: string, image: unknown = `reg.test/${name}`): object {
  return { name, image };
}

function refusal(spec: Spec): ImagesError {
  return refusalOf(() => imagesOf(POD, pod(spec)));
}

function refusalOf(read: () => unknown): ImagesError {
  try {
    read();
  } catch (error) {
    if (error instanceof ImagesError) {
      return error;
    }
    throw error;
  }
  throw new Error('the object was accepted');
}

/** What a JSON pointer finds (RFC 6901), by itself. */
function lookUp(object: unknown, pointer: string): unknown {
  return pointer.split('/').slice(1).reduce<unknown>((value, step) => (value as { [key: string]: unknown })[step], object);
}

/** What a field such as spec.containers[0].image finds. */
function lookUpField(object: unknown, field: string): unknown {
  return lookUp(object, `/${field.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll('.', '/')}`);
}

const EVERYWHERE: Spec = {
  containers: [container('app'), container('side')],
  initContainers: [container('init'), { ...container('proxy'), restartPolicy: 'Always' }],
  ephemeralContainers: [container('debug')],
  volumes: [
    { name: 'models', image: { reference: 'reg.test/models', pullPolicy: 'Always' } },
    { name: 'scratch', emptyDir: {} },
    { name: 'none', image: null },
  ],
};

/** An object with nothing but the fields that are said to be read. */
function only(fields: FieldTree, value: unknown): unknown {
  if (fields === 'all' || typeof value !== 'object' || value === null) {
    return value;
  }
  return Array.isArray(value)
    ? value.map((item) => only(fields, item))
    : Object.fromEntries(Object.entries(value).flatMap(([name, member]) => (Object.hasOwn(fields, name) ? [[name, only(fields[name] as FieldTree, member)]] : [])));
}

describe.each(WORKLOADS.map((workload) => [workload.kind, workload] as const))('%s', (_, workload) => {
  const object = around(workload, EVERYWHERE);
  const uses = imagesOf(workload, object);

  test('gives every image that the kubelet would pull', () => {
    expect(uses.map((use) => [use.position, use.reference])).toEqual([
      ['containers/app', 'reg.test/app'],
      ['containers/side', 'reg.test/side'],
      ['initContainers/init', 'reg.test/init'],
      ['initContainers/proxy', 'reg.test/proxy'],
      ['ephemeralContainers/debug', 'reg.test/debug'],
      ['volumes/models', 'reg.test/models'],
    ]);
  });

  test('points at each field, for people and for patches', () => {
    for (const use of uses) {
      expect(lookUp(object, use.pointer)).toBe(use.reference);
      expect(lookUpField(object, use.field)).toBe(use.reference);
    }
  });

  test('reads nothing but the fields that are said to be read, and each of them', () => {
    expect(imagesOf(workload, only(IMAGE_FIELDS, object))).toEqual(uses);
    expect(JSON.stringify(only(IMAGE_FIELDS, object))).not.toMatch(/restartPolicy|emptyDir|metadata/);
    for (const wrong of [{ ...object, kind: 'List' }, { ...object, apiVersion: 'example.com/v1' }, around(workload, { ...EVERYWHERE, volumes: 'x' }), around(workload, { containers: [null] })]) {
      expect(refusalOf(() => imagesOf(workload, only(IMAGE_FIELDS, wrong)))).toEqual(refusalOf(() => imagesOf(workload, wrong)));
    }
  });

  test('gives the names of its pull Secrets, each once, and refuses what is no list of them', () => {
    const named = (imagePullSecrets: unknown): object => only(IMAGE_FIELDS, around(workload, { ...EVERYWHERE, imagePullSecrets })) as object;
    expect(pullSecretsOf(workload, named([{ name: 'b' }, { name: 'a' }, {}, { name: '' }, { name: null }, { name: 'b' }]))).toEqual(['b', 'a']);
    expect([undefined, null, []].map((none) => pullSecretsOf(workload, named(none)))).toEqual([[], [], []]);
    for (const wrong of ['a', {}, ['a'], [null], [{ name: 1 }]]) {
      expect(refusalOf(() => pullSecretsOf(workload, named(wrong)))).toMatchObject({ code: 'MALFORMED' });
    }
    expect(refusalOf(() => pullSecretsOf(workload, named(Array.from({ length: 1_001 }, (__, index) => ({ name: `s${index}` })))))).toMatchObject({ code: 'LIMIT' });
  });

  const cuts = workload.podSpecPath.map((__, depth) => workload.podSpecPath.slice(0, depth));
  test.each(cuts)('refuses an object that ends on the way to its containers (%#)', (...path) => {
    const cut = around({ ...workload, podSpecPath: path.length === 0 ? ['nothing'] : path }, null);
    expect(refusalOf(() => imagesOf(workload, cut)).code).toBe('MALFORMED');
  });
});

const TEMPLATE = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'app', image: 'reg.test/app' }] } };

test.each<[string, object]>([
  ['spec.containers[0].image', { apiVersion: 'v1', kind: 'Pod', spec: TEMPLATE.spec }],
  ['template.spec.containers[0].image', { apiVersion: 'v1', kind: 'PodTemplate', template: TEMPLATE }],
  ['spec.template.spec.containers[0].image', { apiVersion: 'v1', kind: 'ReplicationController', spec: { replicas: 1, template: TEMPLATE } }],
  ['spec.template.spec.containers[0].image', { apiVersion: 'apps/v1', kind: 'DaemonSet', spec: { selector: {}, template: TEMPLATE } }],
  ['spec.template.spec.containers[0].image', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { selector: {}, template: TEMPLATE } }],
  ['spec.template.spec.containers[0].image', { apiVersion: 'apps/v1', kind: 'ReplicaSet', spec: { selector: {}, template: TEMPLATE } }],
  ['spec.template.spec.containers[0].image', { apiVersion: 'apps/v1', kind: 'StatefulSet', spec: { selector: {}, template: TEMPLATE } }],
  ['spec.jobTemplate.spec.template.spec.containers[0].image', {
    apiVersion: 'batch/v1', kind: 'CronJob', spec: { schedule: '* * * * *', jobTemplate: { spec: { template: TEMPLATE } } },
  }],
  ['spec.template.spec.containers[0].image', { apiVersion: 'batch/v1', kind: 'Job', spec: { template: TEMPLATE } }],
])('the image is at %s of %o', (field, object) => {
  const { apiVersion, kind } = object as { apiVersion: string; kind: string };
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] ?? '' : '';
  expect(imagesOf({ group, kind }, object)).toEqual([
    { field, position: 'containers/app', pointer: `/${field.replace('[0]', '.0').replaceAll('.', '/')}`, reference: 'reg.test/app' },
  ]);
});

test('the table holds Pod and the eight kinds with a template, each once', () => {
  expect(WORKLOADS.map(({ group, version, resource, kind }) => `${group}/${version}/${resource} ${kind}`).sort()).toEqual([
    '/v1/pods Pod', '/v1/podtemplates PodTemplate', '/v1/replicationcontrollers ReplicationController',
    'apps/v1/daemonsets DaemonSet', 'apps/v1/deployments Deployment', 'apps/v1/replicasets ReplicaSet', 'apps/v1/statefulsets StatefulSet',
    'batch/v1/cronjobs CronJob', 'batch/v1/jobs Job',
  ]);
});

describe('every position counts', () => {
  const lists = ['containers', 'initContainers', 'ephemeralContainers', 'volumes'] as const;
  const at = [0, 1, 24, 49];
  test.each(lists.flatMap((list) => at.map((index) => [list, index] as const)))('%s[%i] of 50', (list, index) => {
    const element = (name: string, image: string) => (list === 'volumes' ? { name, image: { reference: image } } : { name, image });
    const elements = Array.from({ length: 50 }, (_, position) => element(`n${position}`, position === index ? 'reg.test/odd' : 'reg.test/even'));
    const uses = imagesOf(POD, pod({ containers: [container('app')], [list]: elements }));
    expect(uses.filter((use) => use.reference === 'reg.test/odd').map((use) => use.position)).toEqual([`${list}/n${index}`]);
  });

  test('a position names the same container wherever it stands in its list', () => {
    const position = (uses: ImageUse[]) => uses.find((use) => use.reference === 'reg.test/b')?.position;
    expect(position(imagesOf(POD, pod({ containers: [container('a'), container('b')] })))).toBe('containers/b');
    expect(position(imagesOf(POD, pod({ containers: [container('b'), container('a')] })))).toBe('containers/b');
  });

  test('containers of one name in different lists keep different positions', () => {
    const uses = imagesOf(POD, pod({ containers: [container('a')], initContainers: [container('a')] }));
    expect(uses.map((use) => use.position)).toEqual(['containers/a', 'initContainers/a']);
  });
});

describe('subresources', () => {
  test.each(['ephemeralcontainers', 'resize', 'status', ''])('%j carries the whole Pod', (subResource) => {
    expect(imagesOf(POD, pod(EVERYWHERE), subResource)).toHaveLength(6);
  });

  test.each(['scale', 'binding', 'eviction', 'exec', 'Status', 'log'])('%s carries something else and is not supported', (subResource) => {
    expect(refusalOf(() => imagesOf(POD, pod(EVERYWHERE), subResource)).code).toBe('UNSUPPORTED');
  });
});

describe('kinds without an extractor', () => {
  test.each([
    ['', 'List'], ['', 'PodList'], ['meta.k8s.io', 'TableList'], ['argoproj.io', 'Rollout'], ['serving.knative.dev', 'Service'],
    ['kubevirt.io', 'VirtualMachine'],
    ['extensions', 'Deployment'], ['apps', 'Pod'], ['', 'Deployment'], ['', 'pod'], ['', 'pods'], ['autoscaling', 'Scale'], ['', ''],
    ['', 'constructor'],
  ])('%s/%s is not supported, even when it looks like a Pod or hides one', (group, kind) => {
    const apiVersion = group === '' ? 'v1' : `${group}/v1`;
    const inside = { apiVersion, kind, items: [pod(EVERYWHERE)], spec: { ...EVERYWHERE, template: { spec: EVERYWHERE } } };
    const error = refusalOf(() => imagesOf({ group, kind }, inside));
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.message).toMatch(/^no extractor: /);
  });

  test.each([
    ['kind', { kind: 'List', items: [pod(EVERYWHERE)] }], ['kind', { kind: null }], ['apiVersion', { apiVersion: 'apps/v1' }],
    ['apiVersion', { apiVersion: 1 }],
  ])('an object whose own %s says something else has two readings', (field, other) => {
    expect(refusalOf(() => imagesOf(POD, { ...pod(EVERYWHERE), ...other })).message).toMatch(new RegExp(`^${field} is `));
  });

  test('an object without kind and apiVersion is what the request says', () => {
    expect(imagesOf(POD, { spec: EVERYWHERE })).toHaveLength(6);
  });
});

describe('wrong types', () => {
  const app = [container('app')];

  test.each<[string, unknown]>([
    ['null', null], ['a list', [pod(EVERYWHERE)]], ['a text', 'Pod'], ['undefined', undefined], ['a number', 1], ['an empty object', {}],
    ['without spec', { kind: 'Pod' }],
    ['spec null', { spec: null }], ['spec a list', { spec: [EVERYWHERE] }], ['spec a text', { spec: 'containers' }],
    ['spec inherited', Object.create({ spec: EVERYWHERE })],
  ])('an object that is %s is refused', (_, object) => {
    expect(refusalOf(() => imagesOf(POD, object)).code).toBe('MALFORMED');
  });

  test.each<[string, Spec]>([
    ['containers absent', {}],
    ['containers null', { containers: null }],
    ['containers empty', { containers: [] }],
    ['containers an object', { containers: {} }],
    ['containers an object with length', { containers: { length: 1, 0: container('app') } }],
    ['containers a text', { containers: 'reg.test/app' }],
    ['containers sparse', { containers: Object.assign([container('app')], { length: 2 }) }],
    ['a container null', { containers: [null] }],
    ['a container a text', { containers: ['reg.test/app'] }],
    ['a container a list', { containers: [[container('app')]] }],
    ['a container without name', { containers: [{ image: 'reg.test/app' }] }],
    ['a container with an empty name', { containers: [container('')] }],
    ['a container with a number for a name', { containers: [{ name: 1, image: 'reg.test/app' }] }],
    ['two containers of one name', { containers: [container('app'), container('app', 'reg.test/other')] }],
    ['image absent', { containers: [{ name: 'app' }] }],
    ['image empty', { containers: [container('app', '')] }],
    ['image null', { containers: [container('app', null)] }],
    ['image a number', { containers: [container('app', 123)] }],
    ['image a list', { containers: [container('app', ['reg.test/app'])] }],
    ['image an object', { containers: [container('app', { reference: 'reg.test/app' })] }],
    ['image under another case', { containers: [{ name: 'app', Image: 'reg.test/app' }] }],
    ['containers under another case', { Containers: app }],
    ['initContainers an object', { containers: app, initContainers: {} }],
    ['initContainers a text', { containers: app, initContainers: '' }],
    ['initContainers false', { containers: app, initContainers: false }],
    ['an init container without image', { containers: app, initContainers: [{ name: 'init' }] }],
    ['ephemeralContainers an object', { containers: app, ephemeralContainers: {} }],
    ['volumes an object', { containers: app, volumes: {} }],
    ['a volume null', { containers: app, volumes: [null] }],
    ['a volume without name', { containers: app, volumes: [{ image: { reference: 'reg.test/models' } }] }],
    ['two volumes of one name', { containers: app, volumes: [{ name: 'v' }, { name: 'v' }] }],
    ['a volume image that is a text', { containers: app, volumes: [{ name: 'v', image: 'reg.test/models' }] }],
    ['a volume image that is a list', { containers: app, volumes: [{ name: 'v', image: [] }] }],
    ['a volume image without reference', { containers: app, volumes: [{ name: 'v', image: {} }] }],
    ['a volume image with an empty reference', { containers: app, volumes: [{ name: 'v', image: { reference: '' } }] }],
    ['a volume image with a null reference', { containers: app, volumes: [{ name: 'v', image: { reference: null } }] }],
  ])('%s is refused', (_, spec) => {
    expect(refusal(spec).code).toBe('MALFORMED');
  });

  test.each<[string, Spec]>([
    ['optional lists null, as from YAML with nothing there', { containers: app, initContainers: null, ephemeralContainers: null, volumes: null }],
    ['optional lists empty', { containers: app, initContainers: [], ephemeralContainers: [], volumes: [] }],
    ['fields in another case beside the real ones', {
      containers: [{ ...container('app'), Image: 'reg.test/evil' }], initcontainers: [container('x')], Volumes: {},
    }],
    ['a volume of another kind', { containers: app, volumes: [{ name: 'v', configMap: { name: 'image' } }] }],
  ])('%s is accepted', (_, spec) => {
    expect(imagesOf(POD, pod(spec)).map((use) => use.reference)).toEqual(['reg.test/app']);
  });

  test('references are given as written, for the parser to judge', () => {
    expect(imagesOf(POD, pod({ containers: [container('app', ' nginx\n')] }))[0]?.reference).toBe(' nginx\n');
  });

  test('a message says where, what is there and what belongs there', () => {
    expect(refusal({ containers: [container('app'), container('side', 123)] }).message).toBe(
      'spec.containers[1].image is 123 where an image reference belongs: correct it',
    );
  });
});

describe('numbers', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => container(`c${index}`));

  test('1,000 images are read, and one more is too many, also spread over the lists', () => {
    expect(imagesOf(POD, pod({ containers: many(1000) }))).toHaveLength(1000);
    expect(refusal({ containers: many(1001) }).code).toBe('LIMIT');
    expect(refusal({ containers: many(501), initContainers: many(500) }).code).toBe('LIMIT');
  });

  test('1,000 volumes of any kind are looked through, and one more is too many', () => {
    const volumes = (count: number) => Array.from({ length: count }, (_, index) => ({ name: `v${index}`, emptyDir: {} }));
    expect(imagesOf(POD, pod({ containers: many(1), volumes: volumes(1000) }))).toHaveLength(1);
    expect(refusal({ containers: many(1), volumes: volumes(1001) }).code).toBe('LIMIT');
  });

  test('100,000 containers are refused before any of them is looked at', () => {
    expect(refusal({ containers: new Array(100_000).fill(null) }).code).toBe('LIMIT');
  });
});
