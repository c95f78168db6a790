import { Json } from '../policy/document';
import { Fields, fields, own, text } from './json-fields';
import { Provenance, StatedSource, StatedWorkflow } from './slsa-provenance';
import { splitSource } from './source-uri';

/** The build types of slsa-github-generator; whatever makes the artifact, what they say about the run is the same. */
const GENERATORS = ['https://github.com/slsa-framework/slsa-github-generator/container@v1', 'https://github.com/slsa-framework/slsa-github-generator/generic@v1'];

/** The members that a v0.2 predicate has at its top and no predicate of v1 has. */
export const TOP_LEVEL_V02 = ['builder', 'buildType', 'invocation', 'buildConfig', 'metadata', 'materials'];

/**
 * A SLSA v0.2 predicate in the words of v1: `invocation.parameters` are the external parameters, `invocation.configSource` is what was run,
 * and the first material of the generators is the source.
 *
 * Source: https://slsa.dev/spec/v0.2/provenance and the build types of slsa-github-generator.
 *
 * @param others - members of another version's predicate; one that has both could be read in two ways
 */
export function readProvenanceV02(predicate: Json | undefined, others: readonly string[]): Provenance | undefined {
  const root = fields(predicate);
  const builderId = text(own(fields(own(root, 'builder')), 'id'));
  const buildType = text(own(root, 'buildType'));
  const invocation = fields(own(root, 'invocation'));
  // Null is the same as left out, says the specification.
  const external = fields(own(invocation, 'parameters') ?? {});
  if (root === undefined || builderId === undefined || buildType === undefined || invocation === undefined || external === undefined
    || others.some((name) => Object.hasOwn(root, name))) {
    return undefined;
  }
  const isGithub = GENERATORS.includes(buildType);
  const config = fields(own(invocation, 'configSource'));
  const environment = isGithub ? fields(own(invocation, 'environment')) : undefined;
  const materials = own(root, 'materials');
  const source = sourceOf(fields(Array.isArray(materials) ? materials[0] : undefined));
  const run = sourceOf(config);
  // Another build type may list its materials in any order, so that there only what was run names the source.
  return {
    builderId,
    buildType,
    external,
    ownParameters: [],
    isGithub,
    workflow: isGithub ? workflowOf(run, own(config, 'entryPoint')) : undefined,
    source: isGithub ? agreed(source, run) : run,
    github: githubOf(environment),
    unstated: ['runner_environment'],
    invocationId: runUri(run.repository, environment),
  };
}

function sourceOf(value: Fields | undefined): StatedSource {
  const uri = own(value, 'uri');
  const commit = own(fields(own(value, 'digest')), 'sha1');
  return { ...(typeof uri === 'string' ? splitSource(uri) : {}), ...(typeof commit === 'string' ? { commit } : {}) };
}

/** The commit counts only where both say the same. */
function agreed({ commit, ...source }: StatedSource, run: StatedSource): StatedSource {
  return commit !== undefined && commit === run.commit ? { ...source, commit } : source;
}

function workflowOf({ repository, ref }: StatedSource, entryPoint: Json | undefined): StatedWorkflow | undefined {
  const path = text(entryPoint);
  return repository === undefined || ref === undefined || path === undefined ? undefined : { repository, path, ref };
}

/** The generators write what GitHub calls its variables; v1 has shorter names for the same. */
function githubOf(environment: Fields | undefined): Fields {
  const names = [['event_name', 'github_event_name'], ['repository_id', 'github_repository_id'], ['repository_owner_id', 'github_repository_owner_id']] as const;
  return Object.fromEntries(names.flatMap(([name, variable]): [string, Json][] => {
    const value = own(environment, variable);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** Put together as the certificate writes it. */
function runUri(repository: string | undefined, environment: Fields | undefined): string | undefined {
  const [id, attempt] = [text(own(environment, 'github_run_id')), text(own(environment, 'github_run_attempt'))];
  return repository === undefined || id === undefined || attempt === undefined ? undefined : `${repository}/actions/runs/${id}/attempts/${attempt}`;
}
