import { Chart, Testing } from 'cdk8s';
import {
  Demand, EmailProps, GitHubReusableWorkflowProps, GitHubRunner, GitHubWorkflowProps, GitLabPipelineProps, KeylessAttestor, KeylessAttestorProps,
  SignedImagePolicy, TrustRoot,
} from '../../lib';
import { createApp, documentsIn, messageOf, Written } from './tree';

/** The attestor in a policy that names it. */
function documentOf(make: (chart: Chart) => KeylessAttestor): unknown {
  const chart = new Chart(createApp(), 'enforcement');
  new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [make(chart)] });
  return Object.values(documentsIn(Testing.synth(chart) as Written[])[0]!.spec.attestors as object)[0];
}

const workflow = (props: Partial<GitHubWorkflowProps>): unknown => documentOf((chart) => KeylessAttestor.githubWorkflow(chart, 'signer', {
  repository: 'acme/payments', workflow: '.github/workflows/release.yml', ...props,
}));

const reusable = (props: Partial<GitHubReusableWorkflowProps>): unknown => documentOf((chart) => KeylessAttestor.githubReusableWorkflow(chart, 'signer', {
  workflowRepository: 'acme/build', workflow: '.github/workflows/container.yml', ref: 'refs/tags/v2.1.0', callerRepository: 'acme/payments', ...props,
}));

const pipeline = (props: Partial<GitLabPipelineProps>): unknown => documentOf((chart) => KeylessAttestor.gitlabPipeline(chart, 'signer', {
  project: 'acme/backend/payments', ref: 'refs/heads/main', ...props,
}));

const exact = (props: Partial<KeylessAttestorProps>): unknown => documentOf((chart) => new KeylessAttestor(chart, 'signer', {
  issuer: 'https://issuer.example', subject: 'builder@acme.example', ...props,
}));

const email = (props: Partial<EmailProps>): unknown => documentOf((chart) => KeylessAttestor.email(chart, 'signer', {
  email: 'ada@acme.example', issuer: 'https://accounts.google.com', ...props,
}));

