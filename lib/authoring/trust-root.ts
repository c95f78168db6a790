import { readFileSync } from 'node:fs';
import type { Construct } from 'constructs';
import { TrustRootFile } from '../engines/engine';
import { Json } from '../policy/document';
import { Field } from '../policy/field';
import { Problem } from '../policy/validate';
import { checkMirror, checkRoot, checkTarget, DEFAULT_TUF_TARGET, hostOfMirror, TUF_TRUST_ROOT, TufTrustRoot } from '../policy/tuf-trust-root';
import { isDnsLabel } from '../policy/dns-label';
import { unreadable } from '../policy/unreadable';
import { refuseInput, refuseProblems } from './input';
import { Check, instance, optional, Properties, required, requireProperties, text } from './properties';
import { Demand, Transparency } from './transparency';

/**
 * A trust root that the verifier fetches from a repository of The Update Framework.
 *
 * @example
 *
 * TrustRoot.tuf(this, 'corp', { mirror: 'https://tuf.corp.example', file: 'sigstore/root.json' });
 */
export interface TufTrustRootProps {
  /**
   * `https://host`, `https://host:port` or `https://host/path`, where the metadata of the repository is, and `targets/` below it. A certificate
   * authority or proxy for it is said as for a registry, in `registries` and `proxy` of the verifier.
   */
  readonly mirror: string;

  /**
   * Path of the repository's `root.json`, read when the construct is made: the keys that its first answer has to be signed with.
   *
   * @default - `json` holds it
   */
  readonly file?: string;

  /**
   * Content of the repository's `root.json`.
   *
   * @default - `file` names it
   */
  readonly json?: string;

  /**
   * Name of the target that is a `trusted_root.json`; one of the top-level targets, since delegations are not followed.
   *
   * @default trusted_root.json
   */
  readonly target?: string;
}

const TUF_PROPERTIES: Properties<TufTrustRootProps> = { mirror: required(checkMirror), file: optional(text), json: optional(text), target: optional(checkTarget) };

/**
 * What a pinned trust root is made of: exactly one of the two.
 *
 * @example
 *
 * TrustRoot.pinned(this, 'corp', { file: 'sigstore/trusted_root.json' });
 */
export interface PinnedTrustRootProps {
  /**
   * Path of a `trusted_root.json`, read when the construct is made. A relative one starts at the current directory of the program.
   *
   * @default - `json` holds it
   */
  readonly file?: string;

  /**
   * Content of a `trusted_root.json` (application/vnd.dev.sigstore.trustedroot+json).
   *
   * @default - `file` names it
   */
  readonly json?: string;
}

const PROPERTIES: Properties<PinnedTrustRootProps> = { file: optional(text), json: optional(text) };

/**
 * Whose certificates, logs and timestamps count: a Sigstore instance.
 *
 * @example
 *
 * new KeylessAttestor(this, 'builder', {
 *   issuer: 'https://dex.corp.example',
 *   subject: 'builder@corp.example',
 *   trustRoot: TrustRoot.pinned(this, 'corp', { file: 'sigstore/trusted_root.json' }),
 * });
 */
export class TrustRoot {
  /** The public-good instance at sigstore.dev; ships with the verifier, which keeps it up to date. */
  public static publicGood(): TrustRoot {
    return new TrustRoot('sigstore');
  }

  /**
   * GitHub's own instance, which signs for private repositories; ships with the verifier.
   *
   * It keeps no public log: unless an attestor says otherwise, GitHub's timestamp authority takes the place of log and SCT.
   */
  public static github(): TrustRoot {
    return new TrustRoot('github', undefined, {
      log: Demand.NOT_REQUIRED,
      sct: Demand.NOT_REQUIRED,
      timestamp: Demand.REQUIRED,
      reason: 'The Sigstore instance of GitHub keeps no public log; its timestamp authority says when a signature was made',
    });
  }

  /** An instance of your own, exactly as the file describes it; written out with the policies. Its name in documents is `id`. */
  public static pinned(scope: Construct, id: string, props: PinnedTrustRootProps): TrustRoot {
    return TrustRoot._pinned(scope.node.path === '' ? id : `${scope.node.path}/${id}`, id, props);
  }

