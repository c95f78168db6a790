import { Attestor, CertificateAttestor, ImagePolicy, KeyAttestor, KeylessAttestor, RotatedKeyAttestor, SlsaProvenanceChecks } from './document';
import { describe } from './field';
import { isSlsa } from './predicate-types';
import { element, Problem } from './problem';
import { matchesRef } from './ref-pattern';

/** Issuer of the tokens of GitHub's workflows; an enterprise may have its own below it. */
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** What certificates of hosted runners say. */
const HOSTED = ['github-hosted', 'gitlab-hosted'];

/** Demands on provenance that an attestor named for them can never meet, and defaults that do not exist for it; one problem for each field. */
export function impossibleProvenance({ spec }: ImagePolicy): Problem[] {
  return spec.requirements.flatMap((requirement, index) => {
    if (requirement.type !== 'attestation' || requirement.checks === undefined || !isSlsa(requirement.checks)) {
      return [];
    }
    const { checks } = requirement;
    const problems = requirement.attestors.flatMap((name) => contradictions(checks, name, spec.attestors[name]));
    return problems
      .filter(({ path }, position) => problems.findIndex((problem) => problem.path === path) === position)
      .map(({ path, message }) => ({ path: `${element('spec.requirements', index)}.checks.${path}`, message }));
  });
}

function contradictions(checks: SlsaProvenanceChecks, name: string, attestor: Attestor | undefined): Problem[] {
  if (attestor === undefined) {
    return [];
  }
  return attestor.type === 'keyless' ? withIdentity(checks, name, attestor) : withoutIdentity(checks, name, attestor);
}

/** A key, or a certificate of one's own authority, says neither who built nor how: without these two, whoever holds it is believed whatever he writes. */
function withoutIdentity({ builderIds, buildTypes }: SlsaProvenanceChecks, name: string, { type }: KeyAttestor | RotatedKeyAttestor | CertificateAttestor): Problem[] {
  const why = `is missing, and the attestor ${describe(name)} is a ${type === 'key' ? 'key' : 'certificate of your own authority'}, which names`;
  return [
    ...(builderIds === undefined ? [{ path: 'builderIds', message: `${why} no builder: write the ids of the builders that use it` }] : []),
    ...(buildTypes === undefined ? [{ path: 'buildTypes', message: `${why} no build type: write those that its provenance has` }] : []),
  ];
}

function withIdentity(checks: SlsaProvenanceChecks, name: string, { issuer, certificate = {} }: KeylessAttestor): Problem[] {
  const { source, sourceRefs, buildTypes, level = 2 } = checks;
  const { sourceRepositoryUri: vouched, sourceRepositoryRef: ref, runnerEnvironment: runner } = certificate;
  const problems: Problem[] = [];
  const problem = (path: string, message: string): unknown => problems.push({ path, message });
  if (vouched !== undefined && vouched !== source) {
    problem('source', `is ${describe(source)}, but the attestor ${describe(name)} vouches for ${describe(vouched)} alone, so this can never hold: correct one of the two`);
  } else if (source.endsWith('.git')) {
    problem('source', `is ${describe(source)}, and no certificate names a repository with ".git" at its end: remove that`);
  }
  if (sourceRefs !== undefined && ref !== undefined && !ref.includes('*') && !sourceRefs.some((pattern) => matchesRef(pattern, ref))) {
    problem('sourceRefs', `has nothing that matches ${describe(ref)}, the one ref that the attestor ${describe(name)} vouches for, so this can never hold: correct one of the two`);
  }
  if (level > 1 && runner !== undefined && !HOSTED.includes(runner)) {
    problem('level', `is ${level}${checks.level === undefined ? ' by default' : ''}, which takes a hosted runner, but the attestor ${describe(name)} vouches for`
      + ` ${describe(runner)} alone, so this can never hold: write 1, or name an attestor on hosted runners`);
  }
  if (buildTypes === undefined && issuer !== GITHUB_ISSUER && !issuer.startsWith(`${GITHUB_ISSUER}/`)) {
    problem('buildTypes', `is missing, and the default is that of GitHub's workflows, of which the attestor ${describe(name)} of ${describe(issuer)} is none:`
      + ' write those that its provenance has');
  }
  return problems;
}
