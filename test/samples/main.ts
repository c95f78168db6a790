/**
 * Runs lint and import over policies that others have published, and writes what was found: npm run samples -- FOLDER [--check]
 *
 * None of them is kept here. FOLDER holds a clone of each repository of sources.json under OWNER+NAME, with the commit that is named there, or the files
 * themselves; what is read has to have the digest that is written down. With --check nothing is written; exit code 1 says that the findings are others by now.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importPolicies } from '../../lib/cli/import/policies';
import { Manifest, readManifests } from '../../lib/cli/manifests/read-manifests';
import { Unjudged } from '../../lib/cli/manifests/unjudged';
import { lintManifests, objectId, unjudgedAdmission } from '../../lib/refusals';
import { FINDINGS, Findings, Sample, sources } from './samples';

/** What is expired depends on the day; the samples have none of it. */
const NOW = Date.UTC(2026, 0, 1);

async function main([folder, ...flags]: readonly string[]): Promise<void> {
  if (folder === undefined) {
    throw new Error('name the folder that holds the clones: npm run samples -- FOLDER');
  }
  const scratch = mkdtempSync(join(tmpdir(), 'samples-'));
  try {
    const found: Findings = {};
    for (const [repository, { commit, files }] of Object.entries(sources())) {
      const samples: { [path: string]: Sample } = {};
      for (const [path, digest] of Object.entries(files)) {
        const file = join(scratch, 'sample.yaml');
        writeFileSync(file, contentOf(join(folder, repository.replace('/', '+')), commit, path, digest));
        samples[path] = await judge(file);
      }
      found[repository] = samples;
    }
    const text = `${JSON.stringify(found, undefined, 2)}\n`;
    if (flags.includes('--check')) {
      process.exitCode = readFileSync(FINDINGS, 'utf8') === text ? 0 : 1;
      console.log(process.exitCode === 0 ? `${FINDINGS} is current` : `${FINDINGS} is not what lint and import find: run 'npm run samples -- ${folder}' and 'npm run docs'`);
    } else {
      writeFileSync(FINDINGS, text);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** @throws Error for what is not there, or is not what was looked at */
function contentOf(clone: string, commit: string, path: string, digest: string): Buffer {
  const file = join(clone, path);
  const content = existsSync(file) ? readFileSync(file) : execFileSync('git', ['-C', clone, 'show', `${commit}:${path}`], { maxBuffer: 2 ** 26 });
  if (createHash('sha256').update(content).digest('hex') !== digest) {
    throw new Error(`${file} is not what is written down in sources.json, at ${commit}`);
  }
  return content;
}

async function judge(file: string): Promise<Sample> {
  try {
    const manifests = await readManifests(file);
    const values = manifests.map(({ value }) => value);
    const findings: { [code: string]: number } = {};
    lintManifests(values, NOW).forEach(({ code }) => {
      findings[code] = (findings[code] ?? 0) + 1;
    });
    const imported = importedFrom(manifests);
    return { findings, unrelated: unjudgedAdmission(values).map((index) => objectId(values[index])), ...imported && { imported } };
  } catch (error) {
    if (!(error instanceof Unjudged)) {
      throw error;
    }
    return { problem: error.problem.replaceAll(file, 'it') };
  }
}

function importedFrom(manifests: readonly Manifest[]): Sample['imported'] {
  const { documents, notCarriedOver, policies } = importPolicies(manifests);
  const told = (effect: string): string[] => notCarriedOver.filter((note) => note.effect === effect).map(({ path, message }) => `${path} ${message}`.trim());
  return policies === 0 ? undefined : { documents: documents.length, omitted: told('omitted'), stricter: told('stricter') };
}

void main(process.argv.slice(2));
