import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { AuditWindow, DenyList, KeylessAttestor, KyvernoEngine, NamespaceSelection, NativeEngine, SignedImagePolicy } from '../../lib';
import { assertAdmits, assertEnforces, assertRefuses, assertRefusesSynthesis, assertWarns, enforcementOf, ExpectationError, inNamespace, matchers, signedBy, stranger, unsigned } from '../../lib/testing';
import { NEXT_MONTH } from '../cdk8s/tree';
import { policy } from '../decide/world';
import { API, chartWith, foreignChart, PINNED, provenChart, release, RELEASE } from './scene';
import '../../lib/testing/jest';

const chart = chartWith();
const good = signedBy(release());
const why = { reason: 'the rollout', owner: 'ada' };
const watched = chartWith({ audit: new AuditWindow({ ...why, until: NEXT_MONTH }) });
const messageOf = (action: () => void): string => {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ExpectationError);
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

test('matchers say of a good test what the plain functions say', () => {
  expect(chart).toEnforce();
  assertEnforces(chart);
  expect(chart).toAdmit(API, good);
  assertAdmits(chart, API, good);
  expect(chart).toRefuse(API, 'NO_SIGNATURE');
  assertRefuses(chart, API, 'NO_SIGNATURE', unsigned());
  expect(chart).toRefuse(API, 'WRONG_IDENTITY', signedBy(stranger()));
  assertRefuses(chart, API, 'WRONG_IDENTITY', signedBy(stranger()));
  expect(watched).toWarn(API, 'NO_SIGNATURE');
  assertWarns(watched, API, 'WRONG_IDENTITY', signedBy(stranger()));
  expect(watched).toAdmit(API, good);
  expect(() => emptied()).toRefuseSynthesis('REMOVED');
  assertRefusesSynthesis(() => emptied(), 'REMOVED');
});

test('the message shows policy, what was expected and what was found, side by side', () => {
  expect(messageOf(() => assertAdmits(chart, PINNED, signedBy(stranger())))).toMatchInlineSnapshot(`
"expected ghcr.io/acme/payments/api@sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1 in the namespace default to be admitted, and it is refused with WRONG_IDENTITY

  image     ghcr.io/acme/payments/api@sha256:a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1
  policy    payments, signature, by release
  expected  the signer "https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main" of the issuer "https://token.actions.githubusercontent.com"
  found     the email "mallory@stranger.example" of "https://accounts.google.com"
  code      WRONG_IDENTITY: The signature is genuine, but its signer is not the one the policy names; of many signatures by others, most are not checked, and the message says of which.

  evidence  a signature by mallory@stranger.example"
`);
});

test.each<[string, () => void, RegExp]>([
  ['an admission that was expected to be a refusal', () => assertRefuses(chart, API, 'NO_SIGNATURE', good), /to be refused with NO_SIGNATURE, and it is admitted[^]*payments, signature: release vouches[^]*evidence {2}a signature by https/],
  ['a refusal for another reason', () => assertRefuses(chart, API, 'WRONG_ISSUER'), /to be refused with WRONG_ISSUER, and it is refused with NO_SIGNATURE/],
  ['what only a window admits, as admitted', () => assertAdmits(watched, API), /to be admitted, and it is admitted only with a warning of NO_SIGNATURE, by an audit window: nothing was verified; toWarn[^]*found +no/],
  ['what only a window admits, as refused', () => assertRefuses(watched, API, 'NO_SIGNATURE'), /admitted only with a warning/],
  ['another warning', () => assertWarns(watched, API, 'WRONG_IDENTITY'), /with a warning of WRONG_IDENTITY, and it is admitted only with a warning of NO_SIGNATURE/],
  ['evidence that holds, as a warning', () => assertWarns(watched, API, 'NO_SIGNATURE', good), /with a warning of NO_SIGNATURE, and it is admitted\n/],
  ['a refusal, as a warning', () => assertWarns(chart, API, 'NO_SIGNATURE'), /with a warning of NO_SIGNATURE, and it is refused with NO_SIGNATURE/],
  ['a workload that no policy covers, as admitted', () => assertAdmits(chartWith({ namespaces: NamespaceSelection.names('shop') }), API, good), /not covered[^]*policy payments {2}holds in shop/],
  ['a workload that no policy covers, as refused', () => assertRefuses(chartWith({ namespaces: NamespaceSelection.names('shop') }), API, 'NO_SIGNATURE'), /in the namespace default[^]*not covered/],
  ['a window as enforced', () => assertEnforces(chartWith({ audit: new AuditWindow({ ...why, until: NEXT_MONTH }) })), /policy payments only warns until .* \(the rollout; ada\)/],
  ['a policy that is not there as enforced', () => assertEnforces(chart, 'payment'), /there is no policy payment; there are payments/],
  ['documents alone as enforced', () => assertEnforces([policy()]), /nothing in it enforces the policies/],
  ['a synthesis that succeeds', () => assertRefusesSynthesis(() => chart, 'EXPIRED'), /to be refused with EXPIRED, and it succeeds/],
  ['a synthesis that is refused for another reason', () => assertRefusesSynthesis(() => emptied(), 'EXPIRED'), /refused with EXPIRED, and it says:\n[^]*\[REMOVED\]/],
  ['a construct that is refused for another reason', () => assertRefusesSynthesis(() => chartWith({ images: [] }), 'EXPIRED'), /refused with EXPIRED, and it says:\n\[INVALID_INPUT\]/],
  ['another mistake than a refusal', () => assertRefusesSynthesis(() => {
    throw new Error('no file');
  }, 'EXPIRED'), /refused with EXPIRED, and it says:\nno file/],
])('fails on %s', (_what, action, message) => {
  expect(messageOf(action)).toMatch(message);
});

