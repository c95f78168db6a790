/**
 * Names of the checks that a proof lists, in the order in which they are made; no other name is one, and test/mutation removes each of them in turn.
 *
 * `cryptography` stands for the fact of the trust anchor; the names that the fact itself brings follow it.
 * Part of the public contract of the JSON output and the decision log.
 */
export const CHECKS = {
  statementKind: 'statement-kind',
  predicateType: 'predicate-type',
  cryptography: 'cryptography',
  signingTime: 'signing-time',
  untimed: 'signing-time:not-demanded',
  subjectDigest: 'subject-digest',
  key: 'key',
  keyPeriod: 'key-period',
  denyList: 'deny-list',
  issuer: 'issuer',
  subject: 'subject',
  topLevel: 'top-level',
  claim: (claim: string) => `claim:${claim}` as const,
  repository: 'repository',
  annotation: (name: string) => `annotation:${name}` as const,
  provenanceShape: 'provenance:shape',
  builderId: 'provenance:builder-id',
  buildType: 'provenance:build-type',
  externalParameters: 'provenance:external-parameters',
  source: 'provenance:source',
  sourceRef: 'provenance:source-ref',
  agreement: (claim: string) => `provenance:agrees:${claim}` as const,
  level: (level: number) => `provenance:level-${level}` as const,
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
  condition: (expression: string) => `condition:${expression}` as const,
  newest: 'newest',
  sameBuild: (rule: string) => `same-build:${rule}` as const,
} as const;

/** Names of the checks that the fact of a trust anchor brings: what cryptography has shown. */
export const CRYPTOGRAPHY = {
  signature: 'signature',
  chain: 'certificate-chain',
  codeSigning: 'code-signing',
  validity: 'time-in-validity',
  certificateTransparency: 'certificate-transparency',
  logInclusion: 'log-inclusion',
  logSigner: 'log-binds-signer',
  timestamp: 'timestamp',
} as const;

/** What a fact may bring. */
export type CryptographicCheck = typeof CRYPTOGRAPHY[keyof typeof CRYPTOGRAPHY];

type Named<T> = T extends (...args: never[]) => infer Name ? Name : T;

/** What a proof may list. */
export type CheckName = Named<typeof CHECKS[keyof typeof CHECKS]> | CryptographicCheck;