  /**
   * An instance of your own whose `trusted_root.json` the verifier fetches over TUF, at start and again and again. Its name in documents is `id`.
   *
   * Until it has been fetched, and after its metadata has ended with the mirror away, nobody can vouch under it.
   */
  public static tuf(scope: Construct, id: string, props: TufTrustRootProps): TrustRoot {
    return TrustRoot._tuf(scope.node.path === '' ? id : `${scope.node.path}/${id}`, id, props);
  }

  /** @internal */
  public static _tuf(path: string, id: string, props: TufTrustRootProps): TrustRoot {
    requireProperties(path, props, TUF_PROPERTIES);
    requireName(path, id);
    const { mirror, target = DEFAULT_TUF_TARGET } = props;
    const source: TufTrustRoot = { mediaType: TUF_TRUST_ROOT, mirror, target, root: requireRootMetadata(path, readJson(path, props, 'root.json')) };
    return new TrustRoot(id, { name: id, json: `${JSON.stringify(source, undefined, 2)}\n`, mirrorHost: hostOfMirror(mirror) });
  }

  /** @internal */
  public static _pinned(path: string, id: string, props: PinnedTrustRootProps): TrustRoot {
    requireProperties(path, props, PROPERTIES);
    requireName(path, id);
    return new TrustRoot(id, { name: id, json: requireTrustedRoot(path, readJson(path, props, 'trusted_root.json')) });
  }

  /** @internal */
  public readonly _file: TrustRootFile | undefined;

  /** Its name in documents. */
  public readonly name: string;

  /** @internal */
  public readonly _transparency: Transparency | undefined;

  private constructor(name: string, file?: TrustRootFile, transparency?: Transparency) {
    this.name = name;
    this._file = file;
    this._transparency = transparency;
  }
}

/** Where an attestor takes one. */
export const aTrustRoot: Check = instance(TrustRoot, 'TrustRoot', 'pass TrustRoot.publicGood(), TrustRoot.github(), or what TrustRoot.pinned or TrustRoot.tuf returns');

function requireName(path: string, id: string): void {
  if (!isDnsLabel(id) || ['sigstore', 'github'].includes(id)) {
    refuseInput(path, `the id "${id}" names the trust root in documents, and is no DNS label or is taken by one that ships with the verifier`,
      'Use lower-case letters, digits and inner hyphens, other than sigstore and github.');
  }
}

function readJson(path: string, { file, json }: Pick<PinnedTrustRootProps, 'file' | 'json'>, what: string): string {
  if (json !== undefined && file === undefined) {
    return json;
  }
  if (file === undefined || json !== undefined) {
    refuseInput(path, 'a trust root is made of exactly one of `file` and `json`', `Name the ${what}, or pass its content.`);
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    refuseInput(path, `the trust root cannot be read: ${file}: ${unreadable(error)}`, 'Correct `file`; it is resolved against the current directory.');
  }
}

function requireRootMetadata(path: string, json: string): Json {
  let root: Json;
  try {
    root = JSON.parse(json) as Json;
  } catch (error) {
    refuseInput(path, `the root.json is not JSON: ${(error as Error).message}`, 'Pass the root.json of the repository, such as its newest N.root.json.');
  }
  const problems: Problem[] = [];
  checkRoot(new Field(root, 'root.json', problems));
  refuseProblems(path, problems);
  return root;
}

function requireTrustedRoot(path: string, json: string): string {
  const remedy = 'Pass a trusted_root.json, as `cosign trusted-root create` or a TUF repository gives it.';
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (error) {
    refuseInput(path, `the trust root is not JSON: ${(error as Error).message}`, remedy);
  }
  const authorities = (content as { certificateAuthorities?: unknown } | null)?.certificateAuthorities;
  const logs = (content as { tlogs?: unknown } | null)?.tlogs;
  if (![authorities, logs].some((list) => Array.isArray(list) && list.length > 0)) {
    refuseInput(path, 'the trust root names neither a certificate authority nor a transparency log', remedy);
  }
  return json;
}
