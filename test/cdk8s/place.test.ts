import { Chart, Testing } from 'cdk8s';
import { KeylessAttestor, KeylessAttestorProps, SignedImagePolicy, SlsaProvenanceRequirement, TrustRoot } from '../../lib';
import { createApp, createAttestor, messageOf } from './tree';

const WORKFLOW = '.github/workflows/release.yml';
const own: KeylessAttestorProps = { issuer: 'https://id.acme.example', subject: 'https://acme.example/release' };

/** Everything that synthesis refuses of a policy by this attestor, without the remedies. */
function refusals(make: (chart: Chart) => KeylessAttestor, policies: readonly string[] = ['payments']): string[] {
  const chart = new Chart(createApp(), 'guard');
  const attestors = [make(chart)];
  policies.forEach((id) => new SignedImagePolicy(chart, id, { images: [`ghcr.io/acme/${id}/**`], attestors }));
  try {
    Testing.synth(chart);
    return [];
  } catch (error) {
    return (error as Error).message.split('\n').slice(1).map((line) => line.trim().replace(/^\[[^\]]+\] /, '').replace(/\. .*$/, ''));
  }
}

describe('a finding about a part of a document names the construct and the property that say it, once', () => {
  test.each<[string, string, (chart: Chart, branch: string) => KeylessAttestor]>([
    ['ref', 'a workflow with one ref', (chart, ref) => KeylessAttestor.githubWorkflow(chart, 'ci', { repository: 'acme/payments', workflow: WORKFLOW, ref })],
    ['refs[0]', 'a workflow with a list of one', (chart, ref) => KeylessAttestor.githubWorkflow(chart, 'ci', { repository: 'acme/payments', workflow: WORKFLOW, refs: [ref] })],
    ['refs[1]', 'a workflow with several refs', (chart, ref) => KeylessAttestor.githubWorkflow(chart, 'ci', { repository: 'acme/payments', workflow: WORKFLOW, refs: ['refs/tags/v*', ref] })],
    ['callerRef', 'a reusable workflow', (chart, callerRef) => KeylessAttestor.githubReusableWorkflow(chart, 'ci', {
      workflowRepository: 'acme/build', workflow: WORKFLOW, ref: 'refs/tags/v1', callerRepository: 'acme/payments', callerRef,
    })],
    ['ref', 'a pipeline', (chart, ref) => KeylessAttestor.gitlabPipeline(chart, 'ci', { project: 'acme/payments', ref })],
    ['subjectRefs[0]', 'an identity of one\'s own', (chart, ref) => new KeylessAttestor(chart, 'ci', { ...own, subjectRefs: [ref] })],
    ['claims.sourceRepositoryRef', 'a claim of one\'s own', (chart, ref) => new KeylessAttestor(chart, 'ci', { ...own, claims: { sourceRepositoryRef: ref } })],
  ])('%s of %s', (property, _what, make) => {
    expect(refusals((chart) => make(chart, 'refs/heads/x*'))).toEqual([`[BRANCH_WILDCARD] guard/ci: ${property}: refs/heads/x* matches branches that are new`]);
    expect(refusals((chart) => make(chart, 'refs/heads/x/*'))).toEqual([]);
  });

  test('also when several policies name the construct', () => {
    const make = (chart: Chart): KeylessAttestor => KeylessAttestor.gitlabPipeline(chart, 'ci', { project: 'acme/payments', ref: 'refs/heads/*' });
    expect(refusals(make, ['one', 'two'])).toEqual(['[BRANCH_WILDCARD] guard/ci: ref: refs/heads/* matches branches that are new']);
  });

  test('also of a requirement', () => {
    const synthesize = (sourceRef: string): void => {
      const chart = new Chart(createApp(), 'guard');
      const attestors = [createAttestor(chart)];
      const requirements = ['first', 'second'].map((id) => new SlsaProvenanceRequirement(chart, id, {
        attestors, source: 'https://github.com/acme/payments', sourceRefs: ['refs/heads/main', id === 'second' ? sourceRef : 'refs/tags/v*'],
      }));
      new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors, requirements });
      Testing.synth(chart);
    };
    expect(messageOf(() => synthesize('refs/heads/*'))).toContain('[BRANCH_WILDCARD] guard/second: sourceRefs[1]: refs/heads/* matches branches that are new.');
    expect(() => synthesize('refs/heads/main')).not.toThrow();
  });

  test('but not of a part that another attestor of nearly the same name has', () => {
    const make = (chart: Chart): KeylessAttestor => {
      const trustRoot = TrustRoot.publicGood();
      new SignedImagePolicy(chart, 'other', { images: ['ghcr.io/acme/other/**'], attestors: [new KeylessAttestor(chart, 'c', { ...own, trustRoot })] });
      return new KeylessAttestor(chart, 'c.i', { ...own, subjectRefs: ['refs/heads/*'], trustRoot });
    };
    expect(refusals(make)).toEqual(['[BRANCH_WILDCARD] guard/c.i: subjectRefs[0]: refs/heads/* matches branches that are new']);
  });
});
