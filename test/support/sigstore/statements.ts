import { Identity } from './identities';

export const SIGN_PREDICATE = 'https://sigstore.dev/cosign/sign/v1';
export const PROVENANCE_PREDICATE = 'https://slsa.dev/provenance/v1';

/** An in-toto statement as JSON; a test changes what it wants to be wrong. */
export interface StatementJson {
  _type: string;
  subject: Array<{ name?: string; digest: { [algorithm: string]: string } }>;
  predicateType: string;
  predicate?: unknown;
}

/** What `cosign sign` says about `sha256:…`. */
export function signStatement(digest: string): StatementJson {
  return statement(digest, SIGN_PREDICATE, {});
}

/** Any attestation about `sha256:…`. */
export function statement(digest: string, predicateType: string, predicate: unknown): StatementJson {
  return { _type: 'https://in-toto.io/Statement/v1', subject: [{ digest: { sha256: digest.replace(/^sha256:/, '') } }], predicateType, predicate };
}

/** SLSA v1 provenance of a GitHub workflow. */
export interface ProvenancePredicate {
  buildDefinition: {
    buildType: string;
    externalParameters: { workflow: { ref: string; repository: string; path: string }; [name: string]: unknown };
    internalParameters: { github: { event_name: string; repository_id: string; repository_owner_id: string; runner_environment: string } };
    resolvedDependencies: Array<{ uri: string; digest: { gitCommit: string } }>;
  };
  runDetails: { builder: { id: string }; metadata: { invocationId: string } };
}

/** Provenance that agrees with the certificate of `identity` in every field, unless `forge` changes it. */
export function provenanceStatement(digest: string, identity: Identity, forge: (predicate: ProvenancePredicate) => void = () => undefined): StatementJson {
  const claim = (name: string): string => identity.claims?.[name] ?? '';
  const source = claim('sourceRepositoryUri');
  const [path = ''] = claim('buildConfigUri').slice(source.length + 1).split('@');
  const predicate: ProvenancePredicate = {
    buildDefinition: {
      buildType: 'https://actions.github.io/buildtypes/workflow/v1',
      externalParameters: { workflow: { ref: claim('sourceRepositoryRef'), repository: source, path } },
      internalParameters: {
        github: {
          event_name: claim('buildTrigger'),
          repository_id: claim('sourceRepositoryId'),
          repository_owner_id: claim('sourceRepositoryOwnerId'),
          runner_environment: claim('runnerEnvironment'),
        },
      },
      resolvedDependencies: [
        { uri: `git+${source}@${claim('sourceRepositoryRef')}`, digest: { gitCommit: claim('sourceRepositoryDigest') } },
      ],
    },
    runDetails: { builder: { id: identity.subject }, metadata: { invocationId: claim('runInvocationUri') } },
  };
  forge(predicate);
  return statement(digest, PROVENANCE_PREDICATE, predicate);
}
