import { Chart, Testing } from 'cdk8s';
import {
  AttestationRequirement, AttestationRequirementProps, KeylessAttestor, Requirement, SignedImagePolicy, SlsaProvenanceRequirement, SlsaProvenanceRequirementProps,
} from '../../lib';
import { createApp, createAttestor, documentsIn, messageOf, Written } from './tree';

function documentOf(make: (chart: Chart, attestors: KeylessAttestor[]) => Requirement): unknown {
  const chart = new Chart(createApp(), 'enforcement');
  const attestors = [createAttestor(chart), KeylessAttestor.githubWorkflow(chart, 'qa', {
    repository: 'acme/payments', workflow: '.github/workflows/qa.yml', ref: 'refs/heads/main',
  })];
  new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors, requirements: [make(chart, attestors)] });
  return (documentsIn(Testing.synth(chart) as Written[])[0]!.spec.requirements as unknown[])[1];
}

const slsa = (props: Partial<SlsaProvenanceRequirementProps> = {}): unknown => documentOf((chart, attestors) => (
  new SlsaProvenanceRequirement(chart, 'required', { attestors, source: 'https://github.com/acme/payments', ...props })
));

const attestation = (props: Partial<AttestationRequirementProps> = {}): unknown => documentOf((chart, attestors) => (
  new AttestationRequirement(chart, 'required', { attestors, predicateType: 'https://spdx.dev/Document', ...props })
));

test('a provenance requirement says where the source is, and leaves the rest to the defaults of the document', () => {
  expect(slsa()).toEqual({
    type: 'attestation',
    name: 'required',
    attestors: ['qa', 'release'],
    predicateType: 'https://slsa.dev/provenance/v1',
    checks: { type: 'slsa-provenance', source: 'https://github.com/acme/payments' },
  });
});

test('a provenance requirement says everything that is given', () => {
  const checks = {
    sourceRefs: ['refs/heads/main'],
    builderIds: ['https://github.com/acme/build/.github/workflows/container.yml@refs/tags/v2.1.0'],
    buildTypes: ['https://actions.github.io/buildtypes/workflow/v1'],
    level: 2,
    externalParameters: { target: 'linux/amd64', options: [1, true, null] },
  };
  expect(slsa({ ...checks, threshold: 2 })).toMatchObject({ threshold: 2, checks });
});

test('an attestation requirement asks for a predicate type', () => {
  expect(attestation({ threshold: 2 })).toEqual({
    type: 'attestation', name: 'required', attestors: ['qa', 'release'], threshold: 2, predicateType: 'https://spdx.dev/Document',
  });
});

test.each<[string, () => unknown, RegExp]>([
  ['a source that is no URL', () => slsa({ source: 'acme/payments' }), /: source is "acme\/payments", which is not an https URL/],
  ['a source with a slash at the end', () => slsa({ source: 'https://github.com/acme/payments/' }), /: source .*remove the slash/],
  ['a level that does not exist', () => slsa({ level: 4 }), /: level is 4: write 1 or 2 or 3/],
  ['a builder by pattern', () => slsa({ builderIds: ['https://github.com/acme/*'] }), /: builderIds\[0\] .*looks like a pattern/],
  ['an empty list of build types', () => slsa({ buildTypes: [] }), /: buildTypes is empty/],
  ['no attestors', () => slsa({ attestors: [] }), /attestors is empty/],
  ['an alias as predicate type', () => attestation({ predicateType: 'spdx' }), /predicateType is "spdx", which is not a URI/],
  ['the predicate of a signature', () => attestation({ predicateType: 'https://sigstore.dev/cosign/sign/v1' }), /predicateType is what a signature says/],
  ['a threshold above the attestors', () => attestation({ threshold: 3 }), /threshold is 3, but 2 different attestors/],
  ['something else as attestor', () => attestation({ attestors: ['release' as unknown as KeylessAttestor] }), /attestors\[0\] is no Attestor of this library/],
])('refuses %s', (_, make, message) => {
  const text = messageOf(make);
  expect(text).toMatch(/^\[INVALID_INPUT\] enforcement\/required: /);
  expect(text).toMatch(message);
});

test('a source that the attestor does not vouch for is refused where the requirement is made', () => {
  expect(messageOf(() => slsa({ source: 'https://github.com/acme/paymnets' })))
    .toMatch(/^\[INVALID_INPUT\] enforcement\/required: source is ".*paymnets", but the attestor "release" vouches for ".*payments" alone/);
});

test('level 3 takes a builder that the source does not control', () => {
  const chartWith = (make: (chart: Chart) => KeylessAttestor): Chart => {
    const chart = new Chart(createApp(), 'enforcement');
    const builder = make(chart);
    const provenance = new SlsaProvenanceRequirement(chart, 'provenance', { attestors: [builder], source: 'https://github.com/acme/payments', level: 3 });
    new SignedImagePolicy(chart, 'policy', { images: ['ghcr.io/acme/**'], attestors: [builder], requirements: [provenance] });
    return chart;
  };
  const own = chartWith((chart) => KeylessAttestor.githubWorkflow(chart, 'builder', { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/tags/v*' }));
  const isolated = chartWith((chart) => KeylessAttestor.githubReusableWorkflow(chart, 'builder', {
    workflowRepository: 'acme/build', workflow: '.github/workflows/container.yml', ref: 'refs/tags/v1', callerRepository: 'acme/payments',
  }));
  expect(messageOf(() => void Testing.synth(own))).toMatch(/\[BUILDER_NOT_ISOLATED\] enforcement\/policy: .*The attestor builder is a workflow of the source itself/);
  expect(() => void Testing.synth(isolated)).not.toThrow();
});

test('a requirement or attestor with an id that cannot be a name is refused where it is made', () => {
  const chart = new Chart(createApp(), 'enforcement');
  const attestors = [createAttestor(chart)];
  expect(messageOf(() => new AttestationRequirement(chart, 'SBOM', { attestors, predicateType: 'https://spdx.dev/Document' })))
    .toMatch(/^\[INVALID_INPUT\] enforcement\/SBOM: name is "SBOM", which is not a DNS label/);
  expect(messageOf(() => createAttestor(chart, 'my release'))).toMatch(/^\[INVALID_INPUT\] enforcement\/my release: has the name "my release"/);
});

test('what is declared and never used is refused, in both kinds', () => {
  const chart = new Chart(createApp(), 'enforcement');
  const attestors = [createAttestor(chart)];
  const requirement = new AttestationRequirement(chart, 'sbom', { attestors, predicateType: 'https://spdx.dev/Document' });
  new SignedImagePolicy(chart, 'one', { images: ['ghcr.io/acme/one'], attestors });
  const unused = createAttestor(chart, 'unused');
  const message = messageOf(() => void Testing.synth(chart));
  expect(message).toContain('[UNUSED] enforcement/sbom: no policy names this AttestationRequirement, so it enforces nothing. Name it in a SignedImagePolicy, or remove it.');
  expect(message).toContain('[UNUSED] enforcement/unused: no policy names this KeylessAttestor');
  new SignedImagePolicy(chart, 'two', { images: ['ghcr.io/acme/two'], attestors: [unused], requirements: [requirement] });
  expect(() => void Testing.synth(chart)).not.toThrow();
});