test('one of several policies is enforced where its name is said', () => {
  const two = chartWith({}, (scope) => void otherPolicy(scope));
  expect(() => expect(two).toEnforce()).toThrow('policy next only warns');
  expect(two).toEnforce('payments');
});

test('what is refused where it is made, and where it is written, is refused', () => {
  expect(() => chartWith({ images: ['ghcr.io/acme*'] })).toRefuseSynthesis('INVALID_INPUT');
  expect(() => patched()).toRefuseSynthesis('FAILURE_POLICY');
  expect(() => patched().node.root as App).toRefuseSynthesis('FAILURE_POLICY');
});

test.each<[string, () => void, string]>([
  ['a negation of toEnforce', () => expect(chart).not.toEnforce(), 'it cannot be negated'],
  ['a negation of toAdmit', () => expect(chart).not.toAdmit(API), 'it cannot be negated'],
  ['a negation of toRefuse', () => expect(chart).not.toRefuse(API, 'WRONG_ISSUER'), 'it cannot be negated'],
  ['a negation of toRefuseSynthesis', () => expect(() => chart).not.toRefuseSynthesis('EXPIRED'), 'it cannot be negated'],
  ['a code that there is not', () => expect(chart).toRefuse(API, 'UNSIGNED' as never), '"UNSIGNED" is no reason code'],
  ['a code that is nearly one', () => expect(chart).toRefuse(API, 'NO_SIGNATUR' as never), '"NO_SIGNATUR" is no reason code, did you mean NO_SIGNATURE?'],
  ['evidence where a code belongs', () => expect(chart).toRefuse(API, signedBy(stranger()) as never, 'NO_SIGNATURE' as never), 'expected a reason code after the workload, found evidence; the evidence comes last'],
  ['a workload where a code belongs', () => expect(chart).toRefuse('NO_SIGNATURE', inNamespace('payments', API) as never), 'expected a reason code after the workload, found a workload'],
  ['a code where a workload belongs', () => expect(chart).toAdmit('NO_SIGNATURE'), 'or a workload, found the reason code NO_SIGNATURE; what is enforced comes first'],
  ['a chart where a workload belongs', () => assertAdmits(chart, chart), 'or a workload, found a chart; what is enforced comes first, then the workload'],
  ['evidence where a workload belongs', () => assertAdmits(chart, signedBy(stranger()), API as never), 'or a workload, found evidence; what is enforced'],
  ['nothing where a workload belongs', () => assertAdmits(chart, undefined as never), 'or a workload, found nothing; what is enforced'],
  ['a workload where a chart belongs', () => assertAdmits(inNamespace('payments', API) as never, chart), 'expected a chart or App of cdk8s, or a list of Kubernetes objects, found a workload; what is enforced comes first'],
  ['an identity where evidence belongs', () => assertAdmits(chart, API, stranger() as never), 'expected evidence, such as signedBy(…), or that of each image, '],
  ['a text where evidence belongs', () => assertAdmits(chart, API, 'NO_SIGNATURE' as never), 'found the reason code NO_SIGNATURE; it comes last'],
  ['a workload where a namespace belongs', () => void inNamespace('ghcr.io/acme/payments/api:v1', 'payments'), "inNamespace('payments', …), found the text \"ghcr.io/acme/payments/api:v1\" first"],
  ['a code where a function belongs', () => expect('EXPIRED' as never).toRefuseSynthesis('EXPIRED'), 'expected a function that makes and returns a chart or App, found the text "EXPIRED"'],
  ['a chart where a function belongs', () => expect(chart).toRefuseSynthesis('EXPIRED'), 'expected a function'],
  ['a function that returns nothing', () => expect(() => undefined).toRefuseSynthesis('EXPIRED'), 'returns no chart or App'],
])('%s is an error, whatever the outcome', (_what, action, message) => {
  expect(action).toThrow(message);
});

