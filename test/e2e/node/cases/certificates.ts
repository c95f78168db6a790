import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { VERIFIER } from '../../cases/scene';
import { accepted } from '../../harness/cluster';
import { VERIFIER_PORT } from '../../harness/kubelet';
import type { Report } from '../../harness/report';
import { until } from '../../harness/until';
import { expectDenied } from '../../harness/verdict';
import type { Figures } from '../figures';
import { type NodeScene, ROLLOUT_MS } from '../scene';
import { expectClosed, expectUndisturbed, whileRequested } from '../traffic';

const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: VERIFIER.namespace, name: `${VERIFIER.name}-tls` } };
const CONFIGURATION = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: VERIFIER.name } };
/** Seconds that an authority lives for the case that rotates; the shortest in which replicas hear of each other in time, with room. */
const LIFETIME = 60;

/** Certificates that the replicas keep themselves. */
export async function certificateCases(report: Report, scene: NodeScene, figures: Figures): Promise<void> {
  const { api, kubectl } = scene.cluster;

  await report.case('replicas that start at once without any authority end with one that vouches for all of them', async () => {
    const before = await caBundle(scene);
    const startAnew = async (): Promise<string> => {
      accepted(await api.delete(SECRET));
      await kubectl.apply(scene.yaml);
      await scene.kubectl(['--namespace', VERIFIER.namespace, 'delete', 'pods', '--all', '--force', '--grace-period=0']);
      await scene.rolledOut();
      await scene.enforces();
      return caBundle(scene);
    };
    let bundle = await startAnew();
    for (let times = 1; times < 5 && certificatesIn(bundle).some((certificate) => before.includes(certificate)); times += 1) {
      // One of before was told of the Secret before it was ended, and knew an authority.
      bundle = await startAnew();
    }
    assert.equal(certificatesIn(bundle).length, 1, bundle);
    assert.notEqual(bundle, before);
    await expectTrusted(scene, bundle);
  });
  await report.case('the Secret with the authority is deleted: replicas go on, and have made another one when it is applied again, without a failed call', async () => {
    const before = await caBundle(scene);
    const seen = await whileRequested(scene, () => figures.time('the Secret with the authority deleted and applied again, until all replicas show another one', () => whileLookedAt(scene, async () => {
      accepted(await api.delete(SECRET));
      await kubectl.apply(scene.yaml);
      await until('another authority is trusted', async () => {
        const bundle = await caBundle(scene);
        assert.notEqual(bundle, before);
        await expectTrusted(scene, certificatesIn(bundle).find((certificate) => !before.includes(certificate)) ?? '');
      }, { timeoutMs: ROLLOUT_MS });
    })));
    figures.add('requests meanwhile', seen.figures);
    expectUndisturbed(seen);
  });
  await report.case('caBundle is emptied in every entry, as by a tool that applies what it knows: all is refused until a replica has written it again, which needs nobody', async () => {
    const before = await caBundle(scene);
    const { webhooks } = accepted(await api.get(CONFIGURATION)) as unknown as { webhooks: readonly unknown[] };
    const seen = await whileRequested(scene, () => figures.time('caBundle emptied, until signed images are admitted again', async () => {
      // A replica may have mended it before the API server knew that it was empty.
      await until('a request is refused for want of trust', async () => {
        accepted(await api.patch(CONFIGURATION, 'json', webhooks.map((_, index) => ({ op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: '' }))));
        expectDenied(await scene.create(scene.images.signed, { dryRun: true }), 'failed calling webhook');
      });
      await until('it is written again', async () => assert.equal(await caBundle(scene), before));
      await scene.enforces();
    }));
    figures.add('requests meanwhile', seen.figures);
    expectClosed(seen);
  });
  await report.case('P03: the Secret with the authority stays away: no replica stays ready; when it is applied, all are, without another hand', async () => {
    await whileRequested(scene, async () => {
      accepted(await api.delete(SECRET));
      await until('no replica is ready', async () => {
        const ready = (await scene.verifierPods()).map(({ status }) => status.conditions?.find(({ type }) => type === 'Ready')?.status);
        assert.deepEqual(ready, ['False', 'False', 'False']);
      }, { timeoutMs: ROLLOUT_MS });
      await kubectl.apply(scene.yaml);
      await scene.rolledOut();
      await scene.enforces();
    });
  });
  await report.case('P03: authorities that live for a minute are replaced again and again, without a failed call', async () => {
    const shortLived = scene.yaml.replace('- serve\n', `- serve\n            - --ca-lifetime\n            - "${LIFETIME}"\n`);
    await kubectl.apply(shortLived);
    await scene.rolledOut();
    // Those of before would make one that lives for a year.
    await until('the replicas of before have ended', () => assert.equal(scene.node.processes('/app/verifier.cjs').length, 3));
    // One that is there keeps the life that it was made with.
    accepted(await api.delete(SECRET));
    await kubectl.apply(shortLived);
    const bundles = new Set<string>();
    const seen = await whileRequested(scene, () => whileLookedAt(scene, async () => {
      await until('the authority was replaced twice', async () => {
        bundles.add(await caBundle(scene));
        assert.ok(bundles.size >= 4, `${bundles.size} bundles`);
      }, { timeoutMs: 3 * LIFETIME * 1000 });
    }));
    figures.add(`requests while ${bundles.size} bundles of authorities followed each other`, seen.figures);
    expectUndisturbed(seen);
    await kubectl.apply(scene.yaml);
    await scene.rolledOut();
  });
}

