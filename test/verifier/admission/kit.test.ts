import { Json } from '../../../lib/policy/document';
import { admissionOf, attestedBy, EvidenceOfImages, ImageEvidence, inNamespace, signedBy, unsigned, updating, Workload } from '../../../lib/testing';
import { Signer } from '../../../lib/testing/identities';
import { bundleBytes, githubRun, Identity, ProvenancePredicate, provenanceStatement, signStatement, StatementJson } from '../../support/sigstore';
import { containers, pod, policy, request, ReviewResponse, WebhookScene } from './scene';

const SOURCE = 'https://github.com/acme/app';
const SUBJECT = `${SOURCE}/.github/workflows/release.yml@refs/heads/main`;
const RUN = githubRun();
const SELF_HOSTED = githubRun({ claims: { runnerEnvironment: 'self-hosted' } });
const FORK = githubRun({ repository: 'mallory/app' });
const OTHER_COMMIT = 'f'.repeat(40);

/** The same identities in the words of the kit: everything that matters is said, nothing is taken over from the policy. */
const signer = (subject: string, certificate: object): Signer => ({ _document: { type: 'keyless', issuer: RUN.issuer, subject, certificate, trustRoot: 'test' } });
const release = signer(SUBJECT, { runnerEnvironment: 'github-hosted', buildTrigger: 'push' });
const selfHosted = signer(SUBJECT, { buildTrigger: 'push' });
const fork = signer(FORK.subject, { runnerEnvironment: 'github-hosted', buildTrigger: 'push' });

interface TwiceSaid {
  readonly attached: (digest: string) => ReadonlyArray<readonly [Identity, StatementJson]>;
  readonly described: ImageEvidence;
}

/** What is attached to each image in the registry, and the same as a description. */
const IMAGES: { readonly [name: string]: TwiceSaid } = {
  'good': { attached: (digest) => [[RUN, signStatement(digest)], [RUN, provenanceStatement(digest, RUN)]], described: signedBy(release).withProvenance() },
  'unsigned': { attached: () => [], described: unsigned() },
  'signature-only': { attached: (digest) => [[RUN, signStatement(digest)]], described: signedBy(release) },
  'provenance-only': { attached: (digest) => [[RUN, provenanceStatement(digest, RUN)]], described: attestedBy(release).withProvenance() },
  'fork': { attached: (digest) => [[FORK, signStatement(digest)], [FORK, provenanceStatement(digest, FORK)]], described: signedBy(fork).withProvenance() },
  'self-hosted': { attached: (digest) => [[SELF_HOSTED, signStatement(digest)], [SELF_HOSTED, provenanceStatement(digest, SELF_HOSTED)]], described: signedBy(selfHosted).withProvenance() },
  'other-commit': {
    attached: (digest) => [[RUN, signStatement(digest)], [RUN, provenanceStatement(digest, RUN, forgeCommit)]],
    described: signedBy(release).withProvenance({ commit: OTHER_COMMIT }),
  },
  'other-builder': {
    attached: (digest) => [[RUN, signStatement(digest)], [RUN, provenanceStatement(digest, RUN, ({ runDetails: { builder } }) => void (builder.id = `${SOURCE}/else`))]],
    described: signedBy(release).withProvenance({ builder: `${SOURCE}/else` }),
  },
  'parameter': {
    attached: (digest) => [
      [RUN, signStatement(digest)], [RUN, provenanceStatement(digest, RUN, ({ buildDefinition }) => void (buildDefinition.externalParameters['debug'] = true))],
    ],
    described: signedBy(release).withProvenance({ externalParameters: { debug: true } }),
  },
};

function forgeCommit({ buildDefinition }: ProvenancePredicate): void {
  buildDefinition.resolvedDependencies.forEach(({ digest }) => {
    digest.gitCommit = OTHER_COMMIT;
  });
}

const provenance = (checks: object = {}): object => (
  { type: 'attestation', name: 'provenance', attestors: ['release'], predicateType: 'https://slsa.dev/provenance/v1', checks: { type: 'slsa-provenance', source: SOURCE, ...checks } });