test('colour is the runner\'s, and only on what was expected and found', () => {
  const utils = { EXPECTED_COLOR: (text: string) => `<+${text}+>`, RECEIVED_COLOR: (text: string) => `<-${text}->` };
  const coloured = matchers.toAdmit.call({ utils }, chart, API, signedBy(stranger())).message();
  expect(coloured).toContain('to be <+admitted+>, and it is refused with <-WRONG_IDENTITY->');
  expect(coloured).toMatch(/expected {2}<\+the signer ".*\+>\n {2}found {5}<-the email ".*->\n/);
  expect(coloured.replace(/<[+-]|[+-]>/g, '')).toBe(messageOf(() => assertAdmits(chart, API, signedBy(stranger()))));
});

describe('the outline of a chart', () => {
  test('changes by the lines that changed', () => {
    const before = enforcementOf(chart).split('\n');
    const after = enforcementOf(provenChart()).split('\n');
    expect(after.filter((line) => !before.includes(line)).map((line) => line.trim())).toMatchInlineSnapshot(`
[
  "needs provenance: attestation https://slsa.dev/provenance/v1 by release",
  "SLSA build level 2",
  "source https://github.com/acme/payments",
  "builder the signer",
  "build type https://actions.github.io/buildtypes/workflow/v1",
]
`);
  });

  test('is that of documents and App alike, and of what would not be enforced there is none', () => {
    expect(enforcementOf(chart.node.root as App)).toBe(enforcementOf(chart));
    expect(enforcementOf(Testing.synth(chart) as object[])).toBe(enforcementOf(chart));
    expect(() => enforcementOf(patched())).toThrow('[FAILURE_POLICY]');
    expect(inNamespace('a', API)).not.toBe(API);
  });

  test('shows what the API server alone closes for a deny list', () => {
    const made = chartWith();
    new DenyList(made, 'withdrawn', { digests: [`sha256:${'d'.repeat(64)}`], ...why, namespaces: NamespaceSelection.names('lab'), engine: new NativeEngine(made, 'native') });
    expect(enforcementOf(made)).toMatch(/\nenforced by NativeEngine:\n\ndeny list withdrawn\n[^]*\n\ntags\n {2}refused: in lab, since nobody looks up what they point to\n$/);
    expect(enforcementOf(chartWith())).not.toContain('tags');
  });

  test('shows what another engine enforces under its name, and below what the verifier does', () => {
    const kyverno = (scope: Chart): KyvernoEngine => new KyvernoEngine(scope, 'kyverno', { version: '1.19.1' });
    const app = new App();
    foreignChart(kyverno, 'shop', new Chart(app, 'foreign'));
    const alone = enforcementOf(app);
    expect(alone).toMatch(/^enforced by KyvernoEngine:\n\npolicy foreign\n/);
    const own = new Chart(app, 'own');
    const namespaces = NamespaceSelection.names('payments');
    new SignedImagePolicy(own, 'payments', { images: ['ghcr.io/acme/payments/**'], namespaces, attestors: [KeylessAttestor.githubWorkflow(own, 'release', RELEASE)] });
    expect(enforcementOf(app)).toMatch(/^policy payments\n/);
    expect(enforcementOf(app).endsWith(`\n${alone}`)).toBe(true);
    assertEnforces(app, 'foreign', 'payments');
    expect(messageOf(() => assertEnforces(app, 'absent'))).toContain('there is no policy absent; there are payments, foreign');
  });
});

function emptied(): Chart {
  return chartWith({}, (scope) => void scope.node.tryRemoveChild('payments'));
}

function patched(): Chart {
  const made = chartWith();
  const webhook = made.node.findAll().find((object) => ApiObject.isApiObject(object) && object.kind === 'ValidatingWebhookConfiguration') as ApiObject;
  webhook.addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore'));
  return made;
}

function otherPolicy(scope: Chart): void {
  const attestor = KeylessAttestor.githubWorkflow(scope, 'next-release', { ...RELEASE, repository: 'acme/next' });
  new SignedImagePolicy(scope, 'next', { images: ['ghcr.io/acme/next/**'], attestors: [attestor], audit: new AuditWindow({ ...why, until: NEXT_MONTH }) });
}
