import { createServer, AddressInfo, Server, Socket } from 'node:net';
import { builtCommand, RunningCommand } from '../../support/command';
import { policy } from '../admission/scene';
import { ProcessScene, SECRET } from './scene';

jest.setTimeout(60_000);

let scene: ProcessScene;

beforeAll(() => void builtCommand(), 120_000);
beforeEach(async () => {
  scene = await ProcessScene.create();
});
afterEach(() => scene.close());

const BY_LABEL = { namespaces: { labels: { team: 'a' } } };

test('after stop nothing listens and nothing is asked of the cluster', async () => {
  const verifier = await scene.start(BY_LABEL);
  await scene.eventually(() => scene.api.watching === 1);
  const ca = scene.published;
  await verifier.stop();
  await expect(scene.call(verifier, '/healthz', undefined, ca)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await scene.eventually(() => scene.api.watching === 0);
  const { length } = scene.api.calls;
  await new Promise((resolve) => setTimeout(resolve, 3_500));
  expect(scene.api.calls).toHaveLength(length);
});

test('a cluster that never answers does not hold up the stop', async () => {
  const verifier = await scene.start(BY_LABEL);
  let held = 0;
  scene.api.hold = () => {
    held += 1;
    return new Promise(() => undefined);
  };
  await scene.eventually(() => held > 0);
  const limit = new Promise((resolve) => setTimeout(resolve, 8_000, 'still waiting').unref());
  expect(await Promise.race([verifier.stop().then(() => 'stopped'), limit])).toBe('stopped');
  expect(scene.lines).not.toContain('certificate-trouble');
});

describe('the process, on SIGTERM', () => {
  let registry: Server;
  let process_: RunningCommand | undefined;
  const connections: Socket[] = [];

  beforeEach(async () => {
    registry = createServer((socket) => connections.push(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    process_?.child.kill('SIGKILL');
    await process_?.end;
    connections.splice(0).forEach((socket) => socket.destroy());
    await new Promise((resolve) => registry.close(resolve));
  });

  test('answers the review that is in work, takes no other, and ends with 0', async () => {
    const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    process_ = new RunningCommand([
      'serve', '--policy', scene.file('policy.json', JSON.stringify(policy('app', host))), '--listen', '127.0.0.1:0', '--tls', 'self-managed', '--ca-lifetime', '60',
      '--kubeconfig', scene.file('kubeconfig', scene.api.kubeconfig), '--trust-root', `test=${scene.file('root.json', scene.trustedRoot)}`,
      '--registry-config', scene.file('registries.yaml', `"${host}": {plainHttp: true}\n`), '--deadline', '3',
    ]);
    const { address } = await process_.event('listening');
    const verifier = { address: String(address) };
    expect(await scene.isReady(verifier)).toBe(true);
    const ca = scene.published;

    // The registry accepts and says nothing: the review is in work until its deadline.
    const answer = scene.saidOf(verifier, 'default', `${host}/acme/app@sha256:${'ab'.repeat(32)}`);
    await scene.eventually(() => connections.length > 0);
    process_.child.kill('SIGTERM');
    await scene.eventually(() => scene.call(verifier, '/healthz', undefined, ca).then(() => false, (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED'));
    expect(process_.child.exitCode).toBeNull();
    expect(await answer).toMatch(/DEADLINE|REGISTRY_UNAVAILABLE/);
    expect(await process_.end).toMatchObject({ code: 0, err: '' });
    expect(scene.api.calls).toContain(`GET ${SECRET}`);
  });
});
