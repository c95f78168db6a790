import 'proofgate/testing/jest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { enforcementOf, Identity, inNamespace, publicKey, signedBy } from 'proofgate/testing';
import { Enforcement } from './chart';

/** Some time after both keys have signed, whenever the tests run. */
const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.parse('2027-02-01'));
afterAll(() => clock.mockRestore());

const chart = new Enforcement(Testing.app(), 'enforcement');
const api = inNamespace('payments', 'registry.acme.example/payments/api:v1');
const holder = (file: string): Identity => publicKey({ publicKey: readFileSync(join(__dirname, 'keys', file), 'utf8') });
const [old, next] = [holder('release-2026.pub'), holder('release-2027.pub')];

test('one party has two keys, each with its time', () => {
  expect(enforcementOf(chart)).toMatchSnapshot();
  expect(chart).toEnforce();
});

test('the old key signs until its end, and what it signed then stays good', () => {
  expect(chart).toAdmit(api, signedBy(old).signedAt('2026-12-31T23:59:59Z'));
  expect(chart).toRefuse(api, 'KEY_NOT_VALID', signedBy(old).signedAt('2027-01-01T00:00:00Z'));
});

test('the new key signs from its day on', () => {
  expect(chart).toAdmit(api, signedBy(next).signedAt('2026-12-01T00:00:00Z'));
  expect(chart).toRefuse(api, 'KEY_NOT_VALID', signedBy(next).signedAt('2026-11-30T23:59:59Z'));
});

test('a signature that no log dates is not one of either time', () => {
  expect(chart).toRefuse(api, 'NO_TRANSPARENCY', signedBy(next).withWitnesses({ log: false }));
});