const both = (checks: object = {}): object => ({ requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }, provenance(checks)] });
const soon = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
const why = { reason: 'a reason', owner: 'an owner' };
const exemption = (image: string, digests: string[]): object => ({ apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'old' }, spec: { image, digests, ...why, until: soon } });
const denyList = (spec: object): object => ({ apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'known-bad' }, spec: { ...why, ...spec } });

/** A registry with all images; `host` stands in its references. */
interface Place {
  readonly host: string;
  /** `host/acme/NAME@sha256:…` */
  readonly by: (name: string) => string;
}

interface Scenario {
  readonly documents: (place: Place) => readonly object[];
  readonly object: (place: Place) => object;
  /** What is there before. @default - nothing */
  readonly running?: (place: Place) => object;
  /** What the namespace carries. @default - not known */
  readonly labels?: { readonly [key: string]: string };
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
}

const template = (image: string): object => ({ spec: { containers: containers(image) } });
const kinds: ReadonlyArray<readonly [group: string, kind: string, spec: (image: string) => object]> = [
  ['', 'PodTemplate', (image) => ({ template: template(image) })],
  ['', 'ReplicationController', (image) => ({ spec: { template: template(image) } })],
  ...['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'].map((kind) => ['apps', kind, (image: string) => ({ spec: { template: template(image) } })] as const),
  ['batch', 'CronJob', (image) => ({ spec: { jobTemplate: { spec: { template: template(image) } } } })],
  ['batch', 'Job', (image) => ({ spec: { template: template(image) } })],
];

const image = (name: string): Pick<Scenario, 'object'> => ({ object: ({ by }) => pod({ containers: containers(by(name)) }) });
const proven = { documents: ({ host }: Place) => [policy('app', host, both())] };
const workload = ([group, kind, spec]: (typeof kinds)[number], reference: (place: Place) => string): Pick<Scenario, 'object' | 'kind'> => ({
  kind: { group, version: 'v1', kind }, object: (place) => ({ apiVersion: group === '' ? 'v1' : `${group}/v1`, kind, metadata: { name: 'app' }, ...spec(reference(place)) }),
});
const tagged = (name: string) => ({ host }: Place): string => `${host}/acme/${name}:v1`;

