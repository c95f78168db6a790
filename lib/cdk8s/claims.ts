import { misread } from '../authoring/misread';
import { Refusal } from '../authoring/refusal';
import { Engine } from '../engines/engine';
import { isManifest, Manifest } from '../engines/manifest';
import { isClusterScoped } from '../kubernetes/api-versions';
import { objectsOf } from '../kubernetes/object-list';
import { objectKey } from '../kubernetes/object-key';
import { DocumentError } from '../policy/problem';
import { Finding, judgeBinding, judgeException } from '../refusals';
import { fileName } from './file-names';

/** An object that an engine brings. */
export interface Claimed {
  readonly path: string;
  readonly manifest: Manifest;
}

/** What one engine has for itself; whoever writes something else in its place undoes from beside what it enforces. */
export class Claims {
  private readonly byKey = new Map<string, string>();
  private readonly byFile = new Map<string, string>();

  /**
   * @param verifiers - the objects of every engine that is written together, which are no strangers to each other
   * @param files - whether every object is written to a file that is named by its kind and name
   */
  constructor(private readonly engine: Engine, claimed: readonly Claimed[], private readonly verifiers: readonly Manifest[], private readonly files: boolean) {
    for (const { path, manifest } of claimed) {
      this.byKey.set(objectKey(manifest), path);
      if (!isClusterScoped(manifest)) {
        // Without a namespace it goes where whoever applies it says, which may be ours.
        this.byKey.set(objectKey(withoutNamespace(manifest)), path);
      }
      this.byFile.set(caseless(fileName(manifest)), path);
    }
  }

  /** What is wrong with a value that somebody else writes. */
  against(path: string, value: unknown): Refusal[] {
    const objects = unfolded(value);
    return [
      ...misread(path, value),
      ...this.sameFile(path, value),
      ...objects === undefined ? [unreadableList(path, value)] : [],
      ...(objects ?? []).filter(isManifest).flatMap((manifest) => [
        ...this.duplicate(path, manifest), ...this.foreignWebhook(path, manifest), ...this.foreignBinding(path, manifest),
        ...this.foreignException(path, manifest),
      ]),
    ];
  }

  /** The later of two objects with one name replaces the earlier when they are applied. */
  private duplicate(path: string, manifest: Manifest): Refusal[] {
    const owner = this.byKey.get(objectKey(manifest));
    return owner === undefined ? [] : [{
      code: 'DUPLICATE_OBJECT',
      path,
      problem: `a second ${titleOf(manifest)} beside ${owner}; whichever is applied last wins`,
      remedy: 'Give it another name, or remove it; verifiers for several clusters need an App each.',
    }];
  }

  /** The later of two objects with one file overwrites the earlier when they are written. */
  private sameFile(path: string, value: unknown): Refusal[] {
    const owner = this.files && !(isManifest(value) && this.byKey.has(objectKey(value))) ? this.byFile.get(caseless(fileName(value))) : undefined;
    return owner === undefined ? [] : [{
      code: 'SAME_FILE',
      path,
      problem: `its file would be "${fileName(value)}", as that of ${owner}; whichever is written last is all that is left`,
      remedy: 'Give it another name, or let the App write a file for each chart.',
    }];
  }

  /** A webhook configuration of somebody else's making that calls the verifier has whatever failure policy they chose. */
  private foreignWebhook(path: string, manifest: Manifest): Refusal[] {
    return /^(?:Validating|Mutating)WebhookConfiguration$/.test(manifest.kind) && clientConfigs(manifest).some((config) => this.calls(config)) ? [{
      code: 'FOREIGN_WEBHOOK',
      path,
      problem: `the ${titleOf(manifest)} calls the verifier beside the one that the verifier brings`,
      remedy: 'Remove it; say what should be guarded with a SignedImagePolicy.',
    }] : [];
  }

  /** Whoever has the verifier's rights leads its webhooks away; what it has beside them, a mistake in it has. */
  private foreignBinding(path: string, manifest: Manifest): Refusal[] {
    return /^(?:Cluster)?RoleBinding$/.test(manifest.kind) ? judgeBinding(this.verifiers, manifest).map((finding) => refusalOf(path, manifest, finding)) : [];
  }

  /** What it names is not asked of Kyverno; the guard against exceptions that is applied with it may come too late for one. */
  private foreignException(path: string, manifest: Manifest): Refusal[] {
    return this.engine.id === 'kyverno' && manifest.kind === 'PolicyException'
      ? judgeException(this.verifiers, manifest).map((finding) => refusalOf(path, manifest, finding)) : [];
  }

  private calls({ url, service }: ClientConfig): boolean {
    const { place } = this.engine;
    if (place === undefined) {
      return false;
    }
    const host = `${place.service}.${place.namespace}.svc`;
    const called = typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : '';
    return (service?.name === place.service && service.namespace === place.namespace) || called === host || called.startsWith(`${host}.`);
  }
}

/** Everything that may be applied with a value: itself, and what it holds if it is a list; `undefined` for a list that is not one to everybody. */
function unfolded(value: unknown): readonly unknown[] | undefined {
  try {
    // What is no list stands for itself.
    return [...new Set([value, ...objectsOf(value)])];
  } catch (error) {
    if (error instanceof DocumentError) {
      return undefined;
    }
    throw error;
  }
}

function unreadableList(path: string, value: unknown): Refusal {
  return {
    code: 'NESTED_LIST',
    path,
    problem: `the ${isManifest(value) ? titleOf(value) : 'list'} holds another list, or something else than a list, which is not the same to all who apply it`,
    remedy: 'Put its objects into the outer list.',
  };
}

interface ClientConfig {
  readonly url?: unknown;
  readonly service?: { readonly name?: unknown; readonly namespace?: unknown };
}

function clientConfigs(manifest: Manifest): ClientConfig[] {
  const webhooks = Array.isArray(manifest.webhooks) ? manifest.webhooks as ({ readonly clientConfig?: ClientConfig } | null)[] : [];
  return webhooks.map((webhook) => webhook?.clientConfig ?? {});
}

/** There are file systems to which capital letters are none. */
function caseless(file: string): string {
  return file.toLowerCase();
}

function refusalOf(path: string, manifest: Manifest, { code, path: field, message, remedy }: Finding): Refusal {
  return { code, path, problem: `${titleOf(manifest)} ${field}: ${message}`, remedy };
}

function titleOf({ kind, metadata: { name } }: Manifest): string {
  return `${kind} "${name}"`;
}

function withoutNamespace({ apiVersion, kind, metadata: { name } }: Manifest): Parameters<typeof objectKey>[0] {
  return { apiVersion, kind, metadata: { name } };
}
