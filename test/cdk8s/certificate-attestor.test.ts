import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { CertificateAttestor, CertificateAttestorProps, Demand, SignedImagePolicy, SlsaProvenanceRequirement, TrustRoot } from '../../lib';
import { AUTHORITY } from '../policy/documents';
import { createApp, documentsIn, messageOf, Written } from './tree';

const subject = 'https://ci.acme.test/release';

function documentOf(make: (chart: Chart) => CertificateAttestor): unknown {
  const chart = new Chart(createApp(), 'enforcement');
  new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [make(chart)] });
  return (documentsIn(Testing.synth(chart) as Written[])[0]!.spec.attestors as { factory: unknown }).factory;
}

const attestor = (props: Partial<CertificateAttestorProps> = {}): unknown =>
  documentOf((chart) => new CertificateAttestor(chart, 'factory', { authority: AUTHORITY, subject, ...props }));

test('an authority and a subject stand in the document as they were given', () => {
  expect(attestor()).toEqual({ type: 'certificate', authority: AUTHORITY, subject, trustRoot: 'sigstore' });
});

test('an authority is read from its file when the construct is made', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'proofgate-')), 'chain.pem');
  writeFileSync(file, AUTHORITY);
  expect(documentOf((chart) => {
    const made = CertificateAttestor.fromFile(chart, 'factory', { file, subject });
    writeFileSync(file, 'changed later');
    return made;
  })).toEqual({ type: 'certificate', authority: AUTHORITY, subject, trustRoot: 'sigstore' });
});

test('under a trust root without log a timestamp is asked for, and no certificate\'s proof', () => {
  const { transparency } = attestor({ trustRoot: TrustRoot.github() }) as { transparency: object };
  expect(transparency).toEqual({ log: 'notRequired', timestamp: 'required', reason: expect.any(String) as unknown });
});

test.each<[string, Partial<CertificateAttestorProps>, RegExp]>([
  ['a path for a PEM', { authority: 'pki/chain.pem' }, /authority is "pki\/chain.pem", which looks like the path of a file: use CertificateAttestor.fromFile/],
  ['text that is no certificate', { authority: '-----BEGIN CERTIFICATE-----' }, /authority .*PEM/],
  ['half a subject', { subject: 'release' }, /subject is "release"/],
  ['no log without a reason', { transparency: { log: Demand.NOT_REQUIRED, timestamp: Demand.REQUIRED } }, /transparency\.reason is missing/],
])('refuses %s', (_, props, message) => {
  const text = messageOf(() => attestor(props));
  expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/factory: /);
  expect(text).toMatch(message);
});

test('says which file cannot be read', () => {
  expect(messageOf(() => documentOf((chart) => CertificateAttestor.fromFile(chart, 'factory', { file: '/no/such/chain.pem', subject }))))
    .toMatch(/^\[INVALID_INPUT\] enforcement\/factory: the authority cannot be read: .*\/no\/such\/chain\.pem.* Correct `file`/);
});

test('beside it, a provenance needs builders and build types', () => {
  const provenance = (props: object): string => messageOf(() => {
    const chart = new Chart(createApp(), 'enforcement');
    const factory = new CertificateAttestor(chart, 'factory', { authority: AUTHORITY, subject });
    const requirement = new SlsaProvenanceRequirement(chart, 'provenance', { attestors: [factory], source: 'https://git.acme.test/app', level: 1, ...props });
    new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [factory], requirements: [requirement] });
    Testing.synth(chart);
  });
  expect(provenance({})).toMatch(/builderIds is missing, and the attestor "factory" is a certificate of your own authority, which names no builder/);
  expect(() => provenance({ builderIds: ['https://ci.acme.test/builder'], buildTypes: ['https://ci.acme.test/build/v1'] })).toThrow('nothing was refused');
});
