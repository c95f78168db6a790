import { Json } from '../policy/document';
import { NormalSlsaProvenanceChecks } from '../policy/normal';
import { matchesRef } from '../policy/ref-pattern';
import { canonicalJson } from '../policy/canonical-json';
import { Check, CLOSENESS, Shortfall } from './check';
import { CHECKS } from './check-names';
import { Examined } from './examined';
import { claimOf } from './identity';
import { show, showList } from './show';

/** GitHub's build type; its external parameters are one object `workflow` of `ref`, `repository` and `path`. */
export const GITHUB_WORKFLOW = 'https://actions.github.io/buildtypes/workflow/v1';

/**
 * SLSA v1 provenance, in the order of the specification ("Verifying artifacts", build track): shape, builder, build type,
 * parameters, source; then whatever predicate and certificate both say must be the same.
 *
 * Whoever runs the build writes the predicate; only the certificate speaks for the identity provider. With a certificate,
 * source and ref therefore need its word; with a key, the predicate's own word is all there is.
 */
export function provenanceChecks(checks: NormalSlsaProvenanceChecks): Check<Examined>[] {
  return [
    check(CHECKS.provenanceShape, ({ statement }) => (read(statement.predicate) === undefined
      ? 'expected a SLSA v1 predicate with buildDefinition and runDetails, found another shape' : undefined)),
    {
      ...check(CHECKS.builderId, (examined) => {
        const { builderId } = provenanceOf(examined);
        const expected = expectedBuilders(checks, examined);
        return expected.includes(builderId) ? undefined : `expected the builder ${showList(expected)}, found ${show(builderId)}`;
      }),
      applies: (examined) => expectedBuilders(checks, examined).length > 0,
    },
    check(CHECKS.buildType, (examined) => {
      const { buildType } = provenanceOf(examined);
      return checks.buildTypes.includes(buildType) ? undefined : `expected the build type ${showList(checks.buildTypes)}, found ${show(buildType)}`;
    }),
    check(CHECKS.externalParameters, (examined) => parametersShortfall(checks, provenanceOf(examined))),
    check(CHECKS.source, (examined) => sourceShortfall(checks, examined)),
    {
      ...check(CHECKS.sourceRef, (examined) => refShortfall(checks, examined)),
      applies: () => checks.sourceRefs.length > 0,
    },
    ...AGREEMENTS.map(agreement),
    {
      ...check(CHECKS.level(checks.level), (examined) => levelShortfall(checks, examined)),
      // A key says nothing about the platform it is used on.
      applies: ({ fact: { signer } }) => signer.type === 'certificate',
    },
  ];
}

/** The parts of a predicate that are compared. */
interface Provenance {
  readonly builderId: string;
  readonly buildType: string;
  readonly external: Record;
  readonly workflow: Record;
  readonly github: Record;
  readonly resolved: readonly Json[];
  readonly invocationId: Json | undefined;
}

type Record = { readonly [key: string]: Json };

function read(predicate: Json | undefined): Provenance | undefined {
  const root = record(predicate);
  const definition = record(root?.buildDefinition);
  const run = record(root?.runDetails);
  const builderId = record(run?.builder)?.id;
  const buildType = definition?.buildType;
  const external = record(definition?.externalParameters);
  if (typeof builderId !== 'string' || builderId === '' || typeof buildType !== 'string' || buildType === '' || external === undefined) {
    return undefined;
  }
  const resolved = definition?.resolvedDependencies;
  return {
    builderId,
    buildType,
    external,
    workflow: record(external.workflow) ?? {},
    github: record(record(definition?.internalParameters)?.github) ?? {},
    resolved: Array.isArray(resolved) ? resolved : [],
    invocationId: record(run?.metadata)?.invocationId,
  };
}

/** The shape was checked first; what does not have it never gets here. */
function provenanceOf({ statement }: Examined): Provenance {
  const provenance = read(statement.predicate);
  if (provenance === undefined) {
    throw new Error('a provenance is compared before its shape was checked');
  }
  return provenance;
}

/** Empty for a key whose policy names no builder: then whoever holds the key is believed. */
function expectedBuilders({ builderIds }: NormalSlsaProvenanceChecks, examined: Examined): readonly string[] {
  return builderIds.length > 0 ? builderIds : ownBuilder(examined);
}

