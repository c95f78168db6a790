import { Json } from '../policy/document';
import { Examined } from './examined';

/** GitHub's build type; its external parameters are one object `workflow` of `ref`, `repository` and `path`. */
export const GITHUB_WORKFLOW = 'https://actions.github.io/buildtypes/workflow/v1';

type Fields = { readonly [key: string]: Json };

/** The parts of a SLSA v1 predicate that are compared, each in the one shape it may have; a part of another shape counts as not said. */
export interface Provenance {
  readonly builderId: string;
  readonly buildType: string;
  readonly external: Fields;
  /** Of GitHub's build type only; `undefined` unless it is exactly these three texts. */
  readonly workflow: StatedWorkflow | undefined;
  /** The first resolved dependency. */
  readonly source: StatedSource;
  /** `internalParameters.github` of GitHub's build type. */
  readonly github: Fields;
  readonly invocationId: Json | undefined;
}

export interface StatedWorkflow {
  readonly repository: string;
  readonly path: string;
  readonly ref: string;
}

export interface StatedSource {
  readonly repository?: string;
  readonly ref?: string;
  /** `digest.gitCommit`; a commit under the name of another algorithm is none. */
  readonly commit?: string;
}

/** `undefined` when it has not the shape that every build type has. */
export function readProvenance(predicate: Json | undefined): Provenance | undefined {
  const root = fields(predicate);
  const definition = fields(root?.buildDefinition);
  const run = fields(root?.runDetails);
  const builderId = fields(run?.builder)?.id;
  const buildType = definition?.buildType;
  const external = fields(definition?.externalParameters);
  if (typeof builderId !== 'string' || builderId === '' || typeof buildType !== 'string' || buildType === '' || external === undefined) {
    return undefined;
  }
  const isGithub = buildType === GITHUB_WORKFLOW;
  return {
    builderId,
    buildType,
    external,
    workflow: isGithub ? workflowOf(external.workflow) : undefined,
    source: sourceOf(definition?.resolvedDependencies),
    github: isGithub ? fields(fields(definition?.internalParameters)?.github) ?? {} : {},
    invocationId: fields(run?.metadata)?.invocationId,
  };
}

/** The shape is checked first; what does not have it never gets here. */
export function provenanceOf({ statement }: Examined): Provenance {
  const provenance = readProvenance(statement.predicate);
  if (provenance === undefined) {
    throw new Error('a provenance is compared before its shape was checked');
  }
  return provenance;
}

/** Everywhere the build type names the source, `undefined` where the predicate leaves it out. */
export function statedRepositories({ buildType, workflow, source }: Provenance): readonly (string | undefined)[] {
  return buildType === GITHUB_WORKFLOW ? [workflow?.repository, source.repository] : [source.repository];
}

/** Everywhere the build type names the source's ref, `undefined` where the predicate leaves it out. */
export function statedRefs({ buildType, workflow, source }: Provenance): readonly (string | undefined)[] {
  return buildType === GITHUB_WORKFLOW ? [workflow?.ref, source.ref] : [source.ref];
}

function workflowOf(value: Json | undefined): StatedWorkflow | undefined {
  const { repository, path, ref, ...strange } = fields(value) ?? {};
  return typeof repository === 'string' && typeof path === 'string' && typeof ref === 'string' && Object.keys(strange).length === 0
    ? { repository, path, ref } : undefined;
}

/** Its URI is `git+https://host/owner/repo@ref`, as SLSA writes sources. */
function sourceOf(resolved: Json | undefined): StatedSource {
  const { uri, digest } = fields(Array.isArray(resolved) ? resolved[0] : undefined) ?? {};
  const commit = fields(digest)?.gitCommit;
  return { ...(typeof uri === 'string' ? splitSource(uri) : {}), ...(typeof commit === 'string' ? { commit } : {}) };
}

function splitSource(uri: string): StatedSource {
  const plain = uri.startsWith('git+') ? uri.slice('git+'.length) : uri;
  const at = plain.indexOf('@');
  return at < 0 ? { repository: plain } : { repository: plain.slice(0, at), ref: plain.slice(at + 1) };
}

function fields(value: Json | undefined): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
