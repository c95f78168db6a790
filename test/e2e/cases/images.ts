import {
  BundleJson, bundleBytes, githubRun, Identity, KeylessOptions, provenanceStatement, ProvenancePredicate, SigstoreWorld, signStatement, statement,
} from '../../support/sigstore';
import { attachBundle, copySignature, corpusFile, pushCorpusImage, pushImage } from '../harness/images';
import { OciRegistry } from '../harness/registry';

export const HOST = 'registry.corp.example';

/** Images by what is the matter with them, named by digest. Those called `ok…` have every proof that their policy asks for. */
export interface Images {
  readonly [name: string]: string;
  readonly okTool: string; readonly okOtherTool: string; readonly okApp: string; readonly okBase: string; readonly unsigned: string;
  /** Proven as well, and first asked for when something is broken. */
  readonly late: string; readonly later: string;
}

const RELEASE = githubRun({ ref: 'refs/tags/v1.2.3' });
const FORK = githubRun({ repository: 'mallory/app', ref: 'refs/tags/v1.2.3' });
const PREDICATE = 'https://cyclonedx.org/bom';

/**
 * What the cases ask for. Images that real tools signed come from the corpus; where something is forged that those tools would not
 * write, an instance in memory signs. One trust root names both.
 */
export class TestImages {
  private readonly own = SigstoreWorld.create({ name: 'own.test' });
  private readonly foreign = SigstoreWorld.create({ name: 'foreign.test' });

  /** A `trusted_root.json` of the corpus and the instance in memory, but not of the foreign one. */
  get trustedRoot(): string {
    const corpus = JSON.parse(corpusFile('trust/trusted_root.json')) as { [list: string]: unknown };
    const lists = Object.entries(this.own.trustedRoot).map(([name, value]) => {
      const other = corpus[name];
      return [name, Array.isArray(value) && Array.isArray(other) ? other.concat(value) as unknown : value] as const;
    });
    return JSON.stringify(Object.fromEntries(lists));
  }

  /** Pushes every image; the same digests each time. */
  async push(registry: OciRegistry): Promise<Images> {
    const corpus = async (repository: string, image: string): Promise<string> => (
      `${HOST}/${repository}@${await pushCorpusImage(registry, repository, image)}`
    );
    const made = async (repository: string, bundles: (digest: string) => readonly BundleJson[], tag?: string): Promise<string> => {
      const digest = await pushImage(registry, repository, tag);
      for (const bundle of bundles(digest)) {
        await attachBundle(registry, repository, bundleBytes(bundle));
      }
      return `${HOST}/${repository}@${digest}`;
    };
    const copied = await made('tools/copied', () => []);
    await copySignature(registry, 'tools/copied', 'kl-gh-sign', copied.split('@')[1] ?? '');
    return {
      okTool: await corpus('tools/app', 'kl-gh-sign'),
      okOtherTool: await corpus('tools/env', 'kl-gh-env'),
      late: await corpus('tools/late', 'kl-gh-env'),
      later: await corpus('tools/later', 'kl-gh-sign'),
      unsigned: await made('tools/unsigned', () => [], 'v1'),
      branch: await corpus('tools/branch', 'kl-gh-branch'),
      pull: await corpus('tools/pull', 'kl-gh-pr'),
      reusable: await corpus('tools/reusable', 'kl-gh-reusable'),
      selfHosted: await corpus('tools/self-hosted', 'kl-gh-selfhosted'),
      attestedTool: await corpus('tools/attested', 'kl-att-cyclonedx'),
      keyedTool: await corpus('tools/keyed', 'key-rekor2-tsa'),
      copied,
      fork: await made('tools/fork', (digest) => [this.signed(digest, FORK)]),
      issuer: await made('tools/issuer', (digest) => [this.signed(digest, { ...RELEASE, issuer: 'https://gitlab.com' })]),
      tampered: await made('tools/tampered', (digest) => [tampered(this.signed(digest), digest)]),
      foreign: await made('tools/foreign', (digest) => [this.signed(digest, RELEASE, { certificateAuthority: this.foreign.certificateAuthority })]),
      unlogged: await made('tools/unlogged', (digest) => [this.signed(digest, RELEASE, { log: 'none' })]),

      okApp: await made('apps/app', (digest) => [this.signed(digest), this.proven(digest)]),
      unproven: await corpus('apps/unproven', 'kl-gh-sign'),
      attestedApp: await corpus('apps/attested', 'kl-att-slsaprovenance1'),
      otherPredicate: await made('apps/predicate', (digest) => [this.signed(digest), this.own.signKeyless(RELEASE, statement(digest, PREDICATE, {}))]),
      forgedSource: await made('apps/source', (digest) => [this.signed(digest), this.proven(digest, RELEASE, claimSource('https://github.com/acme/other'))]),
      forgedByFork: await made('apps/fork', (digest) => [this.signed(digest), this.proven(digest, FORK, claimSource('https://github.com/acme/app'))]),
      movedProvenance: await made('apps/moved', (digest) => [this.signed(digest), this.proven(`sha256:${'5'.repeat(64)}`)]),

      okBase: await corpus('base/os', 'key-two'),
      onlyAda: await corpus('base/one', 'key-rekor2-tsa'),
      certifiedBase: await corpus('base/certified', 'kl-gh-sign'),
      strangerBase: await corpus('base/stranger', 'key-p384-rekor2'),
      unloggedBase: await corpus('base/unlogged', 'key-none'),
    };
  }

  private signed(digest: string, identity: Identity = RELEASE, options: KeylessOptions = {}): BundleJson {
    return this.own.signKeyless(identity, signStatement(digest), options);
  }

  private proven(digest: string, identity: Identity = RELEASE, forge?: (predicate: ProvenancePredicate) => void): BundleJson {
    return this.own.signKeyless(identity, provenanceStatement(digest, identity, forge));
  }
}

/** Provenance that says what it was built from against its own certificate. */
function claimSource(repository: string): (predicate: ProvenancePredicate) => void {
  return (predicate) => {
    predicate.buildDefinition.externalParameters.workflow.repository = repository;
  };
}

/** A statement about this image under a signature of another statement. */
function tampered(bundle: BundleJson, digest: string): BundleJson {
  const payload = Buffer.from(`${JSON.stringify(signStatement(digest))} `).toString('base64');
  return { ...bundle, ...(bundle.dsseEnvelope === undefined ? {} : { dsseEnvelope: { ...bundle.dsseEnvelope, payload } }) };
}
