import { isPlainObject } from '../../policy/canonical-json';

/** A resource as a policy pack is shown it. */
export interface ShownResource {
  /** Type token, for example `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Reading what is not known yet throws. */
  readonly props: unknown;
}

/**
 * The Kubernetes object that a resource stands for; `undefined` for every other resource.
 *
 * A resource that patches an object (`…Patch`) counts as that object: it has its fields in the cluster.
 */
export function manifestOf({ type, props }: ShownResource): unknown {
  const [, group = '', version = '', kind = ''] = /^kubernetes:(?:([^/:]+)\/)?([^/:]+):([^:]+)$/.exec(type) ?? [];
  const content = kind === '' ? undefined : known(props);
  if (!isPlainObject(content)) {
    return undefined;
  }
  const apiVersion = group === 'core' || group === '' ? version : `${group}/${version}`;
  return { apiVersion, kind: kind.replace(/Patch$/, ''), ...content };
}

/** A copy as plain data; what is not known yet is a text that stands for no value that any rule wants. */
function known(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.keys(value).map((key): [string, unknown] => [key, valueAt(value, key)]);
  return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
}

function valueAt(object: object, key: string): unknown {
  let value: unknown;
  try {
    value = (object as { readonly [key: string]: unknown })[key];
  } catch {
    return '(not known yet)';
  }
  return known(value);
}
