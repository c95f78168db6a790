import { judgeTogether } from '../../authoring/judgement';
import { abbreviations } from '../../authoring/read-document';
import { describeRefusal, Refusal, RefusedError } from '../../authoring/refusal';
import { nothingEnforced, refuseOwnNamespace, unserved } from '../../authoring/served';
import { TrustRootFile } from '../../engines/engine';
import { Manifest as Rendered } from '../../engines/manifest';
import { renderWebhook, webhookEngine, WebhookSettings } from '../../engines/webhook';
import { CONTENT_KEYS } from '../../kubernetes/labels';
import { PolicyDocument } from '../../policy/document';
import { DocumentError, parseDocument } from '../../policy/validate';
import { INVALID_DOCUMENT } from '../../refusals';
import { ambiguitiesIn } from '../manifests/ambiguities';
import { fieldLine } from '../manifests/field-line';
import { Manifest } from '../manifests/read-manifests';

/** What is wrong, and where in which file. */
export interface Refused {
  readonly code: string;
  readonly file: string;
  /** From 1. @default - it is about no single place */
  readonly line?: number;
  /** What is wrong, where, and what to do. */
  readonly message: string;
}

interface Sources {
  /** Policy documents as they were read. */
  readonly documents: readonly Manifest[];
  readonly trustRoots: readonly TrustRootFile[];
  readonly settings: WebhookSettings;
}

/** A document and where it was read. */
interface Source {
  readonly manifest: Manifest;
  readonly document: PolicyDocument;
  /** `FILE:LINE`. */
  readonly path: string;
}

/** The objects that enforce these documents, or everything that is wrong with them; never both. */
export function enforcementOf({ documents, trustRoots, settings }: Sources): { readonly manifests: readonly Rendered[]; readonly refused: readonly Refused[] } {
  const refused: Refused[] = [];
  const sources = documents.flatMap((manifest) => {
    const { source, problems } = read(manifest);
    refused.push(...problems);
    return source ?? [];
  });
  if (refused.length > 0) {
    return { manifests: [], refused };
  }
  const alone = [...sources.flatMap((source) => inOwnNamespace(source, settings)), ...repeated(sources), ...idle(sources, settings, trustRoots)];
  if (alone.length > 0) {
    return { manifests: [], refused: alone.map(located(sources)) };
  }
  const manifests = renderWebhook({ documents: sources.map(({ document }) => document), trustRoots, settings });
  const judged = judgeTogether(manifests.map((manifest) => {
    const source = sources.find(({ document }) => holds(manifest, document));
    return {
      path: source?.path ?? settings.name,
      locate: source && ((field: string) => ({ path: placeOf(source.manifest, field), property: field })),
      rendered: manifest,
      written: manifest,
    };
  }), Date.now());
  return judged.length > 0 ? { manifests: [], refused: judged.map(forFiles).map(located(sources)) } : { manifests, refused: [] };
}

function read(manifest: Manifest): { readonly source?: Source; readonly problems: readonly Refused[] } {
  const { file, node, value } = manifest;
  const at = (path: string): Pick<Refused, 'file' | 'line'> => ({ file, line: fieldLine(manifest, path) });
  const ambiguous = ambiguitiesIn(node, '').map(({ code, path, message, remedy }) => ({ code, ...at(path), message: `${path}: ${message} ${remedy}` }));
  const invalid = (problems: DocumentError['problems']): Refused[] => (
    problems.map(({ path, message }) => ({ code: INVALID_DOCUMENT, ...at(path), message: path === '' ? message : `${path} ${message}` }))
  );
  try {
    const document = parseDocument(value);
    const problems = [...ambiguous, ...invalid(abbreviations(document))];
    return problems.length > 0 ? { problems } : { source: { manifest, document, path: placeOf(manifest, '') }, problems: [] };
  } catch (error) {
    if (!(error instanceof DocumentError)) {
      throw error;
    }
    return { problems: [...ambiguous, ...invalid(error.problems)] };
  }
}

function inOwnNamespace({ document, path }: Source, settings: WebhookSettings): readonly Refusal[] {
  try {
    refuseOwnNamespace(path, document, webhookEngine(settings));
    return [];
  } catch (error) {
    if (error instanceof RefusedError) {
      return error.refusals;
    }
    throw error;
  }
}

/** Messages and logs tell documents of a kind apart by their names. */
function repeated(sources: readonly Source[]): Refusal[] {
  const name = ({ document: { kind, metadata } }: Source): string => `${kind} "${metadata.name}"`;
  return sources.flatMap((source, index) => {
    const first = sources.slice(0, index).find((other) => name(other) === name(source));
    return first === undefined ? [] : [{
      code: INVALID_DOCUMENT, path: source.path, problem: `the name of ${name(source)} is that of ${first.path}`, remedy: 'Give each document of a kind its own name.',
    }];
  });
}

/** What would enforce nothing: no policy at all, one that holds nowhere, a trust root that no attestor names. */
function idle(sources: readonly Source[], settings: WebhookSettings, trustRoots: readonly TrustRootFile[]): Refusal[] {
  const policies = sources.flatMap(({ document, path }) => (document.kind === 'ImagePolicy' ? [{ document, path }] : []));
  const named = new Set(policies.flatMap(({ document }) => Object.values(document.spec.attestors).map(({ trustRoot }) => trustRoot)));
  const [first] = sources;
  const engine = webhookEngine(settings);
  return [
    ...policies.length === 0 && first !== undefined ? [nothingEnforced(first.path, engine, first.path, 'Add the file of an ImagePolicy.')] : [],
    ...unserved({ engine, policies }),
    ...trustRoots.filter(({ name }) => !named.has(name)).map(({ name }) => ({
      code: 'UNUSED', path: first?.path ?? settings.name, problem: `no attestor names the trust root "${name}"`, remedy: 'Correct the name that --trust-root gives it, or leave it out.',
    })),
  ];
}

/** Rules speak to those who write programs; files take a trust root from an option. */
function forFiles(refusal: Refusal): Refusal {
  return refusal.code !== 'TRUST_ROOT_MISSING' ? refusal : {
    ...refusal, remedy: 'Give its trusted_root.json with --trust-root NAME=FILE, under the name that the attestor has for it, or use sigstore or github, which ship with the verifier.',
  };
}

function placeOf(manifest: Manifest, field: string): string {
  return `${manifest.file}:${fieldLine(manifest, field)}`;
}

function located(sources: readonly Source[]): (refusal: Refusal) => Refused {
  return (refusal) => {
    const source = sources.find(({ manifest: { file } }) => refusal.path.startsWith(`${file}:`) && /^:\d+$/.test(refusal.path.slice(file.length)));
    const message = describeRefusal(refusal).slice(`[${refusal.code}] ${refusal.path}: `.length);
    return source === undefined
      ? { code: refusal.code, file: sources[0]?.manifest.file ?? '-', message: `${refusal.path}: ${message}` }
      : { code: refusal.code, file: source.manifest.file, line: Number(refusal.path.slice(source.manifest.file.length + 1)), message };
  };
}

/** Whether an object is the ConfigMap of a document. */
function holds({ kind, data }: Rendered & { readonly data?: { readonly [key: string]: string } }, document: PolicyDocument): boolean {
  const text = kind === 'ConfigMap' ? data?.[CONTENT_KEYS.policy] : undefined;
  const held = text === undefined ? undefined : JSON.parse(text) as PolicyDocument;
  return held?.kind === document.kind && held.metadata.name === document.metadata.name;
}