describe('githubWorkflow', () => {
  test('binds the workflow, the ref, the repository, and that it was started as itself on a hosted runner', () => {
    const identity = 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main';
    expect(workflow({ ref: 'refs/heads/main' })).toEqual({
      type: 'keyless',
      issuer: 'https://token.actions.githubusercontent.com',
      subject: identity,
      certificate: {
        buildSignerUri: identity,
        buildConfigUri: identity,
        sourceRepositoryUri: 'https://github.com/acme/payments',
        sourceRepositoryRef: 'refs/heads/main',
        runnerEnvironment: 'github-hosted',
      },
      trustRoot: 'sigstore',
    });
  });

  test('binds a pattern of refs through the subject', () => {
    expect(workflow({ ref: 'refs/tags/v*' })).toMatchObject({
      subject: { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: ['refs/tags/v*'] },
      certificate: { sourceRepositoryUri: 'https://github.com/acme/payments', sourceRepositoryRef: 'refs/tags/v*', runnerEnvironment: 'github-hosted' },
      topLevel: 'required',
    });
  });

  test('binds several refs through the subject, and still the repository', () => {
    expect(workflow({ refs: ['refs/heads/main', 'refs/tags/v*'] })).toMatchObject({
      subject: { workflow: 'https://github.com/acme/payments/.github/workflows/release.yml', refs: ['refs/heads/main', 'refs/tags/v*'] },
      certificate: { sourceRepositoryUri: 'https://github.com/acme/payments', runnerEnvironment: 'github-hosted' },
      topLevel: 'required',
    });
  });

  test('an exact ref needs no more than its claims', () => {
    expect(workflow({ ref: 'refs/heads/main' })).not.toHaveProperty('topLevel');
  });

  test('binds ids and trigger when they are given', () => {
    expect(workflow({ ref: 'refs/heads/main', repositoryId: '7001', ownerId: '9001', trigger: 'push' })).toMatchObject({
      certificate: { sourceRepositoryId: '7001', sourceRepositoryOwnerId: '9001', buildTrigger: 'push' },
    });
  });

  test.each([
    [GitHubRunner.GITHUB_HOSTED, 'github-hosted'],
    [GitHubRunner.SELF_HOSTED, 'self-hosted'],
    [GitHubRunner.ANY, undefined],
  ])('binds the runner %s as %s', (runner, claim) => {
    expect((workflow({ ref: 'refs/heads/main', runner }) as { certificate: { runnerEnvironment?: string } }).certificate.runnerEnvironment).toBe(claim);
  });

  const rows: [string, Partial<GitHubWorkflowProps>, RegExp, Partial<GitHubWorkflowProps>][] = [
    ['no ref', {}, /exactly one of `ref` and `refs`.*anybody who may push a branch/, { ref: 'refs/heads/main' }],
    ['both ref and refs', { ref: 'refs/heads/main', refs: ['refs/heads/main'] }, /exactly one of/, { refs: ['refs/heads/main'] }],
    ['an empty list of refs', { refs: [] }, /at least one ref/, { refs: ['refs/heads/main'] }],
    ['a short ref', { ref: 'main' }, /"main" is not a ref pattern|half an identity|refs\/heads\//, { ref: 'refs/heads/main' }],
    ['a pull request as ref', { ref: 'refs/pull/7/merge' }, /refs\/heads\/ or refs\/tags\//, { ref: 'refs/heads/7' }],
    ['a URL as repository', { ref: 'refs/heads/main', repository: 'https://github.com/acme/payments' }, /which is not a GitHub repository\. Write owner\/name/,
      { ref: 'refs/heads/main', repository: 'acme/payments' }],
    ['a wildcard in the repository', { ref: 'refs/heads/main', repository: 'acme/*' }, /not a GitHub repository/, { ref: 'refs/heads/main', repository: 'acme/a' }],
    ['the name of a workflow instead of its path', { ref: 'refs/heads/main', workflow: 'release' }, /which is not the path of a workflow/,
      { ref: 'refs/heads/main', workflow: '.github/workflows/release.yaml' }],
    ['a workflow with its ref', { ref: 'refs/heads/main', workflow: '.github/workflows/release.yml@refs/heads/main' }, /without "@" and ref/,
      { ref: 'refs/heads/main', workflow: '.github/workflows/release.yml' }],
    ['an unknown runner', { ref: 'refs/heads/main', runner: 'mine' as GitHubRunner }, /runner is "mine": write GitHubRunner\.GITHUB_HOSTED or /,
      { ref: 'refs/heads/main', runner: GitHubRunner.ANY }],
    ['an id that is no number', { ref: 'refs/heads/main', repositoryId: 'acme' }, /repositoryId is "acme", which is not a numeric id/,
      { ref: 'refs/heads/main', repositoryId: '7001' }],
  ];

  test.each(rows)('refuses %s', (_, props, message) => {
    const text = messageOf(() => workflow(props));
    expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/signer: /);
    expect(text).toMatch(message);
  });

  test.each(rows)('refuses %s, and takes its twin', (_, __, ___, props) => {
    expect(workflow(props)).toMatchObject({ type: 'keyless' });
  });
});

describe('githubReusableWorkflow', () => {
  const identity = 'https://github.com/acme/build/.github/workflows/container.yml@refs/tags/v2.1.0';

  test('binds the reusable workflow and who called it', () => {
    expect(reusable({})).toEqual({
      type: 'keyless',
      issuer: 'https://token.actions.githubusercontent.com',
      subject: identity,
      certificate: { buildSignerUri: identity, sourceRepositoryUri: 'https://github.com/acme/payments', runnerEnvironment: 'github-hosted' },
      trustRoot: 'sigstore',
    });
  });

  test('binds everything that is said about the caller', () => {
    expect(reusable({
      callerRef: 'refs/heads/main', callerWorkflow: '.github/workflows/release.yml', callerRepositoryId: '7001', callerOwnerId: '9001', trigger: 'push',
    })).toMatchObject({
      subject: identity,
      certificate: {
        sourceRepositoryUri: 'https://github.com/acme/payments',
        sourceRepositoryRef: 'refs/heads/main',
        sourceRepositoryId: '7001',
        sourceRepositoryOwnerId: '9001',
        buildConfigUri: 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main',
        buildTrigger: 'push',
      },
    });
  });

  test('takes a commit as ref', () => {
    const commit = 'f0e1d2c3b4a5968778695a4b3c2d1e0f00112233';
    expect(reusable({ ref: commit })).toMatchObject({ subject: `https://github.com/acme/build/.github/workflows/container.yml@${commit}` });
  });

  test('refuses a branch as ref, because whoever may push to it changes the builder', () => {
    expect(messageOf(() => reusable({ ref: 'refs/heads/main' }))).toBe(
      '[MUTABLE_BUILDER_REF] enforcement/signer: ref is "refs/heads/main", a branch: whoever may push to it changes the builder.'
      + ' Pin a tag, for example refs/tags/v2.1.0, or a commit of 40 lower-case hexadecimal digits.',
    );
  });

  test.each<[string, Partial<GitHubReusableWorkflowProps>, RegExp]>([
    ['a short tag', { ref: 'v2.1.0' }, /neither a full tag nor a commit/],
    ['a pattern of tags', { ref: 'refs/tags/v*' }, /neither a full tag nor a commit/],
    ['a short commit', { ref: 'f0e1d2c' }, /neither a full tag nor a commit/],
    ['a calling workflow without its ref', { callerWorkflow: '.github/workflows/release.yml' }, /callerRef is not exact/],
    ['a calling workflow at a pattern of refs', { callerWorkflow: '.github/workflows/release.yml', callerRef: 'refs/tags/v*' }, /callerRef is not exact/],
    ['no caller', { callerRepository: '' }, /callerRepository is "", which is not a GitHub repository/],
  ])('refuses %s', (_, props, message) => {
    expect(messageOf(() => reusable(props))).toMatch(message);
  });
});

describe('gitlabPipeline', () => {
  test('binds the pipeline, the ref and the project', () => {
    expect(pipeline({})).toEqual({
      type: 'keyless',
      issuer: 'https://gitlab.com',
      subject: 'https://gitlab.com/acme/backend/payments//.gitlab-ci.yml@refs/heads/main',
      certificate: { sourceRepositoryUri: 'https://gitlab.com/acme/backend/payments', sourceRepositoryRef: 'refs/heads/main' },
      trustRoot: 'sigstore',
    });
  });

  test('takes a pattern of refs, another server and another configuration', () => {
    expect(pipeline({ ref: 'refs/tags/v*', server: 'https://gitlab.acme.example', configuration: 'ci/release.yml', projectId: '42' })).toMatchObject({
      issuer: 'https://gitlab.acme.example',
      subject: { workflow: 'https://gitlab.acme.example/acme/backend/payments//ci/release.yml', refs: ['refs/tags/v*'] },
      certificate: { sourceRepositoryId: '42' },
    });
  });

  test.each<[string, Partial<GitLabPipelineProps>, RegExp]>([
    ['a project without group', { project: 'payments' }, /which is not a GitLab project/],
    ['a ref that is missing', { ref: undefined as unknown as string }, /ref is missing/],
    ['a server without https', { server: 'http://gitlab.acme.example' }, /server is .*write https:\/\/ and the host/],
  ])('refuses %s', (_, props, message) => {
    expect(messageOf(() => pipeline(props))).toMatch(message);
  });
});

test('a Google service account is an address that Google vouches for', () => {
  expect(documentOf((chart) => KeylessAttestor.googleServiceAccount(chart, 'signer', { email: 'builder@acme.iam.gserviceaccount.com' }))).toEqual({
    type: 'keyless', issuer: 'https://accounts.google.com', subject: 'builder@acme.iam.gserviceaccount.com', trustRoot: 'sigstore',
  });
});

test('a person is an address that the named provider vouches for', () => {
  expect(email({})).toEqual({ type: 'keyless', issuer: 'https://accounts.google.com', subject: 'ada@acme.example', trustRoot: 'sigstore' });
});

describe('an identity by hand', () => {
  test('is compared as a whole, with the claims that are named', () => {
    expect(exact({ claims: { sourceRepositoryVisibility: 'private' } })).toEqual({
      type: 'keyless',
      issuer: 'https://issuer.example',
      subject: 'builder@acme.example',
      certificate: { sourceRepositoryVisibility: 'private' },
      trustRoot: 'sigstore',
    });
  });

  test('takes a pattern only for the ref after its "@"', () => {
    expect(exact({ subject: 'https://ci.example/acme/release', subjectRefs: ['refs/tags/v*'] })).toMatchObject({
      subject: { workflow: 'https://ci.example/acme/release', refs: ['refs/tags/v*'] },
    });
  });

  test.each<[string, Partial<KeylessAttestorProps>, RegExp]>([
    ['a pattern as subject', { subject: 'https://github.com/acme/.*' }, /subject is .*looks like a pattern/],
    ['a glob as subject', { subject: '*@acme.example' }, /subject is .*looks like a pattern/],
    ['an empty subject', { subject: '' }, /subject is empty/],
    ['an issuer without https', { issuer: 'http://issuer.example' }, /issuer is .*not an https URL/],
    ['an empty issuer', { issuer: '' }, /issuer is empty/],
    ['half a GitHub identity', { issuer: 'https://token.actions.githubusercontent.com', subject: 'https://github.com/acme/payments' }, /half an identity/],
    ['no log without a timestamp', { transparency: { log: Demand.NOT_REQUIRED, reason: 'none there' } }, /transparency\.timestamp .*nothing says when/],
    ['no log without a reason', { transparency: { log: Demand.NOT_REQUIRED, timestamp: Demand.REQUIRED } }, /transparency\.reason is missing/],
    ['an unknown claim', { claims: { repository: 'acme' } as object }, /claims\.repository is not known here/],
  ])('refuses %s', (_, props, message) => {
    const text = messageOf(() => exact(props));
    expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/signer: /);
    expect(text).toMatch(message);
  });

  test('every problem has a line of its own', () => {
    expect(messageOf(() => exact({ issuer: 'x', subject: '*' })).split('\n')).toHaveLength(2);
  });
});

test('under the trust root of GitHub, its timestamp authority takes the place of the log', () => {
  expect(exact({ trustRoot: TrustRoot.github() })).toMatchObject({
    trustRoot: 'github', transparency: { log: 'notRequired', sct: 'notRequired', timestamp: 'required', reason: expect.stringContaining('no public log') as unknown },
  });
  expect(exact({ trustRoot: TrustRoot.publicGood() })).not.toHaveProperty('transparency');
});

test('a transparency that is said holds under any trust root', () => {
  const transparency = { timestamp: Demand.REQUIRED };
  expect(exact({ trustRoot: TrustRoot.github(), transparency })).toMatchObject({ transparency: { timestamp: 'required' } });
});
