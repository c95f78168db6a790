import { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { PolicyDocument } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { NAMES_ONLY } from '../../../lib/verifier/cluster/cluster';
import { ReviewLimits } from '../../../lib/verifier/admission/limits';
import { NamespaceDirectory } from '../../../lib/verifier/admission/judge-review';
import { Gate } from '../../../lib/verifier/gate';
import { ImageJudge } from '../../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';
import { WaitingRoom } from '../../../lib/verifier/waiting-room';
import { EvidenceVerifier, Readers, Registry } from '../../../lib/verifier/ports';
import { OciRegistry } from '../../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { Trust } from '../../../lib/verifier/trust/trust';
import { WebhookServer } from '../../../lib/verifier/server/server';
import { AnsweredReview, Webhook, WebhookObserver } from '../../../lib/verifier/server/webhook';
import { servingCertificate } from '../../support/serving-certificate';
import { TestRegistry } from '../../support/registry';
import { RegistryAuth } from '../../support/registry/auth';
import { ownReaders } from '../../support/readers';
import { fixedTrust } from '../../support/trust';
import { bundleBytes, GITHUB_ISSUER, githubRun, signStatement, SigstoreWorld } from '../../support/sigstore';

export interface SceneOptions {
  /** @default - images of `acme/**` need the signature of one workflow, in every namespace but kube-system */
  readonly documents?: (host: string) => readonly object[];
  /** Stand in for the real ones. */
  readonly registry?: (real: Registry) => Registry;
  readonly readers?: (host: string) => Readers;
  /** What requests to the registry have to prove. @default - nothing */
  readonly auth?: RegistryAuth;
  readonly evidence?: (real: EvidenceVerifier) => EvidenceVerifier;
  readonly trust?: Trust;
  readonly judge?: (real: ImageJudge) => ImageJudge;
  readonly namespaces?: NamespaceDirectory;
  readonly observer?: Partial<WebhookObserver>;
  readonly metrics?: () => Promise<string>;
  readonly limits?: ReviewLimits;
  readonly gate?: Gate;
  readonly now?: () => number;
  /** Milliseconds. @default - more than any test takes */
  readonly deadline?: number;
  /** Questions that may wait for evidence at once. */
  readonly places?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The response of the AdmissionReview; empty when it is none. */
  readonly response: ReviewResponse;
}

export interface ReviewResponse {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: { readonly message?: string; readonly code?: number; readonly reason?: string };
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: { readonly [key: string]: string };
  readonly patchType?: string;
  readonly patch?: string;
}

const REPOSITORY = 'acme/app';
let made: Promise<{ certificate: string; key: string }> | undefined;

/** The webhook as the API server meets it: HTTPS, a registry on loopback, and genuine signatures; only the threads are left out. */
export class WebhookScene {
  static async start(options: SceneOptions = {}): Promise<WebhookScene> {
    made ??= servingCertificate();
    const scene = new WebhookScene(options, await TestRegistry.start(options.auth === undefined ? {} : { auth: options.auth }), await made);
    const { port } = await scene.server.listen('127.0.0.1', 0);
    scene.port = port;
    scene.good = scene.signed('the good one');
    scene.bad = `${scene.registry.host}/${REPOSITORY}@${scene.registry.pushImage(REPOSITORY, 'the unsigned one', 'bad')}`;
    return scene;
  }

  readonly world = SigstoreWorld.create();
  readonly cache = new VerdictCache();
  readonly answered: AnsweredReview[] = [];
  readonly rejected: Array<{ readonly path: string; readonly status: number; readonly message: string }> = [];
  readonly unexpected: unknown[] = [];
  readonly server: WebhookServer;
  readonly webhook: Webhook;
  readonly agent: Agent;
  port = 0;
  /** Signed as the policy wants it; its tag is `good`. */
  good = '';
  /** Signed by nobody; its tag is `bad`. */
  bad = '';
  private readonly client: OciRegistry;

  private constructor(options: SceneOptions, readonly registry: TestRegistry, certificate: { readonly certificate: string; readonly key: string }) {
    this.client = new OciRegistry(new Map([[registry.host, { plainHttp: true }]]));
    const store = new TrustStore([{ name: 'test', json: JSON.stringify(this.world.trustedRoot) }]);
    const evidence: EvidenceVerifier = { verify: (bundles, _digest, attestors) => Promise.resolve(verifyEvidence(bundles, attestors, store)) };
    const unexpected = (error: unknown): void => void this.unexpected.push(error);
    const judge = new ImageJudge({
      set: policySet((options.documents ?? ((host) => [policy('app', host)]))(registry.host).map((document): PolicyDocument => parseDocument(document))),
      readers: options.readers?.(registry.host) ?? ownReaders(options.registry?.(this.client) ?? this.client),
      trust: options.trust ?? fixedTrust(options.evidence?.(evidence) ?? evidence),
      cache: this.cache,
      gate: options.gate ?? new Gate(),
      room: new WaitingRoom(options.places),
      budget: options.deadline ?? 60_000,
      now: options.now ?? Date.now,
      unexpected,
    });
    this.webhook = new Webhook({
      images: options.judge?.(judge) ?? judge,
      namespaces: options.namespaces ?? NAMES_ONLY,
      observer: {
        answered: (event) => void this.answered.push(event),
        rejected: (path, status, message) => void this.rejected.push({ path, status, message }),
        unexpected,
        ...options.observer,
      },
      deadline: options.deadline ?? 60_000,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
    this.server = new WebhookServer({ webhook: this.webhook, unready: () => [], metrics: options.metrics ?? (() => Promise.resolve('')), unexpected }, certificate);
    this.agent = new Agent({ ca: certificate.certificate, keepAlive: true });
  }

  /** An image that is signed as the policy wants it. @returns its reference by digest */
  signed(content: string, repository = REPOSITORY): string {
    const digest = this.registry.pushImage(repository, content, content === 'the good one' ? 'good' : undefined);
    this.registry.attach(repository, digest, bundleBytes(this.world.signKeyless(githubRun(), signStatement(digest))));
    return `${this.registry.host}/${repository}@${digest}`;
  }

  tag(name: string): string {
    return `${this.registry.host}/${REPOSITORY}:${name}`;
  }

  /** Sends a review. */
  review(path: string, asked: object): Promise<Answer> {
    return this.send(path, JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request: asked }));
  }

  /** Sends bytes as they are. */
  send(path: string, body: string | Uint8Array, { method = 'POST', headers = {} }: { readonly method?: string; readonly headers?: OutgoingHttpHeaders } = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const call = httpsRequest({
        host: '127.0.0.1', port: this.port, path, method, agent: this.agent, headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      }, (message) => {
        const chunks: Buffer[] = [];
        message.on('data', (chunk: Buffer) => chunks.push(chunk));
        message.on('error', reject);
        message.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: message.statusCode ?? 0, headers: message.headers, text, response: responseOf(text, message.headers['content-type']) });
        });
      });
      call.on('error', reject);
      call.end(body);
    });
  }

  async close(): Promise<void> {
    this.agent.destroy();
    await this.server.stop(0);
    this.client.close();
    await this.registry.close();
  }
}

