import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Chart, Testing } from 'cdk8s';
import {
  AllowedVulnerabilities, BuildRule, Demand, GitHubRunner, KeyAttestor, KeylessAttestor, SbomFormat, SbomRequirement, ScanFormat, SignedImagePolicy,
  SignedImagePolicyProps, SlsaProvenanceRequirement, SlsaProvenanceVersion, TrustRoot, VerificationSummaryRequirement, VulnerabilityScanRequirement,
} from '../../lib';
import { Attestor } from '../../lib/cdk8s/attestor';
import { Requirement } from '../../lib/cdk8s/requirement';
import { admissionOf, attestedBy, email, githubWorkflow, ImageEvidence, publicKey, signedBy, stranger, unsigned } from '../../lib/testing';
import { API, chartWith, provenChart, release, RELEASE } from './scene';

const pem = (): string => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
const [ours, theirs] = [pem(), pem()];

/** `admitted`, or the codes of the refusal, each once. */
function said(chart: Chart, evidence: ImageEvidence): string {
  const { outcome, reasons } = admissionOf(chart, API, evidence);
  return outcome === 'refused' ? [...new Set(reasons.map(({ code }) => code))].join(' ') : outcome;
}

/** A chart whose policy wants what is made here. */
function wanting(make: (chart: Chart) => Omit<SignedImagePolicyProps, 'images'>): Chart {
  const chart = new Chart(Testing.app(), 'enforcement');
  new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], ...make(chart) });
  return chart;
}

describe('a signature', () => {
  const chart = chartWith();

  test.each<[string, ImageEvidence, string]>([
    ['by the identity that the policy names', signedBy(release()), 'admitted'],
    ['by nobody', unsigned(), 'NO_SIGNATURE'],
    ['by somebody else', signedBy(stranger()), 'WRONG_IDENTITY'],
    ['by the same workflow at another ref', signedBy(release({ ref: 'refs/heads/next' })), 'WRONG_IDENTITY'],
    ['by a workflow of another repository', signedBy(release({ repository: 'mallory/payments' })), 'WRONG_IDENTITY'],
    ['on a runner of one\'s own', signedBy(release({ runner: GitHubRunner.SELF_HOSTED })), 'WRONG_CLAIM'],
    ['on whatever runner', signedBy(release({ runner: GitHubRunner.ANY })), 'WRONG_CLAIM'],
    ['by a key', signedBy(publicKey({ publicKey: ours })), 'WRONG_IDENTITY'],
    ['in another instance', signedBy(release({ trustRoot: TrustRoot.github() })), 'NO_TRUSTED_TIME'],
    ['about another image', signedBy(release()).aboutAnotherImage(), 'WRONG_SUBJECT'],
    ['without an entry in a log', signedBy(release()).withWitnesses({ log: false, timestamp: true }), 'NO_TRANSPARENCY'],
    ['without any time', signedBy(release()).withWitnesses({ log: false }), 'NO_TRUSTED_TIME'],
    ['of a certificate that was not logged', signedBy(release()).withWitnesses({ sct: false }), 'NO_TRANSPARENCY'],
    ['made tomorrow', signedBy(release()).signedAt(new Date(Date.now() + 86_400_000)), 'NO_TRUSTED_TIME'],
    ['made long ago', signedBy(release()).signedAt('2025-01-01'), 'admitted'],
    ['by somebody else beside the right one', signedBy(stranger()).and(signedBy(release())), 'admitted'],
    ['is not what a provenance is', attestedBy(release()).withProvenance(), 'NO_SIGNATURE'],
    ['is not what a bill of materials is', attestedBy(release()).withSbom(SbomFormat.SPDX), 'NO_SIGNATURE'],
  ])('%s', (_what, evidence, expected) => {
    expect(said(chart, evidence)).toBe(expected);
  });

  test('nothing that is not said about a workflow is as a policy wants it', () => {
    const claims = { repositoryId: '501773211', ownerId: '42', trigger: 'push' };
    for (const [property, value] of Object.entries(claims)) {
      const bound = wanting((scope) => ({ attestors: [KeylessAttestor.githubWorkflow(scope, 'release', { ...RELEASE, [property]: value })] }));
      expect([property, said(bound, signedBy(release()))]).toEqual([property, 'WRONG_CLAIM']);
      expect([property, said(bound, signedBy(release({ [property]: value })))]).toEqual([property, 'admitted']);
    }
  });

  test('the attestor of a chart signs as one of those whom it takes', () => {
    const attestors: Attestor[] = [];
    const refs = wanting((scope) => {
      attestors.push(KeylessAttestor.githubWorkflow(scope, 'release', { ...RELEASE, ref: 'refs/tags/v*' }));
      return { attestors };
    });
    const [attestor] = attestors as [Attestor];
    expect(said(refs, signedBy(attestor))).toBe('admitted');
    expect(said(chart, signedBy(attestor))).toBe('WRONG_IDENTITY');
  });

  test('what is no signer is refused as an error, not as evidence', () => {
    expect(() => signedBy('release' as never)).toThrow('a signer is an attestor');
    expect(() => signedBy({ _document: {} } as never)).toThrow('a signer is an attestor');
  });
});

