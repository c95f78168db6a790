import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, AppProps, Chart, Testing, YamlOutputType } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { KeylessAttestor, SignedImagePolicy, SlsaProvenanceRequirement } from '../../lib';

/** An end for what is relaxed, a month from now, as a date. */
export const NEXT_MONTH = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

/** An App with one chart that enforces one policy. */
export interface Tree {
  readonly app: App;
  readonly chart: Chart;
  readonly release: KeylessAttestor;
  readonly provenance: SlsaProvenanceRequirement;
  readonly policy: SignedImagePolicy;
}

/** A synthesized object. */
export interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: { readonly [key: string]: string };
    readonly annotations?: { readonly [key: string]: string };
  };
  readonly [field: string]: unknown;
}

export function createApp(props: AppProps = {}): App {
  return new App({ outdir: mkdtempSync(join(tmpdir(), 'proofgate-')), ...props });
}

export function createTree(app: App = createApp(), chart: Chart = new Chart(app, 'enforcement')): Tree {
  const release = createAttestor(chart);
  const provenance = new SlsaProvenanceRequirement(chart, 'provenance', { attestors: [release], source: 'https://github.com/acme/payments' });
  const policy = new SignedImagePolicy(chart, 'payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release], requirements: [provenance] });
  return { app, chart, release, provenance, policy };
}

export function createAttestor(scope: Chart, id = 'release'): KeylessAttestor {
  return KeylessAttestor.githubWorkflow(scope, id, {
    repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
  });
}

/** The object of a kind in the construct tree. */
export function find(tree: Pick<Tree, 'app'>, kind: string): ApiObject {
  const found = tree.app.node.findAll().find((construct) => ApiObject.isApiObject(construct) && construct.kind === kind);
  if (found === undefined) {
    throw new Error(`there is no ${kind} in the tree`);
  }
  return found as ApiObject;
}

/** Every way by which users synthesize; each gives everything that was written. */
export const WAYS: { readonly [way: string]: (tree: Pick<Tree, 'app' | 'chart'>) => Written[] } = {
  'Testing.synth': ({ chart }) => Testing.synth(chart) as Written[],
  'app.synth': into(YamlOutputType.FILE_PER_CHART),
  'app.synth with one file': into(YamlOutputType.FILE_PER_APP),
  'app.synth with a file per resource': into(YamlOutputType.FILE_PER_RESOURCE),
  'app.synth with a file per resource in a folder per chart': into(YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE),
  'synthYaml': ({ app }) => parse(app.synthYaml()),
};

function into(yamlOutputType: YamlOutputType): (tree: Pick<Tree, 'app'>) => Written[] {
  return ({ app }) => {
    Object.assign(app, { yamlOutputType });
    app.synth();
    return readFolder(app.outdir);
  };
}

/** The message with which something fails; fails itself when nothing does. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

function readFolder(folder: string): Written[] {
  return readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? readFolder(path) : parse(readFileSync(path, 'utf8'));
  });
}

function parse(text: string): Written[] {
  return parseAllDocuments(text).map((document) => document.toJSON() as Written | null).filter((object) => object !== null);
}

/** The policy documents in what was written. */
export function documentsIn(objects: readonly Written[]): Document[] {
  return objects
    .filter(({ metadata }) => metadata.labels?.['proofgate.dev/content'] === 'policy')
    .map(({ data }) => JSON.parse((data as { 'policy.json': string })['policy.json']) as Document);
}

/** A policy document, read without its types. */
export interface Document {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly [field: string]: unknown };
}
