import { NormalSlsaProvenanceChecks } from '../policy/normal';
import { Examined } from './examined';
import { claimOf } from './identity';
import { show } from './show';
import { provenanceOf } from './slsa-predicate';

/** A builder is named by its own identity: the workflow that signed, or the build signer the certificate names. Empty for a key and for one's own certificate. */
export function ownBuilder({ fact: { signer } }: Examined): string[] {
  if (signer.type !== 'certificate') {
    return [];
  }
  const buildSigner = claimOf(signer, 'buildSignerUri');
  return buildSigner === undefined || buildSigner === signer.subject ? [signer.subject] : [buildSigner];
}

/**
 * Level 2 needs a hosted runner and a builder that is the signer; level 3 moreover a builder that the caller does not
 * control: a reusable workflow at a tag or commit, of another repository than the source.
 */
export function levelShortfall(level: NormalSlsaProvenanceChecks['level'], examined: Examined): string | undefined {
  const { signer } = examined.fact;
  if (signer.type !== 'certificate') {
    return undefined;
  }
  const runner = claimOf(signer, 'runnerEnvironment');
  if (runner !== 'github-hosted' && runner !== 'gitlab-hosted') {
    return `expected a certificate for a hosted runner for build level ${level}, found ${runner === undefined ? 'one that names none' : show(runner)}`;
  }
  if (!ownBuilder(examined).includes(provenanceOf(examined).builderId)) {
    return `expected the builder to be the signer for build level ${level}, found ${show(provenanceOf(examined).builderId)}`;
  }
  if (level === 3) {
    const source = claimOf(signer, 'sourceRepositoryUri');
    const builders = [signer.subject, ...ownBuilder(examined)];
    if (source === undefined || builders.some((builder) => builder.startsWith(`${source}/`))) {
      return 'expected a builder that the source does not control for build level 3, found a workflow of the source itself';
    }
    const mutable = builders.find((builder) => !isImmutable(builder));
    if (mutable !== undefined) {
      return `expected a builder at a tag or commit for build level 3, found ${show(mutable)}`;
    }
  }
  return undefined;
}

/** Whether a workflow's identity can only be read as one at a tag or commit: file names and branches may hold an "@", too. */
function isImmutable(subject: string): boolean {
  const readings = subject.split('@').slice(1);
  const refs = readings.filter((reading) => reading.startsWith('refs/'));
  return refs.length > 0 ? refs.every((ref) => ref.startsWith('refs/tags/')) : /^[0-9a-f]{40}$/.test(readings[readings.length - 1] ?? '');
}
