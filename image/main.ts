import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { billOfMaterials, CYCLONEDX, materialsOf } from './bill-of-materials';
import { assemble, buildBase, describeBase, digestOfSource, Image, lockedBase } from './build';
import { Cache } from './cache';
import { ImageError } from './error';
import { Attachment, writeLayout } from './layout';
import { Lock, lockedNode, readLock, writeLock } from './lock';
import { DEBIAN_PACKAGES } from './packages';
import { Pin, readPin, writePin } from './pin';
import { cleanCommit, IN_TOTO, provenance, SLSA_PROVENANCE, statement, UNKNOWN_BUILDER } from './provenance';
import { parseTarget, Repository, Target } from './push';
import { currentPackages } from './refresh';
import { NotDeployed, pushImage, signImage } from './release';
import { SigningOptions } from './sign';

const SOURCE = 'https://github.com/proofgate/proofgate';
const PIN = "Run 'npm run image -- --pin' and commit what it changes";

interface Flags {
  readonly output: string;
  readonly builder: string;
  readonly fresh?: true;
  readonly refresh?: true;
  readonly pin?: true;
  readonly check?: true;
  readonly push?: string;
  readonly sign?: true;
  readonly key?: string;
  readonly fulcio?: string;
  readonly rekor?: string;
  readonly log: boolean;
  readonly timestampAuthority?: string;
}

const program = new Command('image')
  .description('the image of the verifier, from its source, Node and Debian packages; an OCI layout for linux/amd64 and linux/arm64')
  .option('--output <folder>', 'where the layout goes', 'build/image')
  .option('--fresh', 'make every layer anew, even when the same was made before')
  .option('--pin', 'write the digests of layers and image into the source, then the layout')
  .option('--refresh', 'lock the versions that Debian has today, then as --pin')
  .option('--builder <uri>', 'who builds, for the provenance', UNKNOWN_BUILDER)
  .option('--push <repository>', 'then push it to HOST/PATH, as docker\'s configuration allows')
  .option('--sign', 'and attach Sigstore bundles for image, bill of materials and provenance')
  .option('--key <file>', 'private key to sign with, in PEM (default: an identity, proven by the token of the CI or SIGSTORE_ID_TOKEN)')
  .option('--fulcio <url>', 'certificate authority (default: Sigstore\'s public one)')
  .option('--rekor <url>', 'transparency log (default: Sigstore\'s public one)')
  .option('--no-log', 'no transparency log')
  .option('--timestamp-authority <url>', 'timestamp authority (default: none)')
  .option('--check', 'write nothing; say whether the source names its own image')
  .action(async (flags: Flags) => {
    if (flags.check) {
      return check();
    }
    // What is asked for in vain is said before minutes of work.
    const target = targetOf(flags);
    const made = await build(flags);
    return target === undefined ? undefined : release(flags, target, made);
  });

void program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ImageError)) {
    throw error;
  }
  console.error(`image: ${error.message}`);
  process.exitCode = error instanceof NotDeployed ? 1 : 2;
});

async function check(): Promise<void> {
  const [expected, { digest }] = [await digestOfSource(readLock()), readPin()];
  if (digest === expected) {
    console.log(`image: the source makes the image ${expected}, which lib/engines/webhook/verifier-image.ts names.`);
    return;
  }
  console.error(`image: the source makes the image ${expected}, and lib/engines/webhook/verifier-image.ts names ${digest}. ${PIN}.`);
  process.exitCode = 1;
}

/** @throws ImageError for what is no repository, and for signatures that are to lie in none */
function targetOf({ push, sign }: Flags): Target | undefined {
  if (push === undefined && sign) {
    throw new ImageError('signatures lie in a registry beside the image: say with --push where that is');
  }
  return push === undefined ? undefined : parseTarget(push);
}

async function build(flags: Flags): Promise<Pin> {
  const cache = Cache.ofUser();
  if (flags.refresh || flags.pin) {
    await pin(flags.refresh ? { ...readLock(), debian: await currentPackages(readLock().suite, DEBIAN_PACKAGES) } : readLock(), cache);
  }
  const image = await assemble(await lockedBase(readLock(), cache, { fresh: flags.fresh === true }));
  const { repository, digest: pinned } = readPin();
  const made = { repository, digest: image.composed.index.digest };
  const documents = documentsOf(made, image, flags.builder);
  writeLayout(flags.output, image, repository, documents);
  documents.forEach(({ name, content }) => writeFileSync(`${flags.output}.${name}.json`, content));
  console.log(`${flags.output}: ${repository}@${made.digest}`);
  if (made.digest !== pinned && flags.push === undefined) {
    console.log(`The constructs still deploy ${pinned}. ${PIN}.`);
  }
  return made;
}

async function release(flags: Flags, target: Target, made: Pin): Promise<void> {
  const repository = await Repository.open(target);
  await pushImage(flags.output, repository, readPin().digest);
  if (flags.sign) {
    await signImage(flags.output, made.repository, repository, signingOptions(flags));
  }
  console.log(`${flags.sign ? 'pushed and signed' : 'pushed'}: ${target.registry}/${target.repository}@${made.digest}`);
}

function signingOptions({ key, fulcio, rekor, log, timestampAuthority }: Flags): SigningOptions {
  return {
    ...(key === undefined ? {} : { key: readFileSync(key, 'utf8') }),
    ...(fulcio === undefined ? {} : { fulcio }),
    ...(log ? rekor === undefined ? {} : { rekor } : { rekor: false }),
    ...(timestampAuthority === undefined ? {} : { timestampAuthority }),
  };
}

/** What is said about the image. Without a commit that says what was built there is no provenance. */
function documentsOf(made: Pin, image: Image, builder: string): Array<Attachment & { readonly name: string }> {
  const materials = materialsOf({ lock: readLock(), node: lockedNode, bundled: image.application.packages });
  const bill = { name: 'cdx', type: CYCLONEDX, content: Buffer.from(JSON.stringify(billOfMaterials(made, materials), null, 2)) };
  const commit = cleanCommit('.');
  if (commit === undefined) {
    console.log('No provenance is written: the files here are not those of a commit.');
    return [bill];
  }
  const predicate = provenance({ repository: SOURCE, commit }, builder, materials);
  return [bill, { name: 'provenance', type: IN_TOTO, content: Buffer.from(JSON.stringify(statement(made, SLSA_PROVENANCE, predicate), null, 2)) }];
}

async function pin(lock: Lock, cache: Cache): Promise<void> {
  const base = await buildBase(lock, cache);
  Object.values(base).flatMap(({ system, node }) => [system, node]).forEach(({ digest, blob }) => cache.put(digest, blob));
  writeLock({ ...lock, layers: await describeBase(base) });
  writePin((await assemble(base)).composed.index.digest);
}