/** A builder is named by its own identity: the workflow that signed, or the build signer the certificate names. */
function ownBuilder({ fact: { signer } }: Examined): string[] {
  if (signer.type === 'key') {
    return [];
  }
  const buildSigner = claimOf(signer, 'buildSignerUri');
  return buildSigner === undefined || buildSigner === signer.subject ? [signer.subject] : [buildSigner];
}

/** "Unknown external parameters reject": each one is either the build type's own and compared elsewhere, or named in the policy. */
function parametersShortfall({ externalParameters }: NormalSlsaProvenanceChecks, { buildType, external, workflow }: Provenance): string | undefined {
  const own = buildType === GITHUB_WORKFLOW ? ['workflow'] : [];
  const unknown = Object.keys(external).filter((name) => !own.includes(name) && !Object.hasOwn(externalParameters, name));
  if (unknown.length > 0) {
    return `expected no external parameters but those of the policy, found ${showList(unknown)}`;
  }
  const strange = own.length === 0 ? [] : Object.keys(workflow).filter((name) => !['ref', 'repository', 'path'].includes(name));
  if (strange.length > 0) {
    return `expected the workflow's ref, repository and path, found ${showList(strange)} as well`;
  }
  const different = Object.entries(externalParameters).find(([name, value]) => !Object.hasOwn(external, name) || canonicalJson(external[name]) !== canonicalJson(value));
  return different === undefined ? undefined : `expected the external parameter ${show(different[0])} to be as the policy says, found ${Object.hasOwn(external, different[0]) ? 'another value' : 'none'}`;
}

function sourceShortfall({ source }: NormalSlsaProvenanceChecks, examined: Examined): string | undefined {
  const { buildType, workflow, resolved } = provenanceOf(examined);
  const { signer } = examined.fact;
  if (signer.type === 'certificate') {
    const claimed = claimOf(signer, 'sourceRepositoryUri');
    if (claimed !== source) {
      return `expected a certificate for the source ${show(source)}, found ${claimed === undefined ? 'one that names none' : show(claimed)}`;
    }
  }
  const stated = buildType === GITHUB_WORKFLOW ? workflow.repository : repositoryOf(resolved);
  return stated === source ? undefined : `expected the source ${show(source)}, found ${typeof stated === 'string' ? show(stated) : 'none'}`;
}

function refShortfall({ sourceRefs }: NormalSlsaProvenanceChecks, examined: Examined): string | undefined {
  const { buildType, workflow, resolved } = provenanceOf(examined);
  const { signer } = examined.fact;
  const stated = buildType === GITHUB_WORKFLOW ? workflow.ref : refOf(resolved);
  const refs: readonly (Json | undefined)[] = signer.type === 'certificate' ? [claimOf(signer, 'sourceRepositoryRef'), stated] : [stated];
  const wrong = refs.find((ref) => typeof ref !== 'string' || !sourceRefs.some((pattern) => matchesRef(pattern, ref)));
  const all = refs.every((ref) => typeof ref === 'string' && sourceRefs.some((pattern) => matchesRef(pattern, ref)));
  return all ? undefined : `expected the source at ${showList(sourceRefs)}, found ${typeof wrong === 'string' ? show(wrong) : 'no ref'}`;
}

/** What both the predicate and the certificate may say; where both do, it is the same. */
interface Agreement {
  readonly claim: string;
  /** Everywhere the predicate may say it. */
  readonly stated: (provenance: Provenance) => readonly (Json | undefined)[];
}

const AGREEMENTS: readonly Agreement[] = [
  { claim: 'sourceRepositoryUri', stated: ({ workflow, resolved }) => [workflow.repository, repositoryOf(resolved)] },
  { claim: 'sourceRepositoryRef', stated: ({ workflow, resolved }) => [workflow.ref, refOf(resolved)] },
  { claim: 'sourceRepositoryDigest', stated: ({ resolved }) => [record(record(resolved[0])?.digest)?.gitCommit] },
  { claim: 'buildTrigger', stated: ({ github }) => [github.event_name] },
  { claim: 'sourceRepositoryId', stated: ({ github }) => [github.repository_id] },
  { claim: 'sourceRepositoryOwnerId', stated: ({ github }) => [github.repository_owner_id] },
  { claim: 'runnerEnvironment', stated: ({ github }) => [github.runner_environment] },
  { claim: 'runInvocationUri', stated: ({ invocationId }) => [invocationId] },
  { claim: 'buildConfigUri', stated: (provenance) => [statedConfig(provenance)] },
];

