import { Testing } from 'cdk8s';
import { Enforcement } from './chart';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly annotations?: { readonly [key: string]: string } };
  readonly data: { readonly [file: string]: string };
  readonly webhooks: ReadonlyArray<{ readonly name: string; readonly failurePolicy: string; readonly clientConfig: { readonly service: { readonly path: string } } }>;
}

interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly [field: string]: unknown };
}

const END = Date.parse('2027-06-30');

/** The dates in the chart are judged against the clock: the tests have one of their own, so that they mean the same every day. */
function synthesizeAt(instant: number): Manifest[] {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(instant);
  try {
    return Testing.synth(new Enforcement(Testing.app(), 'enforcement')) as Manifest[];
  } finally {
    clock.mockRestore();
  }
}

const manifests = synthesizeAt(Date.parse('2026-12-01'));
const texts = manifests.flatMap(({ data }) => data?.['policy.json'] ?? []);
const documents = new Map(texts.map((text) => JSON.parse(text) as Document).map((document) => [document.metadata.name, document]));

test('payments needs a signature, level 3 provenance and an SBOM of the pinned builder, called by acme/payments at main', () => {
  expect(documents.get('payments')).toMatchSnapshot();
});

test('what is relaxed says why, who answers for it and until when, in the document and on the object', () => {
  expect({ ledger: documents.get('ledger')?.spec['action'], agent: documents.get('metrics-agent')?.spec }).toMatchSnapshot();
  expect(manifests.map(({ metadata }) => metadata.annotations).filter((annotations) => annotations !== undefined)).toMatchSnapshot();
});

test('only the entry of the audit window may be ignored', () => {
  const entries = manifests.filter(({ kind }) => kind === 'ValidatingWebhookConfiguration').flatMap(({ webhooks }) => webhooks);
  expect(entries.map(({ name, failurePolicy, clientConfig }) => `${name}: ${clientConfig.service.path}, ${failurePolicy}`)).toMatchInlineSnapshot(`
[
  "validate-named.proofgate-verifier.proofgate.dev: /validate, Fail",
  "audit-named.proofgate-verifier.proofgate.dev: /audit, Ignore",
]
`);
});

test('credentials are named, never written', () => {
  expect(manifests.flatMap(({ data }) => data?.['registries.json'] ?? []).map((text) => JSON.parse(text) as unknown)).toEqual([
    { 'ghcr.io': { dockerConfigFile: '/etc/proofgate/registry-credentials/ghcr-read/.dockerconfigjson' } },
  ]);
});

test('from the end of the window and the exemption on, it does not synthesize', () => {
  expect(() => void synthesizeAt(END - 1)).not.toThrow();
  expect(() => void synthesizeAt(END)).toThrow('[EXPIRED] enforcement/ledger');
  expect(() => void synthesizeAt(END)).toThrow('[EXPIRED] enforcement/metrics-agent');
});