const SCENARIOS: { readonly [what: string]: Scenario } = {
  ...Object.fromEntries(Object.keys(IMAGES).map((name) => [`a Pod of the image ${name}`, { ...proven, ...image(name) }])),
  'level 1 on a runner of one\'s own': { documents: ({ host }) => [policy('app', host, both({ level: 1 }))], ...image('self-hosted') },
  'another source': { documents: ({ host }) => [policy('app', host, both({ source: 'https://github.com/acme/other' }))], ...image('good') },
  'a parameter that the policy names': { documents: ({ host }) => [policy('app', host, both({ externalParameters: { debug: true } }))], ...image('parameter') },
  'an image that no policy names': { documents: ({ host }) => [policy('app', host, { images: [`${host}/other/**`] })], ...image('good') },
  'a tag in a Pod, pinned': { ...proven, object: (place) => pod({ containers: containers(tagged('good')(place)) }) },
  'a tag in a Pod of an unsigned image, pinned': { ...proven, object: (place) => pod({ containers: containers(tagged('unsigned')(place)) }) },
  'a tag in a Pod where tags are denied': { documents: ({ host }) => [policy('app', host, { ...both(), tags: 'deny' })], object: (place) => pod({ containers: containers(tagged('good')(place)) }) },
  'a digest where tags are denied': { documents: ({ host }) => [policy('app', host, { ...both(), tags: 'deny' })], ...image('good') },
  'a Deployment with a tag where tags are denied': { documents: ({ host }) => [policy('app', host, { ...both(), tags: 'deny' })], ...workload(kinds[3] as (typeof kinds)[number], tagged('good')) },
  ...Object.fromEntries(kinds.flatMap((kind) => ['good', 'unsigned'].map((name) => [`a ${kind[1]} of the image ${name}`, { ...proven, ...workload(kind, tagged(name)) }]))),
  'two containers, one of them unsigned': { ...proven, object: ({ by }) => pod({ containers: containers(by('good'), by('unsigned')) }) },
  'an init container that is unsigned': { ...proven, object: ({ by }) => pod({ containers: containers(by('good')), initContainers: [{ name: 'init', image: by('unsigned') }] }) },
  'a volume with an unsigned image': { ...proven, object: ({ by }) => pod({ containers: containers(by('good')), volumes: [{ name: 'models', image: { reference: by('unsigned') } }] }) },
  'an update that leaves an unsigned image where it is': {
    ...proven, ...image('unsigned'), running: ({ by }) => pod({ containers: containers(by('unsigned')) }, { labels: { tier: 'web' } }),
  },
  'an update that brings an unsigned image': { ...proven, ...image('unsigned'), running: ({ by }) => pod({ containers: containers(by('good')) }) },
  ...Object.fromEntries([['adds', 'good'], ['moves', 'unsigned']].map(([does = '', was = '']) => [`an update that ${does} an unsigned image`, {
    ...proven,
    object: ({ by }: Place) => pod({ containers: containers(by('good'), by('unsigned')) }),
    running: ({ by }: Place) => pod({ containers: containers(by(was)) }),
  }])),
  'a container without image': { ...proven, object: () => pod({ containers: [{ name: 'app' }] }) },
  'a reference that cannot be read': { ...proven, object: () => pod({ containers: containers('UPPER/case') }) },
  'labels that are not known': { documents: ({ host }) => [policy('app', host, { ...both(), namespaces: { labels: { tier: 'production' } } })], ...image('good') },
  'labels that select': { documents: ({ host }) => [policy('app', host, { ...both(), namespaces: { labels: { tier: 'production' } } })], ...image('unsigned'), labels: { tier: 'production' } },
  'an exempted digest': { documents: (place) => [policy('app', place.host, both()), exemption(`${place.host}/acme/unsigned`, [place.by('unsigned').split('@')[1] ?? ''])], ...image('unsigned') },
  'an exemption of another digest': { documents: ({ host }) => [policy('app', host, both()), exemption(`${host}/acme/unsigned`, [`sha256:${'e'.repeat(64)}`])], ...image('unsigned') },
  'a denied digest': { documents: (place) => [policy('app', place.host, both()), denyList({ digests: [place.by('good').split('@')[1]] })], ...image('good') },
  'a denied signer': { documents: ({ host }) => [policy('app', host, both()), denyList({ signers: [{ subject: SUBJECT }] })], ...image('good') },
  'a denied signer of another issuer': { documents: ({ host }) => [policy('app', host, both()), denyList({ signers: [{ subject: SUBJECT, issuer: 'https://elsewhere.example' }] })], ...image('good') },
  'two policies, of which one is in its audit window': {
    documents: ({ host }) => [policy('app', host), policy('next', host, { ...both(), action: { type: 'Audit', ...why, until: soon } })], ...image('signature-only'),
  },
};

let scene: WebhookScene | undefined;
afterEach(() => scene?.close());

/** The webhook as a cluster meets it: a Pod is pinned first, then judged; what would only be warned of is asked for as well. */
async function askVerifier(
  { documents, object, running, labels, kind }: Scenario,
): Promise<{ place: Place; allowed: boolean; codes: readonly string[]; warned: readonly string[] }> {
  let place: Place = { host: '', by: () => '' };
  const namespaces = { contextOf: (name: string) => ({ name, ...(labels === undefined ? {} : { labels }) }) };
  // The documents name the registry, which is there only then: its images are pushed when it asks for them.
  scene = await WebhookScene.start({ namespaces, documents: (host) => documents(place = placeOf(host)) });
  for (const [name, { attached }] of Object.entries(IMAGES)) {
    const digest = scene.registry.pushImage(`acme/${name}`, name, 'v1');
    for (const [identity, statement] of attached(digest)) {
      scene.registry.attach(`acme/${name}`, digest, bundleBytes(scene.world.signKeyless(identity, statement)));
    }
  }
  const question = (of: object): object => request(of, { ...(kind === undefined ? {} : { kind }), ...(running === undefined ? {} : { operation: 'UPDATE', oldObject: running(place) }) });
  const { response: pinned } = await scene.review('/mutate', question(object(place)));
  const patched = question(patch(object(place), pinned));
  const [{ response }, { response: audited }] = [await scene.review('/validate', patched), await scene.review('/audit', patched)];
  const list = (annotation: string, of: ReviewResponse): string[] => (of.auditAnnotations?.[annotation] ?? '').split(',').filter((code) => code !== '');
  return { place, allowed: response.allowed === true, codes: list('reasons', response), warned: list('would-deny', audited) };
}

