import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessOfPod } from '../../../lib/verifier/cluster/access';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-'));
  writeFileSync(join(folder, 'token'), 'T1\n');
  writeFileSync(join(folder, 'ca.crt'), 'CA1');
});
afterEach(() => rmSync(folder, { recursive: true }));

const HERE = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

test('a Pod asks the API server that its environment names, with token and authority of its account as they are by then', () => {
  const access = accessOfPod(HERE, folder);
  expect(access?.server).toBe('https://10.96.0.1:443');
  expect(access?.credentials()).toEqual({ ca: 'CA1', token: 'T1' });
  writeFileSync(join(folder, 'token'), 'T2');
  expect(access?.credentials().token).toBe('T2');
});

test('an address of IPv6 is written in brackets', () => {
  expect(accessOfPod({ ...HERE, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder)?.server).toBe('https://[fd00::1]:443');
});

test.each(['80', '8080'])('port %s is asked over TLS, too', (port) => {
  expect(accessOfPod({ ...HERE, KUBERNETES_SERVICE_PORT: port }, folder)?.server).toBe(`https://10.96.0.1:${port}`);
});

test('without an account there is no cluster', () => {
  rmSync(join(folder, 'token'));
  expect(accessOfPod(HERE, folder)).toBeUndefined();
});

test('an account without an address is an error, not a cluster that is not there', () => {
  expect(() => accessOfPod({ KUBERNETES_SERVICE_PORT: '443' }, folder)).toThrow(/KUBERNETES_SERVICE_HOST/);
  expect(() => accessOfPod({ KUBERNETES_SERVICE_HOST: '10.96.0.1' }, folder)).toThrow(/KUBERNETES_SERVICE_PORT/);
});
