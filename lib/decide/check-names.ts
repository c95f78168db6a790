/**
 * Names of the checks that a proof lists, in the order in which they are made.
 *
 * `cryptography` stands for the fact of the trust anchor; the names that the fact itself brings follow it.
 * Part of the public contract of the JSON output and the decision log.
 */
export const CHECKS = {
  statementKind: 'statement-kind',
  predicateType: 'predicate-type',
  cryptography: 'cryptography',
  signingTime: 'signing-time',
  subjectDigest: 'subject-digest',
  key: 'key',
  keyPeriod: 'key-period',
  denyList: 'deny-list',
  issuer: 'issuer',
  subject: 'subject',
  claim: (claim: string): string => `claim:${claim}`,
  repository: 'repository',
  annotation: (name: string): string => `annotation:${name}`,
  provenanceShape: 'provenance:shape',
  builderId: 'provenance:builder-id',
  buildType: 'provenance:build-type',
  externalParameters: 'provenance:external-parameters',
  source: 'provenance:source',
  sourceRef: 'provenance:source-ref',
  agreement: (claim: string): string => `provenance:agrees:${claim}`,
  level: (level: number): string => `provenance:level-${level}`,
  sbomFormat: 'sbom:format',
  summaryShape: 'summary:shape',
  summaryVerifier: 'summary:verifier',
  summaryResource: 'summary:resource',
  summaryPolicy: 'summary:policy',
  summaryResult: 'summary:result',
  summaryLevels: 'summary:levels',
  summaryAge: 'summary:age',
  scanShape: 'scan:shape',
  scanAge: 'scan:age',
  scanDatabaseAge: 'scan:database-age',
  scanSeverity: 'scan:severity',
  condition: (expression: string): string => `condition:${expression}`,
  newest: 'newest',
  sameBuild: (rule: string): string => `same-build:${rule}`,
} as const;