describe('an instance of one\'s own', () => {
  const all = JSON.parse(readFileSync('examples/private-sigstore/sigstore/trusted_root.json', 'utf8')) as { [list: string]: unknown };
  const instance = (scope: Chart, without: string[]): TrustRoot => (
    TrustRoot.pinned(scope, 'corp', { json: JSON.stringify({ ...all, ...Object.fromEntries(without.map((list) => [list, []])) }) }));
  const of = (without: string[], transparency: object = {}): string => {
    const trustRoot = instance(Testing.chart(), without);
    const chart = wanting((scope) => ({ attestors: [KeylessAttestor.githubWorkflow(scope, 'release', { ...RELEASE, ...transparency, trustRoot: instance(scope, without) })] }));
    return said(chart, signedBy(release({ trustRoot })));
  };

  test('leaves beside a signature what it has, and no more', () => {
    const unlogged = { transparency: { log: Demand.NOT_REQUIRED, timestamp: Demand.REQUIRED, reason: 'there is no log' } };
    expect(of([])).toBe('admitted');
    expect(of(['tlogs'])).toBe('NO_TRANSPARENCY');
    expect(of(['tlogs'], unlogged)).toBe('admitted');
    expect(of(['tlogs', 'timestampAuthorities'], unlogged)).toBe('NO_TRUSTED_TIME');
    expect(of(['ctlogs'])).toBe('NO_TRANSPARENCY');
  });

  test('counts nowhere else', () => {
    expect(said(chartWith(), signedBy(release({ trustRoot: instance(Testing.chart(), []) })))).toBe('UNTRUSTED_CERTIFICATE');
    expect(said(chartWith(), signedBy(release()))).toBe('admitted');
  });
});

describe('keys', () => {
  const chart = wanting((scope) => ({ attestors: [new KeyAttestor(scope, 'vault', { publicKey: ours })] }));

  test('only the key that the policy names signs for it', () => {
    expect(said(chart, signedBy(publicKey({ publicKey: ours })))).toBe('admitted');
    expect(said(chart, signedBy(publicKey({ publicKey: theirs })))).toBe('INVALID_SIGNATURE');
    expect(said(chart, signedBy(release()))).toBe('WRONG_IDENTITY');
  });

  test('a rotated key signs in its period, by the time of the signature', () => {
    const rotated = wanting((scope) => ({ attestors: [new KeyAttestor(scope, 'vault', { keys: [{ publicKey: ours, validUntil: '2026-01-01' }, { publicKey: theirs, validFrom: '2025-12-01' }] })] }));
    expect(said(rotated, signedBy(publicKey({ publicKey: ours })).signedAt('2025-06-01'))).toBe('admitted');
    expect(said(rotated, signedBy(publicKey({ publicKey: ours })).signedAt('2026-06-01'))).toBe('KEY_NOT_VALID');
    expect(said(rotated, signedBy(publicKey({ publicKey: theirs })).signedAt('2026-06-01'))).toBe('admitted');
  });

  test('a timestamp that is demanded is only there when it is said', () => {
    const timed = wanting((scope) => ({ attestors: [new KeyAttestor(scope, 'vault', { publicKey: ours, transparency: { timestamp: Demand.REQUIRED } })] }));
    expect(said(timed, signedBy(publicKey({ publicKey: ours })))).toBe('NO_TRUSTED_TIME');
    expect(said(timed, signedBy(publicKey({ publicKey: ours })).withWitnesses({ timestamp: true }))).toBe('admitted');
  });
});