/** The calling workflow, put together as the certificate writes it: `repository/path@ref`. */
function statedConfig({ buildType, workflow: { repository, path, ref } }: Provenance): Json | undefined {
  const complete = typeof repository === 'string' && typeof path === 'string' && typeof ref === 'string';
  return buildType === GITHUB_WORKFLOW && complete ? `${repository}/${path}@${ref}` : undefined;
}

function agreement({ claim, stated }: Agreement): Check<Examined> {
  const said = (examined: Examined): Json[] => stated(provenanceOf(examined)).filter((value) => value !== undefined);
  return {
    ...check(CHECKS.agreement(claim), (examined) => {
      const certified = claimOf(examined.fact.signer, claim) ?? '';
      const other = said(examined).find((value) => value !== certified);
      return other === undefined
        ? undefined
        : `expected the predicate to agree with its certificate on ${claim} ${show(certified)}, found ${typeof other === 'string' ? show(other) : 'something that is no text'}`;
    }),
    applies: (examined) => claimOf(examined.fact.signer, claim) !== undefined && said(examined).length > 0,
  };
}

/**
 * Level 2 needs a hosted runner and a builder that is the signer; level 3 moreover a builder that the caller does not
 * control: a reusable workflow at a tag or commit, of another repository than the source.
 */
function levelShortfall({ level }: NormalSlsaProvenanceChecks, examined: Examined): string | undefined {
  const { signer } = examined.fact;
  if (level === 1 || signer.type === 'key') {
    return undefined;
  }
  const runner = claimOf(signer, 'runnerEnvironment');
  if (runner !== 'github-hosted' && runner !== 'gitlab-hosted') {
    return `expected a certificate for a hosted runner for build level ${level}, found ${runner === undefined ? 'one that names none' : show(runner)}`;
  }
  if (!ownBuilder(examined).includes(provenanceOf(examined).builderId)) {
    return `expected the builder to be the signer for build level ${level}, found ${show(provenanceOf(examined).builderId)}`;
  }
  if (level === 3) {
    const source = claimOf(signer, 'sourceRepositoryUri');
    const builders = [signer.subject, ...ownBuilder(examined)];
    if (source === undefined || builders.some((builder) => builder.startsWith(`${source}/`))) {
      return 'expected a builder that the source does not control for build level 3, found a workflow of the source itself';
    }
    const mutable = builders.find((builder) => !isImmutable(builder));
    if (mutable !== undefined) {
      return `expected a builder at a tag or commit for build level 3, found ${show(mutable)}`;
    }
  }
  return undefined;
}

/** Whether a workflow's identity can only be read as one at a tag or commit: file names and branches may hold an "@", too. */
function isImmutable(subject: string): boolean {
  const readings = subject.split('@').slice(1);
  const refs = readings.filter((reading) => reading.startsWith('refs/'));
  return refs.length > 0 ? refs.every((ref) => ref.startsWith('refs/tags/')) : /^[0-9a-f]{40}$/.test(readings[readings.length - 1] ?? '');
}

function check(name: string, problem: (examined: Examined) => string | undefined): Check<Examined> {
  return {
    name,
    shortfall: (examined): Shortfall | undefined => {
      const message = problem(examined);
      return message === undefined ? undefined : { code: 'WRONG_PROVENANCE', closeness: CLOSENESS.otherProvenance, message };
    },
  };
}

/** `git+https://host/owner/repo@ref`, as SLSA writes source URIs. */
function repositoryOf(resolved: readonly Json[]): string | undefined {
  return splitSource(resolved)?.repository;
}

function refOf(resolved: readonly Json[]): string | undefined {
  return splitSource(resolved)?.ref;
}

function splitSource(resolved: readonly Json[]): { repository: string; ref?: string } | undefined {
  const uri = record(resolved[0])?.uri;
  if (typeof uri !== 'string') {
    return undefined;
  }
  const plain = uri.startsWith('git+') ? uri.slice('git+'.length) : uri;
  const at = plain.indexOf('@');
  return at < 0 ? { repository: plain } : { repository: plain.slice(0, at), ref: plain.slice(at + 1) };
}

function record(value: Json | undefined): Record | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
