import { Json } from '../policy/document';
import { SLSA_PROVENANCE_V02 } from '../policy/predicate-types';
import { Examined } from './examined';
import { fields } from './json-fields';
import { readProvenanceV02, TOP_LEVEL_V02 } from './slsa-predicate-v02';
import { Provenance, StatedSource, StatedWorkflow } from './slsa-provenance';
import { splitSource } from './source-uri';

/** GitHub's build type; its external parameters are one object `workflow` of `ref`, `repository` and `path`. */
export const GITHUB_WORKFLOW = 'https://actions.github.io/buildtypes/workflow/v1';

/** The members that a v1 predicate has at its top; one that has those of v0.2, too, could be read in two ways. */
export const TOP_LEVEL_V1 = ['buildDefinition', 'runDetails'];

/** `undefined` when it has not the shape that every build type of its version has. */
export function readProvenance({ predicateType, predicate }: Examined['statement']): Provenance | undefined {
  return predicateType === SLSA_PROVENANCE_V02 ? readProvenanceV02(predicate, TOP_LEVEL_V1) : readProvenanceV1(predicate);
}

function readProvenanceV1(predicate: Json | undefined): Provenance | undefined {
  const root = fields(predicate);
  const definition = fields(root?.buildDefinition);
  const run = fields(root?.runDetails);
  const builderId = fields(run?.builder)?.id;
  const buildType = definition?.buildType;
  const external = fields(definition?.externalParameters);
  if (root === undefined || TOP_LEVEL_V02.some((name) => Object.hasOwn(root, name))) {
    return undefined;
  }
  if (typeof builderId !== 'string' || builderId === '' || typeof buildType !== 'string' || buildType === '' || external === undefined) {
    return undefined;
  }
  const isGithub = buildType === GITHUB_WORKFLOW;
  return {
    builderId,
    buildType,
    external,
    ownParameters: isGithub ? ['workflow'] : [],
    isGithub,
    workflow: isGithub ? workflowOf(external.workflow) : undefined,
    source: sourceOf(definition?.resolvedDependencies),
    github: isGithub ? fields(fields(definition?.internalParameters)?.github) ?? {} : {},
    unstated: [],
    invocationId: fields(run?.metadata)?.invocationId,
  };
}

/** The shape is checked first; what does not have it never gets here. */
export function provenanceOf({ statement }: Examined): Provenance {
  const provenance = readProvenance(statement);
  if (provenance === undefined) {
    throw new Error('a provenance is compared before its shape was checked');
  }
  return provenance;
}

/** Everywhere the build type names the source, `undefined` where the predicate leaves it out. */
export function statedRepositories({ isGithub, workflow, source }: Provenance): readonly (string | undefined)[] {
  return isGithub ? [workflow?.repository, source.repository] : [source.repository];
}

/** Everywhere the build type names the source's ref, `undefined` where the predicate leaves it out. */
export function statedRefs({ isGithub, workflow, source }: Provenance): readonly (string | undefined)[] {
  return isGithub ? [workflow?.ref, source.ref] : [source.ref];
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