/** An image's digest follows from its content, whichever registry it is in. */
function placeOf(host: string): Place {
  return { host, by: (name) => `${host}/acme/${name}@${DIGESTS[name] ?? ''}` };
}

const DIGESTS: { [name: string]: string } = {};

beforeAll(async () => {
  const throwaway = await WebhookScene.start();
  Object.keys(IMAGES).forEach((name) => {
    DIGESTS[name] = throwaway.registry.pushImage(`acme/${name}`, name);
  });
  await throwaway.close();
});

function patch(object: object, { patch: encoded }: ReviewResponse): object {
  const copy = structuredClone(object) as Json;
  const operations = encoded === undefined ? [] : JSON.parse(Buffer.from(encoded, 'base64').toString('utf8')) as Array<{ path: string; value: string }>;
  for (const { path, value } of operations) {
    const steps = path.split('/').slice(1);
    const last = steps.pop() ?? '';
    const parent = steps.reduce<Json>((at, step) => Reflect.get(at as object, step) as Json, copy);
    Reflect.set(parent as object, last, value);
  }
  return copy as object;
}

/** What the test kit is asked about. */
function asked({ object, running, labels }: Scenario, place: Place): Workload {
  const made = running === undefined ? object(place) : updating(running(place), object(place));
  return labels === undefined ? made : inNamespace('default', made, labels);
}

/** The evidence of every image that is judged. */
function evidenceIn({ object, running }: Scenario, place: Place): EvidenceOfImages {
  const { host } = place;
  const before = new Set(running === undefined ? [] : uses(running(place)));
  const text = uses(object(place)).filter((use) => !before.has(use)).join();
  return Object.fromEntries(Object.entries(IMAGES).filter(([name]) => new RegExp(`/acme/${name}[:@]`).test(text)).map(([name, { described }]) => [`${host}/acme/${name}`, described]));
}

/** Each place of a Pod with the image in it; any other object as a whole. */
function uses(object: object): string[] {
  const { spec } = object as { readonly spec?: { readonly containers?: readonly object[] } };
  const { containers: list = [], ...more } = spec ?? {};
  return [...list, { ...object, spec: more }].map((part) => JSON.stringify(part));
}

test.each(Object.entries(SCENARIOS))('kit and webhook agree on %s', async (_what, scenario) => {
  const { place, allowed, codes, warned } = await askVerifier(scenario);
  const { outcome, reasons, warnings } = admissionOf(scenario.documents(place), asked(scenario, place), evidenceIn(scenario, place));
  const inOrder = (list: ReadonlyArray<{ readonly code: string }>): string[] => [...new Set(list.map(({ code }) => code))].sort();
  expect({ outcome, codes: inOrder(reasons), warned: inOrder(warnings) }).toEqual({ outcome: allowed ? 'admitted' : 'refused', codes, warned: allowed ? warned : inOrder(warnings) });
});

test('there are scenarios that are admitted, and each refusal has one of its own', () => {
  const codes = new Set(['UNMATCHED_IMAGE', 'TAG_NOT_PINNED', 'NAMESPACE_UNKNOWN', 'DENY_LISTED', 'MALFORMED', 'WRONG_IDENTITY', 'WRONG_PROVENANCE', 'NO_SIGNATURE', 'NO_ATTESTATION']);
  const place = placeOf('registry.example');
  const outcomes = Object.values(SCENARIOS).flatMap((scenario) => {
    const { outcome, reasons } = admissionOf(scenario.documents(place), asked(scenario, place), evidenceIn(scenario, place));
    return outcome === 'admitted' ? [outcome] : reasons.map(({ code }) => code);
  });
  expect([...new Set(outcomes)].sort()).toEqual(['admitted', ...codes].sort());
});
