import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { VerifierOptions } from '../../../lib/verifier/options';
import { RunningVerifier, startVerifier } from '../../../lib/verifier/process';
import { builtThread } from '../../support/command';
import { SigstoreWorld } from '../../support/sigstore';
import { containers, pod, policy, request } from '../admission/scene';
import { KubernetesApi } from './kubernetes-api';

export const SECRET = '/api/v1/namespaces/proofgate/secrets/proofgate-verifier-tls';
export const HOOKS = ['validating', 'mutating'].map((kind) => `/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations/proofgate-verifier`);

/** An image that the policy covers; no registry has it. */
export const IMAGE = `reg.test/acme/app@sha256:${createHash('sha256').update('x').digest('hex')}`;

/** A verifier, wherever it runs. */
export type Listening = Pick<RunningVerifier, 'address'>;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Replicas of the verifier in this process, and the cluster that they work with. */
export class ProcessScene {
  static async create(): Promise<ProcessScene> {
    const scene = new ProcessScene(await KubernetesApi.start());
    scene.api.put(SECRET, { apiVersion: 'v1', kind: 'Secret', data: {} });
    HOOKS.forEach((path) => scene.api.put(path, { webhooks: [{ name: 'a', clientConfig: {} }, { name: 'b', clientConfig: { caBundle: 'eA==' } }] }));
    return scene;
  }

  /** What all replicas wrote. */
  lines = '';
  readonly trustedRoot = JSON.stringify(SigstoreWorld.create().trustedRoot);
  private readonly folder = mkdtempSync(join(tmpdir(), 'process-'));
  private readonly running: RunningVerifier[] = [];

  private constructor(readonly api: KubernetesApi) {
    this.file('root.json', this.trustedRoot);
  }

  file(name: string, content: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Starts one replica. `caLifetime` of a minute makes it look at the cluster every three seconds. */
  async start(spec: object = {}, further: Partial<VerifierOptions> = {}): Promise<RunningVerifier> {
    const output = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.lines += chunk.toString();
        done();
      },
    });
    const verifier = await startVerifier({
      policies: [this.file('policy.json', JSON.stringify(policy('app', 'reg.test', spec)))],
      listen: { host: '127.0.0.1', port: 0 },
      tls: { mode: 'self-managed', caLifetime: 60_000 },
      refreshShipped: false,
      trustRoots: [{ name: 'test', file: join(this.folder, 'root.json') }],
      kubeconfig: this.file('kubeconfig', this.api.kubeconfig),
      entry: builtThread(),
      deadline: 2_000,
      namespace: 'proofgate',
      name: 'proofgate-verifier',
      ...further,
    }, output);
    this.running.push(verifier);
    return verifier;
  }

  /** As the API server would: by the name of the Service, trusting the published bundle only. */
  call(verifier: Listening, path: string, body?: object, ca = this.published): Promise<Answer> {
    const [host, port] = verifier.address.split(':');
    return new Promise((resolve, reject) => {
      const call = httpsRequest({
        host, port, path, method: body === undefined ? 'GET' : 'POST', servername: 'proofgate-verifier.proofgate.svc', headers: { 'content-type': 'application/json' }, agent: new Agent({ ca }),
      }, (message) => {
        let text = '';
        message.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve({ status: message.statusCode ?? 0, text }));
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: body }));
    });
  }

  /** `allowed`, `not covered` where the verifier knows of no policy for the namespace, or the reason codes of another refusal. */
  async saidOf(verifier: Listening, namespace: string, reference = 'reg.test/other/app'): Promise<string> {
    const { text } = await this.call(verifier, '/validate', request(pod({ containers: containers(reference) }), { namespace }));
    const { response } = JSON.parse(text) as { response: { allowed: boolean; status?: { message: string }; auditAnnotations?: { reasons?: string } } };
    if (response.status?.message.includes('which no enforced policy of this verifier covers') === true) {
      return 'not covered';
    }
    return response.allowed ? 'allowed' : response.auditAnnotations?.reasons ?? 'no reason';
  }

  /** Whether the API server could call it and would find it ready. */
  isReady(verifier: Listening): Promise<boolean> {
    return this.call(verifier, '/readyz').then(({ status }) => status === 200, () => false);
  }

  bundlesOf(path: string): string[] {
    const { webhooks } = this.api.objects.get(path) as unknown as { webhooks: Array<{ clientConfig: { caBundle?: string } }> };
    return webhooks.map(({ clientConfig }) => Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8'));
  }

  get published(): string {
    return this.bundlesOf(HOOKS[0] ?? '')[0] ?? '';
  }

  /** Until it holds; gives up after the time in which two looks at the cluster fit. */
  async eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
    for (let wait = 0; !await holds(); wait += 1) {
      if (wait > 200) {
        throw new Error(`still not so; the log:\n${this.lines}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map((verifier) => verifier.stop()));
    await this.api.close();
    rmSync(this.folder, { recursive: true });
  }
}