export function policy(name: string, host: string, spec: object = {}): object {
  return {
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name },
    spec: {
      images: [`${host}/acme/**`],
      attestors: { release: { type: 'keyless', issuer: GITHUB_ISSUER, subject: 'https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main', trustRoot: 'test' } },
      requirements: [{ type: 'signature', name: 'signed', attestors: ['release'] }],
      ...spec,
    },
  };
}

export interface RequestOptions {
  readonly uid?: string;
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
  readonly operation?: string;
  readonly namespace?: string;
  readonly oldObject?: unknown;
  readonly [further: string]: unknown;
}

/** What the API server asks about an object. */
export function request(object: unknown, options: RequestOptions = {}): object {
  const { kind = { group: '', version: 'v1', kind: 'Pod' } } = options;
  return {
    uid: '705ab4f5-6393-11e8-b7cc-42010a800002', kind, resource: { group: kind.group, version: kind.version, resource: 'pods' }, name: 'app', namespace: 'default',
    operation: 'CREATE', userInfo: { username: 'jane', groups: ['system:authenticated'] }, object, oldObject: null, dryRun: false, options: {}, ...options,
  };
}

/** Containers with these images, named after their place. */
export function containers(...images: unknown[]): object[] {
  return images.map((image, index) => ({ name: `c${index}`, image }));
}

export function pod(spec: unknown, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', namespace: 'default', ...metadata }, spec };
}

function responseOf(text: string, type = ''): ReviewResponse {
  return type.startsWith('application/json') ? (JSON.parse(text) as { readonly response: ReviewResponse }).response : {};
}
