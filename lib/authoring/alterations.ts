import { Manifest } from '../engines/manifest';

/** A place where what would be written is not what the engine rendered. */
export interface Alteration {
  /** Field, for example `webhooks[0].failurePolicy`. */
  readonly field: string;
  readonly rendered: unknown;
  readonly written: unknown;
}

/**
 * What may be written otherwise than it was rendered, by kind; the refusals judge the outcome. Every other field of every kind is as the
 * engine rendered it, but for labels and annotations, which may be added; to Pods annotations only, since labels select.
 */
const ADJUSTABLE: { readonly [kind: string]: readonly string[] } = {
  Deployment: [
    'spec.minReadySeconds',
    'spec.progressDeadlineSeconds',
    'spec.replicas',
    'spec.revisionHistoryLimit',
    'spec.strategy',
    'spec.template.spec.affinity',
    'spec.template.spec.containers[0].resources',
    'spec.template.spec.dnsConfig',
    'spec.template.spec.dnsPolicy',
    'spec.template.spec.imagePullSecrets',
    'spec.template.spec.nodeSelector',
    'spec.template.spec.priorityClassName',
    'spec.template.spec.runtimeClassName',
    'spec.template.spec.schedulerName',
    'spec.template.spec.terminationGracePeriodSeconds',
    'spec.template.spec.tolerations',
    'spec.template.spec.topologySpreadConstraints',
  ],
  PodDisruptionBudget: ['spec.maxUnavailable', 'spec.minAvailable', 'spec.unhealthyPodEvictionPolicy'],
  Service: ['spec.internalTrafficPolicy', 'spec.ipFamilies', 'spec.ipFamilyPolicy', 'spec.trafficDistribution'],
};

/** Metadata that only describes: entries may be added, none may be changed or taken away. */
const DESCRIPTIVE = /^metadata\.labels$|(?:^|\.)metadata\.annotations$/;

/** Every place where an object was altered in a way that is not open to adjustment. */
export function alterations(rendered: Manifest, written: unknown): Alteration[] {
  return [...compare('', rendered, written, ADJUSTABLE[rendered.kind] ?? [])];
}

/** The first place where a text of JSON is not what it was; `props`, where that is no place within it. */
export function changedField(before: string, after: string): string {
  const [first] = compare('props', JSON.parse(before), JSON.parse(after), []);
  return first?.field ?? 'props';
}

function* compare(field: string, rendered: unknown, written: unknown, adjustable: readonly string[]): Generator<Alteration> {
  const descriptive = DESCRIPTIVE.test(field);
  if (adjustable.includes(field) || Object.is(rendered, written) || (descriptive && rendered == null)) {
    return;
  }
  if (!isComposite(rendered) || !isComposite(written) || Array.isArray(rendered) !== Array.isArray(written)) {
    if (rendered != null || written != null) {
      yield { field, rendered, written };
    }
    return;
  }
  const keys = descriptive ? Object.keys(rendered) : [...new Set([...Object.keys(rendered), ...Object.keys(written)])];
  for (const key of keys) {
    yield* compare(step(field, key, Array.isArray(rendered)), own(rendered, key), own(written, key), adjustable);
  }
}

function isComposite(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null;
}

function own(object: { readonly [key: string]: unknown }, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function step(field: string, key: string, element: boolean): string {
  if (element) {
    return `${field}[${key}]`;
  }
  const name = /^[A-Za-z0-9_-]+$/.test(key) ? key : `["${key}"]`;
  return field === '' || name.startsWith('[') ? field + name : `${field}.${name}`;
}
