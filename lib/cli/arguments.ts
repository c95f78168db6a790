import { isDnsLabel } from '../policy/dns-label';
import { isLabelKey, isLabelValue } from '../policy/label';
import { TrustRootOption } from '../verifier/options';
import { UsageError } from './exit';

/** Adds one value of a repeatable option; without a default, so that a required one that is not given is missed. */
export function collect<T>(parse: (text: string) => T): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before = []) => [...before, parse(text)];
}

/** `NAME=FILE`. @throws UsageError */
export function parseTrustRoot(text: string): TrustRootOption {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  const file = text.slice(at + 1);
  if (at <= 0 || file === '') {
    throw new UsageError(`--trust-root ${text}: expected NAME=FILE, for example sigstore=trusted_root.json`);
  }
  return { name, file };
}

/** `sha256:` and 64 hex digits. @throws UsageError */
export function parseDigest(option: string): (text: string) => string {
  return (text) => {
    if (!/^sha256:[0-9a-f]{64}$/.test(text)) {
      throw new UsageError(`${option} ${text}: expected sha256: and 64 hex digits, as a running verifier logs it when it starts`);
    }
    return text;
  };
}

/** `NAME=sha256:…`. @throws UsageError */
export function parseNamedDigest(text: string): readonly [name: string, digest: string] {
  const [, name, digest] = /^([^=]+)=(sha256:[0-9a-f]{64})$/.exec(text) ?? [];
  if (name === undefined || digest === undefined) {
    throw new UsageError(`--trust-root-digest ${text}: expected NAME=sha256: and 64 hex digits`);
  }
  return [name, digest];
}

/** `HOST:PORT`, IPv6 in brackets. @throws UsageError */
export function parseListen(text: string): { host: string; port: number } {
  const at = text.lastIndexOf(':');
  const host = text.slice(0, at).replace(/^\[(.*)\]$/, '$1');
  const port = Number(text.slice(at + 1));
  if (at <= 0 || !/^\d{1,5}$/.test(text.slice(at + 1)) || port > 65_535) {
    throw new UsageError(`--listen ${text}: expected HOST:PORT, for example 127.0.0.1:8443; port 0 takes a free one`);
  }
  return { host, port };
}

/** Seconds, possibly with a fraction, as milliseconds. @throws UsageError */
export function parseSeconds(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const seconds = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || seconds < least || seconds > most) {
      throw new UsageError(`${option} ${text}: expected a number of seconds from ${least} to ${most}`);
    }
    return seconds * 1000;
  };
}

/** Name of a namespace (RFC 1123 label); anything else, such as an unset variable, would name one that no policy covers. @throws UsageError */
export function parseNamespace(text: string): string {
  if (!isDnsLabel(text)) {
    throw new UsageError(`--namespace "${text}": is no name of a namespace; expected at most 63 lower-case letters, digits and hyphens, for example payments`);
  }
  return text;
}

/** Of what is meant for the namespace of a verifier itself no policy says anything. @throws UsageError */
export function refuseVerifierNamespace(namespace: string, own: Iterable<string>): void {
  if ([...own].includes(namespace)) {
    throw new UsageError(`--namespace ${namespace}: is the verifier's own, where no policy holds and its guard lets nothing run but the verifier; name the namespace that the images are meant for`);
  }
}

/** One label of a namespace, `KEY=VALUE` as Kubernetes takes it; the value may be empty. @throws UsageError */
export function parseNamespaceLabel(text: string): Label {
  const at = text.indexOf('=');
  const label = { key: text.slice(0, at), value: text.slice(at + 1) };
  if (at <= 0 || !isLabelKey(label.key) || !isLabelValue(label.value)) {
    throw new UsageError(`--namespace-label ${text}: expected KEY=VALUE, a label as Kubernetes takes it, for example team=payments`);
  }
  return label;
}

export interface Label {
  readonly key: string;
  readonly value: string;
}

/**
 * The labels of a namespace: those given, and the one that the API server sets itself; `undefined` when none is given, for nothing is known then.
 *
 * @throws UsageError for a label that is given twice, or that names another namespace
 */
export function labelsOf(namespace: string, given: readonly Label[] | undefined): { readonly [key: string]: string } | undefined {
  if (given === undefined) {
    return undefined;
  }
  const labels = new Map([['kubernetes.io/metadata.name', namespace]]);
  for (const { key, value } of given) {
    const known = labels.get(key);
    if (known !== undefined && known !== value) {
      throw new UsageError(`--namespace-label ${key}=${value}: the label is ${known} already; give it once`);
    }
    labels.set(key, value);
  }
  return Object.fromEntries(labels);
}
