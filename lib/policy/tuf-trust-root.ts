import { Json } from './document';
import { describe, Field } from './field';
import { parsed } from './exact';
import { canonicalHost } from './registry-host';

/** What the file of a trust root says that is kept up to date by The Update Framework, where others hold a `trusted_root.json`. */
export const TUF_TRUST_ROOT = 'application/vnd.proofgate.tuf-trust-root.v1+json';

/** The target of a repository that holds nothing else. */
export const DEFAULT_TUF_TARGET = 'trusted_root.json';

/** A trust root that is fetched: where from, under which name, and the keys that the first answer has to be signed with. */
export interface TufTrustRoot {
  readonly mediaType: typeof TUF_TRUST_ROOT;
  /** `https://host[:port][/path]`, where `1.root.json` is found and `targets/` below it. */
  readonly mirror: string;
  /** Path of the target that is a `trusted_root.json`. */
  readonly target: string;
  /** The root metadata that is trusted without asking anybody (TUF specification, section 5.2). */
  readonly root: Json;
}

export function isTufTrustRoot(value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, 'mediaType') && value.mediaType === TUF_TRUST_ROOT;
}

/** Reports what is wrong with the parts of one. Whether the root is signed by its own keys, the verifier finds out when it starts. */
export function checkTufTrustRoot(field: Field): void {
  const fields = field.members(['mediaType', 'mirror', 'target', 'root']);
  if (fields !== undefined) {
    fields.mediaType.word([TUF_TRUST_ROOT]);
    checkMirror(fields.mirror);
    checkTarget(fields.target);
    checkRoot(fields.root);
  }
}

/** One spelling, and nothing that would go to another place than it seems. */
export function checkMirror(field: Field): void {
  const text = field.text();
  if (text === undefined) {
    return;
  }
  const [, host = '', path = ''] = /^https:\/\/([^/?#@\\]+)((?:\/[A-Za-z0-9._~-]+)*)$/.exec(text) ?? [];
  if (host === '' || path.split('/').some((part) => part === '.' || part === '..')) {
    field.problem(`is ${describe(text)}: write https://host, https://host:port or https://host/path, without user name, query and slash at the end`);
    return;
  }
  // With a port, so that a host of one label is no path.
  const written = /:\d+$/.test(host) ? host : `${host}:443`;
  const canonical = parsed(field, () => canonicalHost(written));
  if (canonical !== undefined && canonical !== written) {
    field.problem(`is ${describe(text)}: write its host in lower case`);
  }
}

/** A path that stays below `targets/`. */
export function checkTarget(field: Field): void {
  const text = field.text();
  if (text !== undefined && (text.length > 256 || !/^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(text))) {
    field.problem(`is ${describe(text)}: write the path of a target, such as ${DEFAULT_TUF_TARGET}, of letters, digits, dots, hyphens and slashes`);
  }
}

/** Root metadata, by what tells it from other JSON. */
export function checkRoot(field: Field): void {
  const signed = field.at('signed');
  const roles = ['root', 'timestamp', 'snapshot', 'targets'].map((role) => signed.at('roles').at(role));
  if (!Array.isArray(field.at('signatures').value) || signed.at('_type').value !== 'root' || !roles.every(({ isObject }) => isObject)) {
    field.problem('is no root metadata of TUF: pass the root.json of the repository, which has signatures, and roles for root, timestamp, snapshot and targets');
  }
}

/** `host[:port]` of a mirror. */
export function hostOfMirror(mirror: string): string {
  return mirror.slice('https://'.length).split('/')[0] ?? mirror;
}
