import { Chart, Testing } from 'cdk8s';
import {
  AllowedVulnerabilities, AttestationRequirement, AttestationRequirementProps, KeylessAttestor, Requirement, SbomFormat, SbomRequirement, ScanFormat, SignedImagePolicy,
  SlsaProvenanceRequirement, SlsaProvenanceRequirementProps, SlsaProvenanceVersion, VerificationSummaryRequirement, VulnerabilityScanRequirement,
} from '../../lib';
import { createApp, createAttestor, documentsIn, messageOf, NEXT_MONTH, Written } from './tree';

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
  new AttestationRequirement(chart, 'required', { attestors, predicateType: 'https://acme.example/review/v1', ...props })
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
    type: 'attestation', name: 'required', attestors: ['qa', 'release'], threshold: 2, predicateType: 'https://acme.example/review/v1',
  });
});

test.each<[SlsaProvenanceVersion | undefined, string, string]>([
  [undefined, 'https://slsa.dev/provenance/v1', 'slsa-provenance'], [SlsaProvenanceVersion.V1, 'https://slsa.dev/provenance/v1', 'slsa-provenance'],
  [SlsaProvenanceVersion.V0_2, 'https://slsa.dev/provenance/v0.2', 'slsa-provenance-v0.2'],
])('a provenance of version %p is asked for as that', (version, predicateType, type) => {
  expect(slsa({ ...(version === undefined ? {} : { version }) })).toMatchObject({ predicateType, checks: { type } });
});

test.each<[SbomFormat, string]>([
  [SbomFormat.SPDX, 'https://spdx.dev/Document'], [SbomFormat.SPDX_2_2, 'https://spdx.dev/Document/v2.2'], [SbomFormat.SPDX_2_3, 'https://spdx.dev/Document/v2.3'],
  [SbomFormat.CYCLONE_DX, 'https://cyclonedx.org/bom'],
])('a bill of materials as %s is looked for under its predicate type', (format, predicateType) => {
  expect(documentOf((chart, attestors) => new SbomRequirement(chart, 'required', { attestors, format, threshold: 2 })))
    .toEqual({ type: 'attestation', name: 'required', attestors: ['qa', 'release'], threshold: 2, predicateType, checks: { type: 'sbom' } });
});

test('every requirement on an attestation may have conditions', () => {
  const conditions = [{ expression: 'predicate.approved == true', message: 'an approval' }, { expression: 'size(predicate) > 1' }];
  expect(attestation({ conditions })).toMatchObject({ conditions });
  expect(slsa({ conditions })).toMatchObject({ conditions });
  expect(documentOf((chart, attestors) => new SbomRequirement(chart, 'required', { attestors, format: SbomFormat.SPDX, conditions }))).toMatchObject({ conditions });
});

test('a scan requirement says everything that is given', () => {
  const scan = (format?: ScanFormat, until: string | Date = NEXT_MONTH) => documentOf((chart, attestors) => new VulnerabilityScanRequirement(chart, 'required', {
    attestors, maxSeverity: AllowedVulnerabilities.MEDIUM, maxAge: '7d', maxDatabaseAge: '36h', ignored: [{ id: 'CVE-2026-1', reason: 'not called', owner: 'payments', until }], ...(format === undefined ? {} : { format }),
  }));
  const checks = { type: 'vulnerability-scan', maxSeverity: 'medium', maxAge: '7d', maxDatabaseAge: '36h', ignored: [{ id: 'CVE-2026-1', reason: 'not called', owner: 'payments', until: NEXT_MONTH }] };
  expect(scan()).toMatchObject({ predicateType: 'https://cosign.sigstore.dev/attestation/vuln/v1', checks });
  expect(scan(ScanFormat.IN_TOTO, new Date(NEXT_MONTH))).toMatchObject({ predicateType: 'https://in-toto.io/attestation/vulns/v0.2', checks });
});

test('a summary requirement says everything that is given', () => {
  const checks = { verifierId: 'https://verifier.acme.example', resourceUris: ['oci://ghcr.io/acme/payments'], levels: ['SLSA_BUILD_LEVEL_2'], maxAge: '30d', policyDigest: `sha256:${'ab'.repeat(32)}` };
  expect(documentOf((chart, attestors) => new VerificationSummaryRequirement(chart, 'required', { attestors, ...checks })))
    .toMatchObject({ predicateType: 'https://slsa.dev/verification_summary/v1', checks: { type: 'verification-summary', ...checks } });
});

test('a vulnerability that is ignored beyond its date, or for years, is refused at synthesis', () => {
  const written = (until: string) => () => void documentOf((chart, attestors) => new VulnerabilityScanRequirement(chart, 'required', {
    attestors, maxSeverity: AllowedVulnerabilities.MEDIUM, maxAge: '7d', ignored: [{ id: 'CVE-2026-1', reason: 'not called', owner: 'payments', until }],
  }));
  expect(messageOf(written('2026-01-01'))).toMatch(/\[EXPIRED\] enforcement\/required: ignored\[0\]\.until: It was over on 2026-01-01; payments answers for it, the reason was "not called"\./);
  expect(messageOf(written('2040-01-01'))).toMatch(/\[WINDOW_TOO_LONG\] enforcement\/required: ignored\[0\]\.until: /);
  expect(written(NEXT_MONTH)).not.toThrow();
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
  expect(messageOf(() => void Testing.synth(own))).toMatch(/\[BUILDER_NOT_ISOLATED\] enforcement\/provenance: The attestor builder is a workflow of the source itself/);
  expect(() => void Testing.synth(isolated)).not.toThrow();
});

test('a requirement or attestor with an id that cannot be a name is refused where it is made', () => {
  const chart = new Chart(createApp(), 'enforcement');
  const attestors = [createAttestor(chart)];
  expect(messageOf(() => new AttestationRequirement(chart, 'SBOM', { attestors, predicateType: 'https://acme.example/review/v1' })))
    .toMatch(/^\[INVALID_INPUT\] enforcement\/SBOM: name is "SBOM", which is not a DNS label/);
  expect(messageOf(() => createAttestor(chart, 'my release'))).toMatch(/^\[INVALID_INPUT\] enforcement\/my release: has the name "my release"/);
});

test('what is declared and never used is refused, in both kinds', () => {
  const chart = new Chart(createApp(), 'enforcement');
  const attestors = [createAttestor(chart)];
  const requirement = new AttestationRequirement(chart, 'sbom', { attestors, predicateType: 'https://acme.example/review/v1' });
  new SignedImagePolicy(chart, 'one', { images: ['ghcr.io/acme/one'], attestors });
  const unused = createAttestor(chart, 'unused');
  const message = messageOf(() => void Testing.synth(chart));
  expect(message).toContain('[UNUSED] enforcement/sbom: no policy names this AttestationRequirement, so it enforces nothing. Name it in a SignedImagePolicy, or remove it.');
  expect(message).toContain('[UNUSED] enforcement/unused: no policy names this KeylessAttestor');
  new SignedImagePolicy(chart, 'two', { images: ['ghcr.io/acme/two'], attestors: [unused], requirements: [requirement] });
  expect(() => void Testing.synth(chart)).not.toThrow();
});
