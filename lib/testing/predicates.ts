import { SignerFact } from '../decide/evidence';
import { claimOf } from '../decide/identity';
import { GITHUB_WORKFLOW } from '../decide/slsa-predicate';
import { SbomFormat } from '../authoring/sbom';
import { SlsaProvenanceVersion } from '../authoring/provenance';
import { ScanFormat } from '../authoring/vulnerability-scan';
import { Json } from '../policy/document';
import { COSIGN_VULNERABILITIES, CYCLONE_DX_TYPE, IN_TOTO_VULNERABILITIES, SLSA_PROVENANCE_V02, SLSA_PROVENANCE_V1, SPDX_TYPES, VERIFICATION_SUMMARY } from '../policy/predicate-types';

/** What an attestation says. */
export interface Predicate {
  readonly predicateType: string;
  readonly predicate: Json;
}

/** Who attests, and when. */
export interface Attesting {
  readonly signer: SignerFact['signer'];
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/**
 * What a provenance says; what is left out is what the certificate of its signer says, and nothing where that says nothing.
 *
 * @example
 *
 * signedBy(release).withProvenance({ source: 'https://github.com/mallory/payments' });
 */
export interface ProvenanceContent {
  /** Of the predicate. @default SlsaProvenanceVersion.V1 */
  readonly version?: SlsaProvenanceVersion;
  /** `builder.id`. @default - the workflow in the signer's certificate */
  readonly builder?: string;
  /** How it was built. @default - GitHub's for a workflow of GitHub; for v0.2 that of slsa-github-generator's container builder */
  readonly buildType?: string;
  /** Repository that was built, for example `https://github.com/acme/payments`. @default - the one in the signer's certificate */
  readonly source?: string;
  /** Ref that was built. @default - the one in the signer's certificate */
  readonly ref?: string;
  /** Commit that was built. @default - the one in the signer's certificate */
  readonly commit?: string;
  /** Parameters beside those that the build type has. @default - none */
  readonly externalParameters?: { readonly [name: string]: Json };
}

/**
 * A vulnerability that a scan found.
 *
 * @example
 *
 * const found: FoundVulnerability[] = [{ id: 'CVE-2026-12345', severity: 'HIGH' }];
 */
export interface FoundVulnerability {
  /** For example `CVE-2026-12345`. */
  readonly id: string;
  /** In the scanner's words, for example `HIGH`. */
  readonly severity: string;
}

/**
 * What a scan says.
 *
 * @example
 *
 * signedBy(scanner).withScan({ found: [], scannedAt: '2026-11-01T06:00:00Z', databaseUpdated: '2026-11-01T00:00:00Z' });
 */
export interface ScanContent {
  /** Everything that was found; an empty list is a scan that found nothing. */
  readonly found: readonly FoundVulnerability[];
  /** Of the result. @default ScanFormat.COSIGN */
  readonly format?: ScanFormat;
  /** When the image was scanned. @default - when it is signed */
  readonly scannedAt?: string | Date;
  /** When the scanner's database was updated. @default - it does not say */
  readonly databaseUpdated?: string | Date;
}

/**
 * What a verification summary says.
 *
 * @example
 *
 * signedBy(verifier).withVerificationSummary({
 *   verifierId: 'https://verifier.acme.example', resourceUri: 'ghcr.io/acme/payments/api', result: 'PASSED', levels: ['SLSA_BUILD_LEVEL_3'],
 * });
 */
export interface SummaryContent {
  /** `verifier.id`. */
  readonly verifierId: string;
  /** `resourceUri`. */
  readonly resourceUri: string;
  /** `verificationResult`. */
  readonly result: 'PASSED' | 'FAILED';
  /** `verifiedLevels`. */
  readonly levels: readonly string[];
  /** `sha256:…` of the policy that was applied. @default - it does not say */
  readonly policyDigest?: string;
  /** When it was verified. @default - when it is signed */
  readonly verifiedAt?: string | Date;
}

const SLSA_GENERATOR = 'https://github.com/slsa-framework/slsa-github-generator/container@v1';

/** A provenance as the build would write it whose certificate this is, but for what is said otherwise. */
export function provenance(content: ProvenanceContent, { signer }: Attesting): Predicate {
  const claim = (name: string): string | undefined => claimOf(signer, name);
  const isWorkflow = signer.type === 'certificate' && claim('runInvocationUri') !== undefined;
  const { source = claim('sourceRepositoryUri'), ref = claim('sourceRepositoryRef'), commit = claim('sourceRepositoryDigest'), builder = isWorkflow ? claim('buildSignerUri') : undefined } = content;
  const path = claim('buildConfigUri')?.slice(`${claim('sourceRepositoryUri')}/`.length).split('@')[0];
  const said = { source, ref, commit, builder, path, external: content.externalParameters ?? {} };
  return content.version === SlsaProvenanceVersion.V0_2
    ? { predicateType: SLSA_PROVENANCE_V02, predicate: provenanceV02({ ...said, buildType: content.buildType ?? (isWorkflow ? SLSA_GENERATOR : undefined) }, claim) }
    : { predicateType: SLSA_PROVENANCE_V1, predicate: provenanceV1({ ...said, buildType: content.buildType ?? (isWorkflow ? GITHUB_WORKFLOW : undefined) }, claim) };
}

interface Said {
  readonly source: string | undefined;
  readonly ref: string | undefined;
  readonly commit: string | undefined;
  readonly builder: string | undefined;
  readonly buildType: string | undefined;
  /** Of the workflow in its repository. */
  readonly path: string | undefined;
  readonly external: { readonly [name: string]: Json };
}

type Claim = (name: string) => string | undefined;

/** Source: https://actions.github.io/buildtypes/workflow/v1 */
function provenanceV1({ source, ref, commit, builder, buildType, path, external }: Said, claim: Claim): Json {
  const isWorkflow = buildType === GITHUB_WORKFLOW;
  return sayable({
    buildDefinition: {
      buildType,
      externalParameters: { ...(isWorkflow ? { workflow: { ref, repository: source, path } } : {}), ...external },
      internalParameters: isWorkflow ? {
        github: {
          event_name: claim('buildTrigger'),
          repository_id: claim('sourceRepositoryId'),
          repository_owner_id: claim('sourceRepositoryOwnerId'),
          runner_environment: claim('runnerEnvironment'),
        },
      } : undefined,
      resolvedDependencies: [{ uri: sourceUri(source, ref), digest: { gitCommit: commit } }],
    },
    runDetails: { builder: { id: builder }, metadata: { invocationId: claim('runInvocationUri') } },
  });
}

/** Source: https://github.com/slsa-framework/slsa-github-generator, "Provenance format" */
function provenanceV02({ source, ref, commit, builder, buildType, path, external }: Said, claim: Claim): Json {
  const [, run, attempt] = /\/actions\/runs\/([0-9]+)\/attempts\/([0-9]+)$/.exec(claim('runInvocationUri') ?? '') ?? [];
  const material = { uri: sourceUri(source, ref), digest: { sha1: commit } };
  return sayable({
    builder: { id: builder },
    buildType,
    invocation: {
      configSource: { ...material, entryPoint: path },
      parameters: external,
      environment: {
        github_event_name: claim('buildTrigger'),
        github_repository_id: claim('sourceRepositoryId'),
        github_repository_owner_id: claim('sourceRepositoryOwnerId'),
        github_run_id: run,
        github_run_attempt: attempt,
      },
    },
    materials: [material],
  });
}

function sourceUri(source: string | undefined, ref: string | undefined): string | undefined {
  return source === undefined ? undefined : `git+${source}${ref === undefined ? '' : `@${ref}`}`;
}

const SBOMS: { readonly [format in SbomFormat]: Predicate } = {
  [SbomFormat.SPDX]: { predicateType: SPDX_TYPES[0], predicate: { spdxVersion: 'SPDX-2.3' } },
  [SbomFormat.SPDX_2_2]: { predicateType: SPDX_TYPES[1], predicate: { spdxVersion: 'SPDX-2.2' } },
  [SbomFormat.SPDX_2_3]: { predicateType: SPDX_TYPES[2], predicate: { spdxVersion: 'SPDX-2.3' } },
  [SbomFormat.CYCLONE_DX]: { predicateType: CYCLONE_DX_TYPE, predicate: { bomFormat: 'CycloneDX', specVersion: '1.6' } },
};

/** A bill of materials that lists nothing. */
export function sbom(format: SbomFormat): Predicate {
  return SBOMS[format];
}

/** The result of a scan, as Trivy writes it. */
export function scan({ found, format = ScanFormat.COSIGN, scannedAt, databaseUpdated }: ScanContent, { time }: Attesting): Predicate {
  const at = instantText(scannedAt ?? new Date(time));
  const isInToto = format === ScanFormat.IN_TOTO;
  const result = isInToto
    ? found.map(({ id, severity }) => ({ id, severity: [{ method: 'scanner', score: severity }] }))
    : { SchemaVersion: 2, ArtifactName: 'image', Results: [{ Vulnerabilities: found.map(({ id, severity }) => ({ VulnerabilityID: id, Severity: severity })) }] };
  return {
    predicateType: isInToto ? IN_TOTO_VULNERABILITIES : COSIGN_VULNERABILITIES,
    predicate: sayable({
      scanner: { uri: 'pkg:generic/scanner', db: { lastUpdate: databaseUpdated === undefined ? undefined : instantText(databaseUpdated) }, result },
      metadata: { scanStartedOn: at, scanFinishedOn: at },
    }),
  };
}

/** Source: https://slsa.dev/spec/v1.1/verification_summary */
export function summary({ verifierId, resourceUri, result, levels, policyDigest, verifiedAt }: SummaryContent, { time }: Attesting): Predicate {
  return {
    predicateType: VERIFICATION_SUMMARY,
    predicate: sayable({
      verifier: { id: verifierId },
      timeVerified: instantText(verifiedAt ?? new Date(time)),
      resourceUri,
      policy: policyDigest === undefined ? undefined : { digest: { sha256: policyDigest.replace(/^sha256:/, '') } },
      verificationResult: result,
      verifiedLevels: levels,
    }),
  };
}

function instantText(instant: string | Date): string {
  return typeof instant === 'string' ? instant : instant.toISOString();
}

/** A value as JSON holds it: what is not said is not there. */
export function sayable(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
