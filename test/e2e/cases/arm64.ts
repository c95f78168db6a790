import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { Container, unpack } from '../../image/container';
import { Layout } from '../../image/layout';
import { servingCertificate } from '../../support/serving-certificate';
import { bundleBytes, githubRun, SigstoreWorld, signStatement } from '../../support/sigstore';
import { attachBundle, pushImage } from '../harness/images';
import type { Programs } from '../harness/process';
import { freePort } from '../../support/free-port';
import { OciRegistry } from '../harness/registry';
import type { Report } from '../harness/report';
import { until } from '../harness/until';

const RELEASE = githubRun({ ref: 'refs/tags/v1.2.3' });
/** An emulated processor verifies many times slower than one. */
const DEADLINE_S = 29;
const START_MS = 60_000;

export interface Arm64Programs {
  /** Runs programs of arm64. */
  readonly emulator: string;
  readonly registry: string;
}

/** The image for arm64, its every program run by an emulator: that all it needs is in it, and that it judges as the other one does. */
export async function arm64Cases(report: Report, programs: Programs, { emulator, registry: program }: Arm64Programs, folder: string): Promise<void> {
  const root = join(folder, 'root');
  const configuration = await report.case('the image for arm64 is unpacked, each layer being what its configuration says', async () => {
    execFileSync(process.execPath, ['scripts/image.mjs', '--output', join(folder, 'layout')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const layout = new Layout(join(folder, 'layout'));
    unpack(await layout.files('arm64'), root);
    copyFileSync(emulator, join(root, 'emulator'));
    return layout.platform('arm64').configuration;
  });
  if (configuration === undefined) {
    return;
  }
  const start = (args: readonly string[], entrypoint = configuration.config.Entrypoint): Container => new Container(root, configuration, args, ['/emulator', ...entrypoint]);

  await report.case('its Node is one for arm64, and its command tells its version and what it can do', async () => {
    assert.deepEqual(await said(start(['-p', 'process.arch'], ['/usr/bin/node'])), { code: 0, output: 'arm64\n' });
    assert.equal((await said(start(['--version']))).code, 0);
    assert.match((await said(start(['serve', '--help']))).output, /^Usage: proofgate serve/);
  });
  await report.case('it listens, allows a signed image and refuses an unsigned one', async () => {
    const registry = await OciRegistry.start({ folder, binaries: { registry: program } }, programs, { address: '127.0.0.1', port: await freePort() });
    const world = SigstoreWorld.create({ name: 'own.test' });
    const image = async (name: string): Promise<string> => `${registry.host}/${name}@${await pushImage(registry, name)}`;
    const [signed, unsigned] = [await image('acme/signed'), await image('acme/unsigned')];
    await attachBundle(registry, 'acme/signed', bundleBytes(world.signKeyless(RELEASE, signStatement(signed.split('@')[1] ?? ''))));
    const { certificate, key } = await servingCertificate();
    mkdirSync(join(root, 'mounted'));
    for (const [name, content] of Object.entries({
      'policy.json': JSON.stringify(policyFor(registry.host)), 'trusted_root.json': JSON.stringify(world.trustedRoot),
      'registries.json': JSON.stringify({ [registry.host]: { plainHttp: true } }), 'tls.crt': certificate, 'tls.key': key,
    })) {
      writeFileSync(join(root, 'mounted', name), content);
    }
    const container = start(['serve', '--listen', '127.0.0.1:0', '--policy', '/mounted/policy.json', '--trust-root', 'own=/mounted/trusted_root.json',
      '--registry-config', '/mounted/registries.json', '--tls-cert', '/mounted/tls.crt', '--tls-key', '/mounted/tls.key', '--deadline', String(DEADLINE_S)]);
    let ended = false;
    void container.end.then(() => ended = true);
    try {
      const address = await until('it listens', () => {
        const [, found] = /"event":"listening","address":"([^"]+)"/.exec(container.output) ?? [];
        return found ?? Promise.reject(new Error(container.output));
      }, { timeoutMs: START_MS, unless: () => (ended ? container.output : undefined) });
      assert.deepEqual(await review(address, certificate, signed), { allowed: true });
      const refused = await review(address, certificate, unsigned);
      assert.equal(refused.allowed, false);
      assert.match(refused.status?.message ?? '', /\[NO_SIGNATURE\]/);
    } finally {
      container.child.kill('SIGKILL');
      await container.end;
    }
  });
}

function policyFor(host: string): object {
  return {
    apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'app' },
    spec: {
      images: [`${host}/acme/**`],
      attestors: { release: { type: 'keyless', issuer: RELEASE.issuer, subject: RELEASE.subject, trustRoot: 'own' } },
      requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }],
    },
  };
}

async function said(container: Container): Promise<{ readonly code: number | null; readonly output: string }> {
  const code = await container.end;
  return { code, output: container.output };
}

interface Verdict {
  readonly allowed: boolean;
  readonly status?: { readonly message: string };
}

function review(address: string, ca: string, image: string): Promise<Verdict> {
  const body = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: {
    uid: '1', kind: { group: '', version: 'v1', kind: 'Pod' }, resource: { group: '', version: 'v1', resource: 'pods' }, operation: 'CREATE', namespace: 'shop', name: 'a',
    object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec: { containers: [{ name: 'a', image }] } },
  } };
  return new Promise((answered, failed) => {
    const call = request(`https://${address}/validate`, { method: 'POST', ca, servername: 'localhost', headers: { 'content-type': 'application/json' } }, (message) => {
      let text = '';
      message.setEncoding('utf8').on('data', (chunk: string) => text += chunk).once('end', () => {
        const { allowed, status } = (JSON.parse(text) as { response: Verdict }).response;
        answered({ allowed, ...(status === undefined ? {} : { status }) });
      });
    });
    call.once('error', failed);
    call.end(JSON.stringify(body));
  });
}