describe('a provenance', () => {
  const by = signedBy(release());

  test.each<[string, ImageEvidence, string]>([
    ['of the signer\'s own run', by.withProvenance(), 'admitted'],
    ['that is not there', by, 'NO_ATTESTATION'],
    ['by somebody else', by.and(attestedBy(stranger()).withProvenance({ source: 'https://github.com/acme/payments' })), 'WRONG_IDENTITY'],
    ['of another source', by.withProvenance({ source: 'https://github.com/mallory/payments' }), 'WRONG_PROVENANCE'],
    ['of another ref', by.withProvenance({ ref: 'refs/heads/next' }), 'WRONG_PROVENANCE'],
    ['of another commit', by.withProvenance({ commit: 'f'.repeat(40) }), 'WRONG_PROVENANCE'],
    ['of another builder', by.withProvenance({ builder: 'https://elsewhere.example' }), 'WRONG_PROVENANCE'],
    ['of another build type', by.withProvenance({ buildType: 'https://elsewhere.example/v1' }), 'WRONG_PROVENANCE'],
    ['with a parameter', by.withProvenance({ externalParameters: { debug: true } }), 'WRONG_PROVENANCE'],
    ['of the other version', by.withProvenance({ version: SlsaProvenanceVersion.V0_2 }), 'WRONG_PREDICATE'],
  ])('%s', (_what, evidence, expected) => {
    expect(said(provenChart(), evidence)).toBe(expected);
  });

  test('reaches level 2 only on a runner that is said to be hosted', () => {
    const anywhere = (level: number): Chart => wanting((scope) => {
      const attestor = KeylessAttestor.githubWorkflow(scope, 'release', { ...RELEASE, runner: GitHubRunner.ANY });
      return { attestors: [attestor], requirements: [new SlsaProvenanceRequirement(scope, 'provenance', { attestors: [attestor], source: 'https://github.com/acme/payments', level })] };
    });
    const somewhere = signedBy(release({ runner: GitHubRunner.ANY })).withProvenance();
    expect(said(anywhere(1), somewhere)).toBe('admitted');
    expect(said(anywhere(2), somewhere)).toBe('WRONG_PROVENANCE');
    expect(said(anywhere(2), signedBy(release()).withProvenance())).toBe('admitted');
  });

  test('of version 0.2 is what the generators write', () => {
    const older = wanting((scope) => {
      const attestor = KeylessAttestor.githubWorkflow(scope, 'release', RELEASE);
      return { attestors: [attestor], requirements: [new SlsaProvenanceRequirement(scope, 'provenance', { attestors: [attestor], source: 'https://github.com/acme/payments', version: SlsaProvenanceVersion.V0_2 })] };
    });
    expect(said(older, by.withProvenance({ version: SlsaProvenanceVersion.V0_2 }))).toBe('admitted');
    expect(said(older, by.withProvenance())).toBe('WRONG_PREDICATE');
  });

  test('of a key says nothing that is not said', () => {
    const keyed = wanting((scope) => {
      const attestor = new KeyAttestor(scope, 'vault', { publicKey: ours });
      return { attestors: [attestor], requirements: [new SlsaProvenanceRequirement(scope, 'provenance', {
        attestors: [attestor], source: 'https://git.example/app', builderIds: ['https://build.example'], buildTypes: ['https://build.example/v1'],
      })] };
    });
    const all = { source: 'https://git.example/app', builder: 'https://build.example', buildType: 'https://build.example/v1' };
    const vault = signedBy(publicKey({ publicKey: ours }));
    expect(said(keyed, vault.withProvenance(all))).toBe('admitted');
    for (const name of Object.keys(all)) {
      const rest = Object.fromEntries(Object.entries(all).filter(([other]) => other !== name));
      expect([name, said(keyed, vault.withProvenance(rest))]).toEqual([name, 'WRONG_PROVENANCE']);
    }
  });
});

