import { Chart, Lazy } from 'cdk8s';
import {
  AttestationRequirement, AuditWindow, Exemption, KeyAttestor, KeylessAttestor, SignedImagePolicy, SlsaProvenanceRequirement, TrustRoot, WebhookVerifier,
} from '../../lib';
import { createApp, createAttestor, messageOf } from './tree';

/** Values that only become known after the policy was judged, or never. */
const LATER: readonly [string, unknown][] = [
  ['a Lazy', Lazy.any({ produce: () => 'value' })],
  ['a function', () => 'value'],
  ['a token', new class Token {
    public resolve(): string {
      return 'value';
    }
  }()],
  ['a promise', Promise.resolve('value')],
  ['an output', new class Output {
    public apply(): this {
      return this;
    }
  }()],
];

/** Every property that decides enforcement, by construct. */
const PLACES: readonly [string, string, (chart: Chart, value: never) => unknown][] = [
  ['SignedImagePolicy', 'images[0]', (chart, value) => new SignedImagePolicy(chart, 'made', { images: [value], attestors: [] })],
  ['SignedImagePolicy', 'images', (chart, value) => new SignedImagePolicy(chart, 'made', { images: value, attestors: [] })],
  ['SignedImagePolicy', 'attestors', (chart, value) => new SignedImagePolicy(chart, 'made', { images: [], attestors: value })],
  ['SignedImagePolicy', 'threshold', (chart, value) => new SignedImagePolicy(chart, 'made', { images: [], attestors: [], threshold: value })],
  ['SignedImagePolicy', 'namespaces', (chart, value) => new SignedImagePolicy(chart, 'made', { images: [], attestors: [], namespaces: value })],
  ['SignedImagePolicy', 'audit', (chart, value) => new SignedImagePolicy(chart, 'made', { images: [], attestors: [], audit: value })],
  ['KeylessAttestor', 'issuer', (chart, value) => new KeylessAttestor(chart, 'made', { issuer: value, subject: 'a@b.example' })],
  ['KeylessAttestor', 'claims.buildTrigger', (chart, value) => new KeylessAttestor(chart, 'made', { issuer: 'https://x', subject: 'a', claims: { buildTrigger: value } })],
  ['KeylessAttestor.githubWorkflow', 'repository', (chart, value) => KeylessAttestor.githubWorkflow(chart, 'made', { repository: value, workflow: '', ref: '' })],
  ['KeylessAttestor.githubReusableWorkflow', 'callerRepository', (chart, value) => KeylessAttestor.githubReusableWorkflow(chart, 'made', {
    workflowRepository: 'a/b', workflow: '', ref: '', callerRepository: value,
  })],
  ['KeylessAttestor.gitlabPipeline', 'ref', (chart, value) => KeylessAttestor.gitlabPipeline(chart, 'made', { project: 'a/b', ref: value })],
  ['KeyAttestor', 'publicKey', (chart, value) => new KeyAttestor(chart, 'made', { publicKey: value })],
  ['KeyAttestor.fromFile', 'file', (chart, value) => KeyAttestor.fromFile(chart, 'made', { file: value })],
  ['TrustRoot.pinned', 'json', (chart, value) => TrustRoot.pinned(chart, 'made', { json: value })],
  ['SlsaProvenanceRequirement', 'source', (chart, value) => new SlsaProvenanceRequirement(chart, 'made', { attestors: [], source: value })],
  ['SlsaProvenanceRequirement', 'externalParameters.target', (chart, value) => new SlsaProvenanceRequirement(chart, 'made', {
    attestors: [createAttestor(chart)], source: 'https://github.com/acme/payments', externalParameters: { target: value },
  })],
  ['AttestationRequirement', 'predicateType', (chart, value) => new AttestationRequirement(chart, 'made', { attestors: [], predicateType: value })],
  ['Exemption', 'until', (chart, value) => new Exemption(chart, 'made', { image: 'a', digests: [], reason: 'r', owner: 'o', until: value })],
  ['WebhookVerifier', 'replicas', (chart, value) => new WebhookVerifier(chart, 'made', { replicas: value })],
];

describe.each(LATER)('%s', (_, value) => {
  test.each(PLACES)('is refused as %s %s', (__, property, make) => {
    const message = messageOf(() => make(new Chart(createApp(), 'chart'), value as never));
    expect(message.startsWith(`[UNRESOLVED_VALUE] chart/made: ${property} is `)).toBe(true);
    expect(message).toContain('has no value yet. Write the value out');
  });

  test('is refused as the end of an audit window', () => {
    const message = messageOf(() => new AuditWindow({ reason: 'r', owner: 'o', until: value as string }));
    expect(message).toMatch(/^\[UNRESOLVED_VALUE\] AuditWindow: until is /);
  });
});

test('every unresolved value is named, each in a line', () => {
  const lazy = Lazy.any({ produce: () => 'x' }) as string;
  const message = messageOf(() => new SignedImagePolicy(new Chart(createApp(), 'chart'), 'made', { images: [lazy, 'ghcr.io/a/b', lazy], attestors: [], name: lazy }));
  expect(message.split('\n').map((line) => line.slice(0, line.indexOf(' is a Lazy')))).toEqual([
    '[UNRESOLVED_VALUE] chart/made: images[0]', '[UNRESOLVED_VALUE] chart/made: images[2]', '[UNRESOLVED_VALUE] chart/made: name',
  ]);
});

test('a value that contains itself is named, one that is used twice is none', () => {
  const source = 'https://github.com/acme/payments';
  const make = (externalParameters: { [name: string]: unknown }): SlsaProvenanceRequirement => {
    const chart = new Chart(createApp(), 'chart');
    return new SlsaProvenanceRequirement(chart, 'made', { attestors: [createAttestor(chart)], source, externalParameters });
  };
  const inner: { [name: string]: unknown } = { list: ['x'] };
  expect(() => make({ first: inner, second: inner })).not.toThrow();
  inner.list = [inner];
  expect(messageOf(() => make({ first: inner }))).toBe('[INVALID_INPUT] chart/made: externalParameters.first.list[0] contains itself. Write plain data without cycles.');
});
