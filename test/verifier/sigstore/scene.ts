import { Verdict } from '../../../lib/decide/verdict';
import { Attestor, ImagePolicySpec, Requirement } from '../../../lib/policy/document';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { startDeadline } from '../../../lib/verifier/deadline';
import { Gate } from '../../../lib/verifier/gate';
import { ImageJudge } from '../../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';
import { WaitingRoom } from '../../../lib/verifier/waiting-room';
import { OciRegistry } from '../../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { TestRegistry } from '../../support/registry';
import { ArtifactOptions, OlderLayerContent } from '../../support/registry/store';
import { BundleJson, bundleBytes, GITHUB_ISSUER, githubRun, signStatement, SigstoreWorld, TrustedRootJson } from '../../support/sigstore';
import { ownReaders } from '../../support/readers';
import { fixedTrust } from '../../support/trust';

export const TRUST_ROOT = 'test';
const REPOSITORY = 'acme/app';

export const WORKFLOW = 'https://github.com/acme/app/.github/workflows/release.yml';

/** Exactly the workflow of `githubRun()`, on main. */
export function keyless(overrides: Partial<Extract<Attestor, { type: 'keyless' }>> = {}): Attestor {
  return { type: 'keyless', issuer: GITHUB_ISSUER, subject: `${WORKFLOW}@refs/heads/main`, trustRoot: TRUST_ROOT, ...overrides };
}

export function signature(...attestors: string[]): Requirement {
  return { type: 'signature', name: 'signed', attestors: attestors.length > 0 ? attestors : ['signer'] };
}

export type Rules = Pick<ImagePolicySpec, 'attestors' | 'requirements'>;

export const SIGNED: Rules = { attestors: { signer: keyless() }, requirements: [signature()] };

/** One piece of evidence: a bundle, bytes as an artifact of some type, or what a tag of cosign's older layout holds. */
export type Attachment = BundleJson | { readonly bytes: Uint8Array; readonly as?: ArtifactOptions } | { readonly tag: 'sig' | 'att'; readonly layers: readonly OlderLayerContent[] };

/** What is there when an image is judged; what is left out is as it should be. */
export interface Situation {
  /** @default - the statement of `cosign sign`, by `githubRun()` */
  readonly evidence?: (image: string, world: SigstoreWorld) => Attachment | readonly Attachment[];
  /** @default SIGNED */
  readonly rules?: Rules;
  /** Changes the trusted root. */
  readonly trust?: (root: TrustedRootJson) => void;
  /** Further trust roots that the verifier has, by name. */
  readonly roots?: { readonly [name: string]: TrustedRootJson };
  /** The verifier's clock. */
  readonly now?: () => number;
}

/** A refusal, and what is accepted although it differs in one attribute only. */
export interface Twins {
  readonly id: string;
  readonly claim: string;
  readonly denied: Situation;
  /** Reason codes, in order. */
  readonly code: string;
  /** @default - everything as it should be */
  readonly allowed?: Situation;
}

/** One test for each pair. */
export function testTwins(scene: () => Scene, twins: readonly Twins[]): void {
  let usual: Promise<string> | undefined;
  test.each(twins)('$id $claim: $code', async ({ denied, code, allowed }) => {
    usual ??= scene().outcome({});
    const outcome = { denied: await scene().outcome(denied), allowed: await (allowed === undefined ? usual : scene().outcome(allowed)) };
    expect(outcome).toEqual({ denied: code, allowed: 'allowed' });
  }, PATIENCE);
}

/** Milliseconds; a busy machine must not decide. */
export const PATIENCE = 60_000;

/** Images in a real registry on loopback, judged the way a request is; only the threads are left out. */
export class Scene {
  static async start(world = SigstoreWorld.create()): Promise<Scene> {
    return new Scene(world, await TestRegistry.start());
  }

  private images = 0;

  private constructor(readonly world: SigstoreWorld, readonly registry: TestRegistry) {}

  /** An image nobody has seen before. @returns its digest */
  image(): string {
    this.images += 1;
    return this.registry.pushImage(REPOSITORY, `image ${this.images}`);
  }

  attach(image: string, ...evidence: Attachment[]): void {
    for (const piece of evidence) {
      if ('tag' in piece) {
        this.registry.repository(REPOSITORY).pushOlder(image, piece.tag, piece.layers);
      } else if ('bytes' in piece) {
        this.registry.attach(REPOSITORY, image, piece.bytes, piece.as);
      } else {
        this.registry.attach(REPOSITORY, image, bundleBytes(piece));
      }
    }
  }

  /** Judges with a fresh verifier. */
  async judge(image: string, { rules = SIGNED, trust = (): void => undefined, roots = {}, now = Date.now }: Situation = {}): Promise<Verdict> {
    const set = policySet([parseDocument({
      apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'app' }, spec: { images: [`${this.registry.host}/acme/**`], ...rules },
    })]);
    const { trustedRoot } = this.world;
    trust(trustedRoot);
    const store = new TrustStore(Object.entries({ ...roots, [TRUST_ROOT]: trustedRoot }).map(([name, root]) => ({ name, json: JSON.stringify(root) })));
    const client = new OciRegistry(new Map([[this.registry.host, { plainHttp: true }]]));
    const judge = new ImageJudge({
      set,
      readers: ownReaders(client),
      trust: fixedTrust({ verify: (bundles, _digest, attestors) => Promise.resolve(verifyEvidence(bundles, attestors, store)) }),
      cache: new VerdictCache(),
      gate: new Gate(), room: new WaitingRoom(),
      budget: 20_000,
      now,
      unexpected: (error) => {
        throw error;
      },
    });
    const deadline = startDeadline(20_000);
    try {
      const reference = `${this.registry.host}/${REPOSITORY}@${image}`;
      const { verdict } = await judge.judge({ reference, namespace: { name: 'default' }, tags: 'resolve', policies: 'all', remember: false }, deadline);
      return verdict;
    } finally {
      deadline.done();
      client.close();
    }
  }

  /** What a user gets: `allowed`, or the reason codes. */
  async outcome(situation: Situation): Promise<string> {
    const { evidence = ordinary } = situation;
    const image = this.image();
    const pieces = evidence(image, this.world);
    this.attach(image, ...('length' in pieces ? pieces : [pieces]));
    return said(await this.judge(image, situation));
  }

  close(): Promise<void> {
    return this.registry.close();
  }
}

/** Signed by the workflow of `githubRun()`, as everything should be. */
export function ordinary(image: string, world: SigstoreWorld): BundleJson {
  return world.signKeyless(githubRun(), signStatement(image));
}

export function said({ allowed, reasons }: Verdict): string {
  return allowed ? 'allowed' : reasons.map(({ code }) => code).join(' ');
}
