import { readFileSync } from 'node:fs';
import type { Construct } from 'constructs';
import { TrustRootFile } from '../engines/engine';
import { isDnsLabel } from '../policy/dns-label';
import { refuseInput } from './input';
import { Check, instance, optional, Properties, requireProperties, text } from './properties';
import { Demand, Transparency } from './transparency';

/** What a pinned trust root is made of: exactly one of the two. */
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

  /** @internal */
  public static _pinned(path: string, id: string, props: PinnedTrustRootProps): TrustRoot {
    requireProperties(path, props, PROPERTIES);
    if (!isDnsLabel(id) || ['sigstore', 'github'].includes(id)) {
      refuseInput(path, `the id "${id}" names the trust root in documents, and is no DNS label or is taken by one that ships with the verifier`,
        'Use lower-case letters, digits and inner hyphens, other than sigstore and github.');
    }
    return new TrustRoot(id, requireTrustedRoot(path, readJson(path, props)));
  }

  /** @internal */
  public readonly _file: TrustRootFile | undefined;

  /** Its name in documents. */
  public readonly name: string;

  /** @internal */
  public readonly _transparency: Transparency | undefined;

  private constructor(name: string, json?: string, transparency?: Transparency) {
    this.name = name;
    this._file = json === undefined ? undefined : { name, json };
    this._transparency = transparency;
  }
}

/** Where an attestor takes one. */
export const aTrustRoot: Check = instance(TrustRoot, 'pass TrustRoot.publicGood(), TrustRoot.github(), or what TrustRoot.pinned returns');

function readJson(path: string, { file, json }: PinnedTrustRootProps): string {
  if (json !== undefined && file === undefined) {
    return json;
  }
  if (file === undefined || json !== undefined) {
    refuseInput(path, 'a pinned trust root is made of exactly one of `file` and `json`', 'Name the trusted_root.json, or pass its content.');
  }
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    refuseInput(path, `the trust root cannot be read: ${(error as Error).message}`, 'Correct `file`; it is resolved against the current directory.');
  }
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