/** PEM of every authority that the API server accepts. */
async function caBundle(scene: NodeScene): Promise<string> {
  const { webhooks } = accepted(await scene.cluster.api.get(CONFIGURATION)) as unknown as { webhooks: ReadonlyArray<{ clientConfig: { caBundle?: string } }> };
  return Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64').toString();
}

function certificatesIn(bundle: string): string[] {
  return bundle.split(/(?=-----BEGIN)/).filter((certificate) => certificate !== '');
}

/** Checks that each replica shows a certificate by this authority, for the name that the API server asks for. */
async function expectTrusted(scene: NodeScene, ca: string): Promise<void> {
  await shownCertificates(scene, { ca });
}

/**
 * Looks at the certificate of every replica again and again while something happens: the API server keeps its connections, and so would seldom meet one that
 * it cannot trust.
 *
 * @throws AssertionError when one was by none of the authorities that the API server is told of right after
 */
async function whileLookedAt(scene: NodeScene, happens: () => Promise<void>): Promise<void> {
  const ended = { yes: false };
  const look = async (): Promise<void> => {
    while (!ended.yes) {
      const shown = await shownCertificates(scene, { rejectUnauthorized: false });
      const authorities = certificatesIn(await caBundle(scene)).map((certificate) => new X509Certificate(certificate));
      assert.deepEqual(shown.map((certificate) => authorities.some(({ publicKey }) => certificate.verify(publicKey))), [true, true, true], 'whether each is trusted');
      await sleep(100);
    }
  };
  const looking = look().then(() => undefined, (error: unknown) => error);
  await happens().finally(() => ended.yes = true);
  assert.ifError(await looking);
}

async function shownCertificates(scene: NodeScene, trust: { readonly ca?: string; readonly rejectUnauthorized?: boolean }): Promise<X509Certificate[]> {
  const addresses = (await scene.verifierPods()).map(({ status }) => status.podIP ?? '');
  assert.equal(addresses.length, 3);
  return Promise.all(addresses.map((host) => new Promise<X509Certificate>((done, failed) => {
    const socket = connect({ host, port: VERIFIER_PORT, servername: `${VERIFIER.name}.${VERIFIER.namespace}.svc`, ...trust }, () => {
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      return certificate === undefined ? failed(new Error(`${host} shows no certificate`)) : done(certificate);
    });
    socket.once('error', failed);
  })));
}
