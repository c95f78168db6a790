import * as fc from 'fast-check';
import { nativeBindings, nativePolicy } from '../../lib/kubernetes/native-policy';
import { parseReference } from '../../lib/kubernetes/reference';
import { WORKLOADS } from '../../lib/kubernetes/workloads';
import { ImageDenyList, ImageExemption, ImagePolicy, NamespaceSelection, PolicyDocument } from '../../lib/policy/document';
import { matchesImage } from '../../lib/policy/image-pattern';
import { DIGEST, exemption as anyExemption, OTHER_DIGEST, smallPolicy } from '../policy/documents';
import { Asked, denials } from './admission-policy';

const UNTIL = '2027-03-31';
const BEFORE = '2027-03-30T23:59:59Z';

function policy(images: string[], more: Partial<ImagePolicy['spec']> = {}, name = 'payments'): ImagePolicy {
  return { ...smallPolicy, metadata: { name }, spec: { ...smallPolicy.spec, images, ...more } };
}

function exemption(image: string, more: Partial<ImageExemption['spec']> = {}, name = 'vendor'): ImageExemption {
  return { ...anyExemption, metadata: { name }, spec: { image, digests: [DIGEST], reason: 'r', owner: 'o', until: UNTIL, ...more } };
}

function denyList(digest: string, namespaces?: NamespaceSelection): ImageDenyList {
  return { apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'leaked' }, spec: { reason: 'r', owner: 'o', digests: [digest], ...(namespaces && { namespaces }) } };
}

const audit = (until = UNTIL): Partial<ImagePolicy['spec']> => ({ action: { type: 'Audit', reason: 'r', owner: 'o', until } });

/** A request for a Pod of these images, unless something else is said. */
function asked(images: readonly string[], changes: Partial<Asked> = {}): Asked {
  return {
    operation: 'CREATE', object: { kind: 'Pod', metadata: { name: 'x', creationTimestamp: BEFORE }, spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } },
    userInfo: { username: 'ada' }, rights: [], ...changes,
  };
}

const deployment = (image: string): object => ({
  kind: 'Deployment', metadata: { name: 'x', creationTimestamp: BEFORE }, spec: { template: { spec: { containers: [{ name: 'c0', image }] } } },
});

/** The codes with which a request is refused. */
function floor(documents: readonly PolicyDocument[], request: Asked): string[] {
  return codes(denials(nativePolicy(documents, 'floor'), request));
}

function alone(documents: readonly PolicyDocument[], request: Asked): string[] {
  return codes(denials(nativePolicy(documents, 'alone'), request));
}

function codes(messages: readonly string[]): string[] {
  return messages.map((message) => /^\[([A-Z_]+)\]/.exec(message)?.[1] ?? message);
}

const AT = `@${DIGEST}`;