describe('other attestations', () => {
  const demanding = (requirement: (scope: Chart, attestors: Attestor[]) => Requirement): Chart => wanting((scope) => {
    const attestors = [KeylessAttestor.githubWorkflow(scope, 'release', RELEASE)];
    return { attestors, requirements: [requirement(scope, attestors)] };
  });
  const by = signedBy(release());

  test('a bill of materials has the format that is said', () => {
    for (const format of Object.values(SbomFormat)) {
      const chart = demanding((scope, attestors) => new SbomRequirement(scope, 'sbom', { attestors, format }));
      const others = Object.values(SbomFormat).filter((other) => other !== format).map((other) => said(chart, by.withSbom(other)));
      expect([said(chart, by.withSbom(format)), ...others]).toEqual(['admitted', 'WRONG_PREDICATE', 'WRONG_PREDICATE', 'WRONG_PREDICATE']);
    }
  });

  test.each([undefined, ScanFormat.IN_TOTO])('a scan found what is said, and no database is new unless it is said (%s)', (named) => {
    const format = named === undefined ? {} : { format: named };
    const chart = demanding((scope, attestors) => new VulnerabilityScanRequirement(scope, 'scan', { attestors, maxSeverity: AllowedVulnerabilities.MEDIUM, maxAge: '2d', maxDatabaseAge: '2d', ...format }));
    const databaseUpdated = new Date(Date.now() - 3_600_000);
    const found = [{ id: 'CVE-2026-1', severity: 'MEDIUM' }];
    expect(said(chart, by.withScan({ found, databaseUpdated, ...format }))).toBe('admitted');
    expect(said(chart, by.withScan({ found, ...format }))).toBe('TOO_OLD');
    expect(said(chart, by.withScan({ found: [{ id: 'CVE-2026-1', severity: 'HIGH' }], databaseUpdated, ...format }))).toBe('VULNERABLE');
    expect(said(chart, by.withScan({ found, databaseUpdated, scannedAt: '2026-01-01T00:00:00Z', ...format }))).toBe('TOO_OLD');
    expect(said(chart, by.withScan({ found, databaseUpdated, ...format }).signedAt(new Date(Date.now() - 3 * 86_400_000)))).toBe('TOO_OLD');
  });

  test('a verification summary says what is said', () => {
    const chart = demanding((scope, attestors) => new VerificationSummaryRequirement(scope, 'summary', {
      attestors, verifierId: 'https://v.example', resourceUris: ['oci://app'], levels: ['SLSA_BUILD_LEVEL_2'], policyDigest: `sha256:${'b2'.repeat(32)}`, maxAge: '7d',
    }));
    const content = { verifierId: 'https://v.example', resourceUri: 'oci://app', result: 'PASSED', levels: ['SLSA_BUILD_LEVEL_3'], policyDigest: `sha256:${'b2'.repeat(32)}` } as const;
    expect(said(chart, by.withVerificationSummary(content))).toBe('admitted');
    const { verifierId, resourceUri, result, levels } = content;
    for (const other of [{ verifierId, resourceUri, result, levels }, { ...content, result: 'FAILED' as const }, { ...content, levels: [] }, { ...content, resourceUri: 'oci://b' }, { ...content, verifierId: 'https://w.example' }]) {
      expect(said(chart, by.withVerificationSummary(other))).toBe('WRONG_SUMMARY');
    }
    expect(said(chart, by.withVerificationSummary({ ...content, verifiedAt: '2026-01-01T00:00:00Z' }))).toBe('TOO_OLD');
  });
});

test('the repository is named where it is said', () => {
  const chart = chartWith({ repository: Demand.REQUIRED });
  expect(said(chart, signedBy(release()).naming('ghcr.io/acme/payments/api'))).toBe('admitted');
  expect(said(chart, signedBy(release()).naming('ghcr.io/acme/payments/other'))).toBe('WRONG_REPOSITORY');
  expect(said(chart, signedBy(release()))).toBe('WRONG_REPOSITORY');
});

test.each([BuildRule.COMMIT, BuildRule.RUN])('two signers are never of one build (%s) unless that is said', (sameBuild) => {
  const attestors = (scope: Chart): KeylessAttestor[] => ['release', 'check'].map((id) => KeylessAttestor.githubWorkflow(scope, id, { ...RELEASE, workflow: `.github/workflows/${id}.yml` }));
  const both = signedBy(release()).and(signedBy(release({ workflow: '.github/workflows/check.yml' })));
  expect(said(wanting((scope) => ({ attestors: attestors(scope), threshold: 2 })), both)).toBe('admitted');
  expect(said(wanting((scope) => ({ attestors: attestors(scope), threshold: 2, sameBuild })), both)).toBe('DIFFERENT_BUILDS');
});

test('annotations are those that are said', () => {
  const chart = chartWith({ signatureAnnotations: { env: 'prod' } });
  expect(said(chart, signedBy(release(), { annotations: { env: 'prod' } }))).toBe('admitted');
  expect(said(chart, signedBy(release()))).toBe('WRONG_ANNOTATION');
});

test('a signer counts once, however often the test names it', () => {
  const two = wanting((scope) => ({ attestors: [KeylessAttestor.githubWorkflow(scope, 'release', RELEASE), KeylessAttestor.email(scope, 'ada', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' })], threshold: 2 }));
  const ada = email({ email: 'ada@acme.example', issuer: 'https://accounts.google.com' });
  expect(said(two, signedBy(release()).and(signedBy(ada)))).toBe('admitted');
  expect(said(two, signedBy(release()).and(signedBy(githubWorkflow(RELEASE))))).toBe('BELOW_THRESHOLD WRONG_IDENTITY');
});
