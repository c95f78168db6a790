import { KeylessAttestor } from '../../lib/policy/document';
import { validateDocument } from '../../lib/policy/validate';
import { smallPolicy } from './documents';

const WORKFLOW = 'https://github.com/acme/payments/.github/workflows/release.yml';
const MAIN = `${WORKFLOW}@refs/heads/main`;
const OTHER = 'https://github.com/acme/payments/.github/workflows/other.yml@refs/heads/main';
const REFS = { workflow: WORKFLOW, refs: ['refs/heads/main', 'refs/tags/v*'] };

function problems(changes: Partial<KeylessAttestor>): string[] {
  const { release } = smallPolicy.spec.attestors;
  const spec = { ...smallPolicy.spec, attestors: { release: { ...release, subject: MAIN, topLevel: 'required', ...changes } } };
  return validateDocument({ ...smallPolicy, spec }).map(({ path, message }) => `${path} ${message}`);
}

/** What can never be a run that no other workflow called, what is said, and the twin that can. */
const CONTRADICTIONS: ReadonlyArray<readonly [what: string, impossible: Partial<KeylessAttestor>, said: RegExp, possible: Partial<KeylessAttestor>]> = [
  ['an e-mail address', { issuer: 'https://accounts.google.com', subject: 'release@acme.example' }, /names no workflow at a ref/, { issuer: 'https://accounts.google.com', subject: 'release@acme.example', topLevel: 'notRequired' }],
  ['a URI without a ref', { issuer: 'https://issuer.acme.example', subject: 'https://acme.example/release' }, /names no workflow at a ref/, { issuer: 'https://issuer.acme.example', subject: 'https://acme.example/release@refs/heads/main' }],
  ['a workflow at a commit', { subject: `${WORKFLOW}@${'0'.repeat(40)}` }, /names no workflow at a ref/, { subject: MAIN }],
  ['another workflow that signs', { certificate: { buildSignerUri: OTHER } }, /buildSignerUri .*other\.yml.* is another workflow than the subject/, { certificate: { buildSignerUri: MAIN } }],
  ['another workflow that was started', { certificate: { buildConfigUri: OTHER } }, /buildConfigUri .* is another workflow than the subject/, { certificate: { buildConfigUri: MAIN } }],
  ['a ref that is not of the subject', { subject: REFS, certificate: { buildSignerUri: `${WORKFLOW}@refs/heads/dev` } }, /buildSignerUri .* is another workflow/, { subject: REFS, certificate: { buildSignerUri: `${WORKFLOW}@refs/tags/v1` } }],
  ['two refs of the subject', { subject: REFS, certificate: { buildSignerUri: MAIN, buildConfigUri: `${WORKFLOW}@refs/tags/v1` } }, /are not the same workflow/, { subject: REFS, certificate: { buildSignerUri: MAIN, buildConfigUri: MAIN } }],
  ['a run at another ref', { certificate: { sourceRepositoryRef: 'refs/tags/v*' } }, /sourceRepositoryRef "refs\/tags\/v\*" is no ref of the subject/, { certificate: { sourceRepositoryRef: 'refs/heads/ma*' } }],
];

test.each(CONTRADICTIONS)('%s is refused, since it would refuse everything', (_, impossible, said, possible) => {
  expect(problems(impossible)).toEqual([expect.stringMatching(new RegExp(`^spec\\.attestors\\.release\\.topLevel is required, but .*${said.source}.*, so this can never hold: `))]);
  expect(problems(possible)).toEqual([]);
});