describe('the floor', () => {
  test('every place of every workload kind is looked at', () => {
    const named = 'ghcr.io/acme/payments/api@sha256:';
    const places: ReadonlyArray<(image: string) => object> = [
      (image) => ({ containers: [{ name: 'a', image }] }),
      (image) => ({ containers: [{ name: 'a', image: `ghcr.io/acme/payments/a${AT}` }, { name: 'b', image }] }),
      (image) => ({ containers: [{ name: 'a', image: `ghcr.io/acme/payments/a${AT}` }], initContainers: [{ name: 'i', image }] }),
      (image) => ({ containers: [{ name: 'a', image: `ghcr.io/acme/payments/a${AT}` }], ephemeralContainers: [{ name: 'e', image }] }),
      (image) => ({ containers: [{ name: 'a', image: `ghcr.io/acme/payments/a${AT}` }], volumes: [{ name: 'empty', emptyDir: {} }, { name: 'v', image: { reference: image } }] }),
    ];
    for (const { kind, podSpecPath } of WORKLOADS) {
      for (const place of places) {
        const holding = (image: string): object => (
          { kind, metadata: { name: 'x', creationTimestamp: BEFORE }, ...podSpecPath.reduceRight<object>((inner, field) => ({ [field]: inner }), place(image)) }
        );
        const documents = [policy(['ghcr.io/acme/payments/**'])];
        expect([kind, floor(documents, asked([], { object: holding(named + 'a'.repeat(64)) }))]).toEqual([kind, []]);
        expect([kind, floor(documents, asked([], { object: holding(`docker.io/library/nginx${AT}`) }))]).toEqual([kind, ['UNMATCHED_IMAGE']]);
        expect([kind, floor(documents, asked([], { object: holding('nginx nginx') }))]).toEqual([kind, ['MALFORMED']]);
      }
    }
  });

  test.each<[string, string[], PolicyDocument[], string, string]>([
    ['another repository', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/payments/**'])], `ghcr.io/acme/ledger/api${AT}`, `ghcr.io/acme/payments/api${AT}`],
    ['a look-alike', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/**'])], `ghcr.io/acme-evil/api${AT}`, `ghcr.io/acme/a/b/api${AT}`],
    ['the parent of `**`', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/payments/**'])], `ghcr.io/acme/payments${AT}`, `ghcr.io/acme/payments/x${AT}`],
    ['a segment more than `*`', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/*'])], `ghcr.io/acme/a/b${AT}`, `ghcr.io/acme/a${AT}`],
    ['a dot that is none', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/a.b-*'])], `ghcr.io/acme/axb-c${AT}`, `ghcr.io/acme/a.b-c${AT}`],
    ['a host with the pattern behind it', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/a.b-*'])], `reg.test/ghcr.io/acme/a.b-c${AT}`, `ghcr.io/acme/a.b-c${AT}`],
    ['another host', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/**'])], `ghcr.io.evil.test/acme/a${AT}`, `GHCR.io/acme/a${AT}`],
    ['another port', ['UNMATCHED_IMAGE'], [policy(['reg.test:5000/acme/**'])], `reg.test/acme/a${AT}`, `reg.test:5000/acme/a${AT}`],
    ['an official image that is none', ['UNMATCHED_IMAGE'], [policy(['docker.io/library/nginx'])], `nginx/nginx${AT}`, `nginx${AT}`],
    ['a tag in a Pod', ['TAG_NOT_PINNED'], [policy(['ghcr.io/acme/**'])], 'ghcr.io/acme/a:v1', `ghcr.io/acme/a:v1${AT}`],
    ['no tag either', ['TAG_NOT_PINNED'], [policy(['ghcr.io/acme/**'])], 'ghcr.io/acme/a', `ghcr.io/acme/a${AT}`],
    ['Docker Hub in capitals', ['MALFORMED'], [policy(['docker.io/acme/**'])], `DOCKER.IO/acme/a${AT}`, `index.docker.io/acme/a${AT}`],
    ['another algorithm', ['MALFORMED'], [policy(['ghcr.io/acme/**'])], `ghcr.io/acme/a@sha512:${'a'.repeat(128)}`, `ghcr.io/acme/a${AT}`],
    ['an exempted repository by another digest', ['UNMATCHED_IMAGE'], [policy(['ghcr.io/acme/**']), exemption('docker.io/vendor/agent')], `vendor/agent@${OTHER_DIGEST}`, `vendor/agent${AT}`],
    ['a digest on a deny list', ['DENY_LISTED'], [policy(['ghcr.io/acme/**']), denyList(DIGEST)], `ghcr.io/acme/a${AT}`, `ghcr.io/acme/a@${OTHER_DIGEST}`],
    ['an exempted digest on a deny list', ['DENY_LISTED'], [policy(['ghcr.io/acme/**']), exemption('docker.io/vendor/agent', { digests: [DIGEST, OTHER_DIGEST] }), denyList(DIGEST)],
      `docker.io/vendor/agent${AT}`, `docker.io/vendor/agent@${OTHER_DIGEST}`],
  ])('%s is refused with %j', (_, expected, documents, refused, admitted) => {
    expect(floor(documents, asked([`${refused}`]))).toEqual(expected);
    expect(floor(documents, asked([admitted]))).toEqual([]);
  });

  test('a template may name a tag, which its Pods are pinned from, of a repository that a policy or exemption names', () => {
    const documents = [policy(['ghcr.io/acme/**']), exemption('docker.io/vendor/agent')];
    expect(['ghcr.io/acme/a:v1', 'vendor/agent:v1', 'nginx:v1'].map((image) => floor(documents, asked([], { object: deployment(image) })))).toEqual([[], [], ['UNMATCHED_IMAGE']]);
  });

  test('what a policy in its window is about is not held, whatever else holds there; what none is about is', () => {
    const documents = [policy(['ghcr.io/acme/**']), policy(['ghcr.io/trial/**'], audit(), 'trial')];
    expect(['ghcr.io/trial/a:v1', 'ghcr.io/other/a:v1'].map((image) => floor(documents, asked([image])))).toEqual([[], ['TAG_NOT_PINNED', 'UNMATCHED_IMAGE']]);
    expect(nativeBindings(documents, 'floor', 'proofgate')).toEqual(nativeBindings(documents.slice(0, 1), 'floor', 'proofgate'));
    expect(nativeBindings(documents.slice(1), 'floor', 'proofgate')).toEqual([]);
  });

  test('an exemption holds as long as the verifier says', () => {
    const documents = [policy(['ghcr.io/acme/**']), exemption('docker.io/vendor/agent', { until: '2020-01-01' })];
    expect(floor(documents, asked([`docker.io/vendor/agent${AT}`]))).toEqual([]);
  });

  test.each<[string, NamespaceSelection, Partial<Asked>, Partial<Asked>]>([
    ['by name', { names: ['shop'] }, { namespace: 'bank' }, { namespace: 'shop' }],
    ['by exception', { except: ['bank'] }, { namespace: 'bank' }, { namespace: 'shop' }],
    ['by labels', { labels: { team: 'shop', tier: '' } }, { namespaceLabels: { team: 'shop' } }, { namespaceLabels: { team: 'shop', tier: '' } }],
  ])('a policy counts where it holds, %s', (_, namespaces, elsewhere, there) => {
    const documents = [policy(['ghcr.io/acme/**']), policy(['ghcr.io/shop/**'], { namespaces }, 'shop')];
    expect(floor(documents, asked([`ghcr.io/shop/a${AT}`], elsewhere))).toEqual(['UNMATCHED_IMAGE']);
    expect(floor(documents, asked([`ghcr.io/shop/a${AT}`], there))).toEqual([]);
  });

  test('an update adds what is not at the same place already', () => {
    const documents = [policy(['ghcr.io/acme/**'])];
    const update = (image: string, old: string): Asked => ({ ...asked([image]), operation: 'UPDATE', oldObject: asked([old]).object });
    expect(floor(documents, update('nginx:v1', 'nginx:v1'))).toEqual([]);
    expect(floor(documents, update('nginx:v1', 'nginx:v2'))).toEqual(['TAG_NOT_PINNED', 'UNMATCHED_IMAGE']);
    const moved = { ...update('nginx:v1', 'x'), oldObject: { kind: 'Pod', spec: { containers: [{ name: 'other', image: 'nginx:v1' }] } } };
    expect(floor(documents, moved)).toEqual(['TAG_NOT_PINNED', 'UNMATCHED_IMAGE']);
  });

  test('an object without images is none that can be judged', () => {
    expect(floor([policy(['ghcr.io/acme/**'])], asked([]))).toEqual(['UNSUPPORTED']);
  });

  test('a denial says place, image, what was expected and what holds there', () => {
    const documents = [policy(['ghcr.io/acme/**'])];
    expect(denials(nativePolicy(documents, 'floor'), asked([`nginx${AT}`, `redis${AT}`]))).toEqual([
      `[UNMATCHED_IMAGE] containers/c0: expected a policy or exemption for this repository, found nginx${AT}; in namespace shop hold policy payments (and 1 more images)`,
    ]);
  });
});

describe('alone', () => {
  test('exempted digests run where their exemption holds, and nothing else does', () => {
    const documents = [exemption('docker.io/vendor/agent', { namespaces: { names: ['shop'] } })];
    expect(alone(documents, asked([`vendor/agent${AT}`]))).toEqual([]);
    expect(alone(documents, asked([`vendor/agent@${OTHER_DIGEST}`]))).toEqual(['UNMATCHED_IMAGE']);
    expect(alone(documents, asked([`vendor/agents${AT}`]))).toEqual(['UNMATCHED_IMAGE']);
    expect(alone(documents, asked(['vendor/agent:v1']))).toEqual(['TAG_NOT_PINNED']);
    expect(alone(documents, asked([], { object: deployment('vendor/agent:v1') }))).toEqual(['TAG_NOT_PINNED']);
    expect(alone(documents, asked([], { object: deployment(`vendor/agent${AT}`) }))).toEqual([]);
  });

  const created = (kind: string, creationTimestamp: string): object => (
    kind === 'Pod' ? { ...asked([`vendor/agent${AT}`]).object, metadata: { name: 'x', creationTimestamp } } : { ...deployment(`vendor/agent${AT}`), metadata: { name: 'x', creationTimestamp } }
  );

  test.each(['Pod', 'Deployment'])('an exemption ends for a %s that is created from that instant on', (kind) => {
    const documents = [exemption('docker.io/vendor/agent', { until: '2027-03-31T12:00:00.5Z' })];
    const at = (time: string): string[] => alone(documents, asked([], { object: created(kind, time) }));
    expect([at('2027-03-31T11:59:59Z'), at('2027-03-31T12:00:00Z'), at('2027-03-31T12:00:01Z')]).toEqual([[], ['UNMATCHED_IMAGE'], ['UNMATCHED_IMAGE']]);
  });

  test('the later of two exemptions of one digest counts', () => {
    const documents = [exemption('docker.io/vendor/agent', { until: '2027-03-01' }), exemption('docker.io/vendor/agent', { until: '2027-04-01' }, 'longer')];
    const at = (time: string): string[] => alone(documents, asked([], { object: created('Pod', time) }));
    expect([at('2027-03-15T00:00:00Z'), at('2027-04-01T00:00:00Z')]).toEqual([[], ['UNMATCHED_IMAGE']]);
  });

  test('an update, which has no time, brings no exempted image into a Pod; a template may name one', () => {
    const documents = [exemption('docker.io/vendor/agent')];
    const update = (object: object, oldObject: object): string[] => alone(documents, asked([], { operation: 'UPDATE', object, oldObject }));
    expect(update(created('Pod', BEFORE), asked([`vendor/agent@${OTHER_DIGEST}`]).object)).toEqual(['UNMATCHED_IMAGE']);
    expect(update(created('Pod', BEFORE), created('Pod', BEFORE))).toEqual([]);
    expect(update(created('Deployment', BEFORE), deployment('nginx'))).toEqual([]);
  });

  test('a deny list needs no exemption beside it: all but its digests run, by digest', () => {
    const documents = [denyList(DIGEST, { names: ['shop'] })];
    expect(alone(documents, asked([`nginx${AT}`]))).toEqual(['DENY_LISTED']);
    expect(alone(documents, asked([`nginx@${OTHER_DIGEST}`]))).toEqual([]);
    expect(alone(documents, asked(['nginx']))).toEqual(['TAG_NOT_PINNED']);
  });

  test('it is bound to the namespaces that the documents name', () => {
    expect(nativeBindings([exemption('docker.io/vendor/agent', { namespaces: { names: ['shop'] } }), denyList(DIGEST, { labels: { a: 'b' } })], 'alone')).toEqual([
      { scope: 'named', matchResources: { matchPolicy: 'Equivalent', namespaceSelector: { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop'] }] } } },
      { scope: 'labelled-1', matchResources: { matchPolicy: 'Equivalent', namespaceSelector: { matchLabels: { a: 'b' } } } },
    ]);
  });
});

/** References and what looks like them. */
const reference = fc.oneof(
  fc.tuple(
    fc.constantFrom('', 'ghcr.io/', 'GHCR.io/', 'docker.io/', 'DOCKER.io/', 'index.docker.io/', 'localhost/', 'LocalHost/', 'Acme/', 'reg.test:5000/', 'reg.test:443/', '[::1]:5000/', 'a_b/', 'x.y./'),
    fc.constantFrom('acme/payments/api', 'acme/payments', 'acme/app-1', 'nginx', 'library/nginx', 'acme//a', 'acme/a__b', 'acme/a___b', 'acme/a-.b', 'Acme/a', 'acme/payments/a/b/c', 'sha256', 'oci', 'é', ''),
    fc.constantFrom('', ':v1', ':5000', ':', ':V.1-x', ':-a', ':a/b', `:${'t'.repeat(129)}`),
    fc.constantFrom('', AT, `@${OTHER_DIGEST}`, `@sha256:${'0'.repeat(64)}`, '@', `@sha256:${'A'.repeat(64)}`, `${AT}${AT}`, '@md5:1'),
  ).map((parts) => parts.join('')),
  fc.string({ unit: fc.constantFrom(...'ab.:/@-_A1[] \n\'"\\'), maxLength: 24 }),
);

test('what the floor refuses the verifier refuses, and of what can be read and has a digest it refuses nothing else', () => {
  const images = ['ghcr.io/acme/payments/**', 'ghcr.io/acme/*', 'docker.io/library/nginx', 'reg.test:5000/acme/app-*', 'localhost/acme/**', 'docker.io/acme/**', 'ACME/acme/*', '[::1]:5000/**', 'ghcr.io/*/payments/**'];
  const spec = nativePolicy([policy(images)], 'floor');
  fc.assert(fc.property(reference, (text) => {
    const verdict = ((): string[] => {
      try {
        const { name, digest } = parseReference(text);
        return [...(digest === undefined ? ['TAG_NOT_PINNED'] : []), ...(images.some((pattern) => matchesImage(pattern, name)) ? [] : ['UNMATCHED_IMAGE'])];
      } catch {
        return ['MALFORMED'];
      }
    })();
    const said = codes(denials(spec, asked([text])));
    // Hosts that name no machine are read here, but no pattern names one of them.
    expect(said).toEqual(verdict[0] === 'MALFORMED' && said.includes('UNMATCHED_IMAGE') ? said : verdict);
  }), { numRuns: 2_000 });
});
