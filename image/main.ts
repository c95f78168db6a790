import { Command } from 'commander';
import { assemble, buildBase, describeBase, digestOfSource, lockedBase } from './build';
import { Cache } from './cache';
import { ImageError } from './error';
import { writeLayout } from './layout';
import { Lock, readLock, writeLock } from './lock';
import { readPin, writePin } from './pin';
import { currentPackages } from './refresh';

const PIN = "Run 'npm run image -- --pin' and commit what it changes";

interface Flags {
  readonly output: string;
  readonly fresh?: true;
  readonly refresh?: true;
  readonly pin?: true;
  readonly check?: true;
}

const program = new Command('image')
  .description('the image of the verifier, from its source, Node and Debian packages; an OCI layout for linux/amd64 and linux/arm64')
  .option('--output <folder>', 'where the layout goes', 'build/image')
  .option('--fresh', 'make every layer anew, even when the same was made before')
  .option('--pin', 'write the digests of layers and image into the source, then the layout')
  .option('--refresh', 'lock the versions that Debian has today, then as --pin')
  .option('--check', 'write nothing; say whether the source names its own image')
  .action(async (flags: Flags) => (flags.check ? check() : build(flags)));

void program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof ImageError)) {
    throw error;
  }
  console.error(`image: ${error.message}`);
  process.exitCode = 2;
});

async function check(): Promise<void> {
  const [expected, { digest }] = [await digestOfSource(readLock()), readPin()];
  if (digest !== expected) {
    console.error(`image: the source makes the image ${expected}, and lib/engines/webhook/verifier-image.ts names ${digest}. ${PIN}.`);
    process.exitCode = 1;
  }
}

async function build(flags: Flags): Promise<void> {
  const cache = Cache.ofUser();
  if (flags.refresh || flags.pin) {
    await pin(flags.refresh ? { ...readLock(), debian: await currentPackages(readLock().suite) } : readLock(), cache);
  }
  const image = await assemble(await lockedBase(readLock(), cache, { fresh: flags.fresh === true }));
  const { repository, digest } = readPin();
  const { index } = image.composed;
  writeLayout(flags.output, image, repository);
  console.log(`${flags.output}: ${repository}@${index.digest}`);
  if (index.digest !== digest) {
    console.log(`The constructs still deploy ${digest}. ${PIN}.`);
  }
}

async function pin(lock: Lock, cache: Cache): Promise<void> {
  const base = await buildBase(lock, cache);
  Object.values(base).flatMap(({ system, node }) => [system, node]).forEach(({ digest, blob }) => cache.put(digest, blob));
  writeLock({ ...lock, layers: await describeBase(base) });
  writePin((await assemble(base)).composed.index.digest);
}
