import { Attestor, ImagePolicy, KeylessAttestor, SlsaProvenanceChecks } from '../../lib/policy/document';
import { validateDocument } from '../../lib/policy/validate';
import { key, keyless, smallPolicy } from './documents';

const SOURCE = 'https://github.com/acme/payments';
const BUILDERS = { builderIds: ['https://builder.example/v1'], buildTypes: ['https://builder.example/type/v1'] };

interface Demand {
  readonly checks?: Partial<SlsaProvenanceChecks>;
  readonly attestor?: Attestor;
}

function problems({ checks, attestor = keyless }: Demand): string[] {
  const document: ImagePolicy = {
    ...smallPolicy,
    spec: {
      ...smallPolicy.spec,
      attestors: { release: attestor },
      requirements: [{
        type: 'attestation', name: 'provenance', attestors: ['release'], predicateType: 'https://slsa.dev/provenance/v1',
        checks: { type: 'slsa-provenance', source: SOURCE, ...checks },
      }],
    },
  };
  return validateDocument(document).map(({ path, message }) => `${path.replace('spec.requirements[0].checks.', '')} ${message}`);
}

const claiming = (certificate: KeylessAttestor['certificate']): Attestor => ({ ...keyless, certificate: certificate ?? {} });
const gitlab: Attestor = { ...keyless, issuer: 'https://gitlab.com', subject: 'https://gitlab.com/acme/payments//.gitlab-ci.yml@refs/heads/main' };

test.each<[string, Demand, RegExp, Demand]>([
  ['a source that is misspelt', { checks: { source: 'https://github.com/acme/paymnets' }, attestor: claiming({ sourceRepositoryUri: SOURCE }) },
    /^source is ".*paymnets", but the attestor "release" vouches for ".*payments" alone, so this can never hold: correct/,
    { checks: { source: SOURCE }, attestor: claiming({ sourceRepositoryUri: SOURCE }) }],
  ['a source with the ".git" of a clone URL', { checks: { source: `${SOURCE}.git` } }, /^source is .*no certificate names a repository with "\.git" at its end/, { checks: { source: SOURCE } }],
  ['refs that the attestor never runs at', { checks: { sourceRefs: ['refs/tags/v*'] }, attestor: claiming({ sourceRepositoryRef: 'refs/heads/main' }) },
    /^sourceRefs has nothing that matches "refs\/heads\/main"/, { checks: { sourceRefs: ['refs/heads/*'] }, attestor: claiming({ sourceRepositoryRef: 'refs/heads/main' }) }],
  ['refs beside a claim that is a pattern', { checks: { sourceRefs: ['refs/tags/v*'] }, attestor: claiming({ sourceRepositoryRef: 'refs/heads/main' }) },
    /^sourceRefs /, { checks: { sourceRefs: ['refs/tags/v1'] }, attestor: claiming({ sourceRepositoryRef: 'refs/tags/*' }) }],
  ['level 2, which is the default, on a runner of their own', { attestor: claiming({ runnerEnvironment: 'self-hosted' }) }, /^level is 2 by default, which takes a hosted runner, .*"self-hosted" alone/,
    { checks: { level: 1 }, attestor: claiming({ runnerEnvironment: 'self-hosted' }) }],
  ['level 3 on a runner of their own', { checks: { level: 3 }, attestor: claiming({ runnerEnvironment: 'self-hosted' }) }, /^level is 3, which/,
    { checks: { level: 3 }, attestor: claiming({ runnerEnvironment: 'github-hosted' }) }],
  ['GitHub\'s build type of a GitLab pipeline', { attestor: gitlab }, /^buildTypes is missing, and the default is that of GitHub's workflows, .*"https:\/\/gitlab\.com" is none/,
    { checks: { buildTypes: BUILDERS.buildTypes }, attestor: gitlab }],
  ['GitHub\'s build type of a look-alike of its issuer', { attestor: { ...keyless, issuer: `${keyless.issuer}.evil.example` } }, /^buildTypes is missing/,
    { attestor: { ...keyless, issuer: `${keyless.issuer}/acme` } }],
  ['a key without the builders that use it', { checks: { buildTypes: BUILDERS.buildTypes }, attestor: key }, /^builderIds is missing, and the attestor "release" is a key, which names no builder/,
    { checks: BUILDERS, attestor: key }],
  ['a key without the build types of its provenance', { checks: { builderIds: BUILDERS.builderIds }, attestor: key }, /^buildTypes is missing, and the attestor "release" is a key, which names no build type/,
    { checks: BUILDERS, attestor: key }],
])('refuses %s, and takes its twin', (_, wrong, message, right) => {
  expect(problems(wrong)).toEqual([expect.stringMatching(message)]);
  expect(problems(right)).toEqual([]);
});

test('one field is one problem, however many attestors it is wrong for', () => {
  const names = ['a', 'b'];
  const document: ImagePolicy = {
    ...smallPolicy,
    spec: {
      ...smallPolicy.spec,
      attestors: Object.fromEntries(names.map((name) => [name, { ...gitlab, subject: `${name}@acme.test` }])),
      requirements: [{
        type: 'attestation', name: 'provenance', attestors: names, predicateType: 'https://slsa.dev/provenance/v1', checks: { type: 'slsa-provenance', source: SOURCE },
      }],
    },
  };
  expect(validateDocument(document).map(({ path }) => path)).toEqual(['spec.requirements[0].checks.buildTypes']);
});
