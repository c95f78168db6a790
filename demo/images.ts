import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestRegistry } from '../test/support/registry';
import { bundleBytes, githubRun, Identity, provenanceStatement, SigstoreWorld, signStatement, TrustedRootJson } from '../test/support/sigstore';

const CORPUS = 'test/corpus/data';

/** The images of the demo, by what is wrong with them; references carry a tag. */
export interface DemoImages {
  readonly genuine: string;
  readonly byFork: string;
  readonly withoutProvenance: string;
  readonly forgedProvenance: string;
  readonly unsigned: string;
  readonly tampered: string;
  /** Signed by cosign with the authorities of the corpus. */
  readonly byCosign: string;
}

/** Pushes and signs them. @returns their references, and the trust root of everybody who signed */
export function pushImages(registry: TestRegistry): { readonly images: DemoImages; readonly trustedRoot: object } {
  const world = SigstoreWorld.create();
  const release = githubRun({ repository: 'acme/app', ref: 'refs/tags/v1.4.2' });
  const fork = githubRun({ repository: 'mallory/app', ref: 'refs/tags/v1.4.2' });
  const app = (name: string): App => new App(registry, world, `apps/${name}`);

  const original = app('tampered');
  original.sign(release).attest(release);
  const images = {
    genuine: app('checkout').sign(release).attest(release).reference,
    byFork: app('by-fork').sign(fork).attest(fork).reference,
    withoutProvenance: app('without-provenance').sign(release).reference,
    forgedProvenance: app('forged-provenance').sign(release).attest(fork, release).reference,
    unsigned: app('unsigned').reference,
    tampered: original.replace().reference,
    byCosign: copyFromCorpus(registry, 'c/kl-gh-sign', 'tools/by-cosign'),
  };
  const corpusRoot = JSON.parse(readFileSync(join(CORPUS, 'trust/trusted_root.json'), 'utf8')) as TrustedRootJson;
  return { images, trustedRoot: merge(world.trustedRoot, corpusRoot) };
}

/** An image and what is attached to it. */
class App {
  readonly reference: string;
  private digest: string;

  constructor(private readonly registry: TestRegistry, private readonly world: SigstoreWorld, private readonly repository: string) {
    this.reference = `${registry.host}/${repository}:v1.4.2`;
    this.digest = registry.pushImage(repository, repository, 'v1.4.2');
  }

  sign(identity: Identity): this {
    this.attach(bundleBytes(this.world.signKeyless(identity, signStatement(this.digest))));
    return this;
  }

  /** @param about - whose build the provenance describes */
  attest(about: Identity, signer: Identity = about): this {
    this.attach(bundleBytes(this.world.signKeyless(signer, provenanceStatement(this.digest, about))));
    return this;
  }

  /** Other content under the same tag, with the evidence of the old one copied to it. */
  replace(): this {
    const evidence = [...this.attached];
    this.digest = this.registry.pushImage(this.repository, 'something else', 'v1.4.2');
    evidence.forEach((bytes) => this.attach(bytes));
    return this;
  }

  private readonly attached: Buffer[] = [];

  private attach(bytes: Buffer): void {
    this.attached.push(bytes);
    this.registry.attach(this.repository, this.digest, bytes);
  }
}

function copyFromCorpus(registry: TestRegistry, from: string, to: string): string {
  const repositories = JSON.parse(readFileSync(join(CORPUS, 'repos.json'), 'utf8')) as { [name: string]: CorpusRepository };
  const { tags, manifests, blobs } = repositories[from] ?? { tags: {}, manifests: {}, blobs: [] };
  const bytesOf = (digest: string): Buffer => readFileSync(join(CORPUS, 'blobs', digest.replace('sha256:', '')));
  const repository = registry.repository(to);
  blobs.forEach((digest) => repository.pushBlob(bytesOf(digest)));
  for (const [digest, { mediaType }] of Object.entries(manifests)) {
    repository.pushManifest(bytesOf(digest), mediaType, Object.keys(tags).find((tag) => tags[tag] === digest));
  }
  return `${registry.host}/${to}:${Object.keys(tags)[0] ?? ''}`;
}

interface CorpusRepository {
  readonly tags: { readonly [tag: string]: string };
  readonly manifests: { readonly [digest: string]: { readonly mediaType: string } };
  readonly blobs: readonly string[];
}

/** One root that trusts the authorities and logs of both. */
function merge(one: TrustedRootJson, other: TrustedRootJson): object {
  const lists = ['tlogs', 'certificateAuthorities', 'ctlogs', 'timestampAuthorities'] as const;
  return { ...one, ...Object.fromEntries(lists.map((list) => [list, [...one[list], ...other[list]]])) };
}
