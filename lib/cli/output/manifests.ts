import pc from 'picocolors';
import { stringify } from 'yaml';
import { Manifest } from '../../engines/manifest';
import { isPlainObject } from '../../policy/canonical-json';
import { Refused } from '../synth/enforcement';
import { printable } from './printable';

/** Manifests as cdk8s writes them, byte for byte: YAML 1.1, fields in the order of their names after the three that come first. */
export function manifestsAsYaml(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => stringify(ordered(manifest), { lineWidth: 0, version: '1.1' })).join('---\n');
}

/** One object: `manifests`, or `refused` where there is something to refuse. */
export function synthesisAsJson(manifests: readonly Manifest[], refused: readonly Refused[]): string {
  return `${JSON.stringify(refused.length > 0 ? { refused } : { manifests: manifests.map(ordered) }, undefined, 2)}\n`;
}

export function refusedAsText(refused: readonly Refused[], colour: boolean): string {
  const paint = pc.createColors(colour);
  return refused.map(({ code, file, line, message }) => `${printable(`${file}${line === undefined ? '' : `:${line}`}`)}: ${paint.red(`[${code}]`)} ${printable(message)}\n`).join('');
}

function ordered({ apiVersion, kind, metadata, ...rest }: Manifest): object {
  return { apiVersion, kind, metadata: sorted(metadata), ...sorted(rest) as object };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return isPlainObject(value) ? Object.fromEntries(Object.keys(value).sort().filter((key) => value[key] != null).map((key) => [key, sorted(value[key])])) : value;
}
