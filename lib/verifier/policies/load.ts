import { objectsOf } from '../../kubernetes/object-list';
import { OtherEngine, readBundle } from '../../kubernetes/read-bundle';
import { misreadLine } from '../../kubernetes/yaml-text';
import { PolicyDocument } from '../../policy/document';
import { isDocumentLike } from '../../policy/document-like';
import { PolicySet } from '../../policy/normal';
import { policySet } from '../../policy/policy-set';
import { unreadable } from '../../policy/unreadable';
import { DocumentError, parseDocument } from '../../policy/validate';
import { isRecord } from '../is-record';
import { NAME_ANOTHER, readFile } from '../read-text';
import { readYaml } from '../read-yaml';

/** What the files given to the verifier or the command line say together. */
export interface LoadedPolicies {
  readonly documents: readonly PolicyDocument[];
  readonly set: PolicySet;
  /** Trust roots that came along in synthesized manifests, by name. */
  readonly trustRoots: readonly NamedTrustRoot[];
  /** Namespaces of the verifiers that synthesized manifests are for; none for documents alone. */
  readonly namespaces: readonly string[];
  /** Other engines whose documents lie in these files as well; none of them is among `documents`. */
  readonly otherEngines: readonly OtherEngine[];
}

/** Files that were found rather than named: each may hold no policy, as long as another one does. */
export interface PolicyFolder {
  readonly folder: string;
  readonly files: readonly string[];
}

export interface NamedTrustRoot {
  readonly name: string;
  /** The text of a `trusted_root.json`. */
  readonly json: string;
}

/** Files that hold no usable policy; `problems` has one line per mistake. */
export class PolicyFileError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'PolicyFileError';
  }
}

/**
 * Reads policy documents from YAML or JSON files: documents as they are, or synthesized manifests that contain them, also in a list.
 *
 * @throws PolicyFileError when a file cannot be read, holds anything wrong, or no document at all
 */
export async function loadPolicies(sources: ReadonlyArray<string | PolicyFolder>): Promise<LoadedPolicies> {
  const problems: string[] = [];
  const documents: PolicyDocument[] = [];
  const trustRoots: NamedTrustRoot[] = [];
  const namespaces = new Set<string>();
  const otherEngines: OtherEngine[] = [];
  const files = sources.map((source) => (typeof source === 'string' ? source : source.folder));
  for (const source of sources) {
    const before = documents.length;
    const others = new Set<string>();
    for (const file of typeof source === 'string' ? [source] : source.files) {
      const found = await read(file, problems);
      documents.push(...found.documents);
      trustRoots.push(...found.trustRoots);
      found.namespaces.forEach((namespace) => namespaces.add(namespace));
      found.otherEngines.forEach(({ engine }) => others.add(engine));
      otherEngines.push(...found.otherEngines);
    }
    if (problems.length === 0 && documents.length === before) {
      problems.push(`${typeof source === 'string' ? source : source.folder}: ${others.size > 0
        ? `its policies are enforced by another engine (${named(others)}), and the bundled verifier does not judge by them`
        : 'holds no policy; expected an ImagePolicy, ImageExemption or ImageDenyList of proofgate.dev/v1, or a synthesized manifest with one'}`);
    }
  }
  if (problems.length === 0 && !documents.some(({ kind }) => kind === 'ImagePolicy')) {
    // Nothing would be guarded, and every image allowed.
    problems.push(`${files.length === 0 ? 'no file is given' : files.join(', ')}: no ImagePolicy says what must be proven; exemptions and deny lists alone guard nothing`);
  }
  if (problems.length > 0) {
    throw new PolicyFileError(problems);
  }
  try {
    return { documents, set: policySet(documents), trustRoots: distinct(trustRoots), namespaces: [...namespaces], otherEngines };
  } catch (error) {
    throw error instanceof DocumentError ? new PolicyFileError(error.problems.map((problem) => `${files.join(', ')}: ${problem.path}: ${problem.message}`)) : error;
  }
}

function named(engines: Iterable<string>): string {
  return [...engines].map((engine) => JSON.stringify(engine)).join(', ');
}

interface FileContent {
  readonly documents: PolicyDocument[];
  readonly trustRoots: NamedTrustRoot[];
  readonly namespaces: string[];
  readonly otherEngines: OtherEngine[];
}

async function read(file: string, problems: string[]): Promise<FileContent> {
  const empty: FileContent = { documents: [], trustRoots: [], namespaces: [], otherEngines: [] };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const remedy = (error as NodeJS.ErrnoException).code === 'EISDIR' ? 'name its files, each by a --policy of its own' : NAME_ANOTHER;
    problems.push(`${file}: cannot be read (${unreadable(error)}); ${remedy}`);
    return empty;
  }
  const misread = misreadLine(text);
  if (misread !== undefined) {
    problems.push(`${file}: line ${misread.line} ${misread.problem}`);
    return empty;
  }
  const { values, problems: mistakes } = readYaml(text, file);
  problems.push(...mistakes.map((mistake) => `${file}: ${mistake}`));
  const content: FileContent = { documents: [], trustRoots: [], namespaces: [], otherEngines: [] };
  const objects: unknown[] = [];
  for (const value of values) {
    collect(file, () => objects.push(...objectsOf(value)), problems);
  }
  const manifests = objects.filter((value) => !isDocumentLike(value) && value !== null);
  if (manifests.some((value) => !isRecord(value))) {
    problems.push(`${file}: holds something that is neither a policy nor a Kubernetes object; expected one mapping per document, separated by ---`);
  }
  for (const value of objects.filter(isDocumentLike)) {
    collect(file, () => content.documents.push(parseDocument(value)), problems);
  }
  collect(file, () => {
    const bundle = readBundle(manifests);
    content.documents.push(...bundle.documents);
    content.trustRoots.push(...bundle.trustRoots);
    content.namespaces.push(...bundle.namespaces);
    content.otherEngines.push(...bundle.otherEngines);
  }, problems);
  return content;
}

function collect(file: string, work: () => void, problems: string[]): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof DocumentError)) {
      throw error;
    }
    problems.push(...error.problems.map((problem) => `${file}: ${problem.path}: ${problem.message}`));
  }
}

/** The same trust root in several files counts once; two different ones of one name are a mistake that must not be guessed at. */
function distinct(trustRoots: readonly NamedTrustRoot[]): NamedTrustRoot[] {
  const byName = new Map<string, NamedTrustRoot>();
  for (const root of trustRoots) {
    const known = byName.get(root.name);
    if (known !== undefined && known.json !== root.json) {
      throw new PolicyFileError([`trust root ${root.name} is given twice with different contents; keep one`]);
    }
    byName.set(root.name, root);
  }
  return [...byName.values()];
}
