import { Json } from '../policy/document';
import { Fields } from './json-fields';

/** The parts of a SLSA predicate that are compared, each in the one shape it may have; a part of another shape counts as not said. */
export interface Provenance {
  readonly builderId: string;
  readonly buildType: string;
  readonly external: Fields;
  /** External parameters that are the build type's own, and compared by their parts. */
  readonly ownParameters: readonly string[];
  /** Whether the build type names a workflow of GitHub, whose certificate must agree with all of it. */
  readonly isGithub: boolean;
  /** What was run; `undefined` unless it is exactly these three texts. */
  readonly workflow: StatedWorkflow | undefined;
  /** Where `workflow` has to be there, the predicate names the source twice. */
  readonly source: StatedSource;
  /** What a workflow of GitHub was started by and on, in the names of GitHub's build type. */
  readonly github: Fields;
  /** Members of `github` that its build type does not have. */
  readonly unstated: readonly string[];
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
