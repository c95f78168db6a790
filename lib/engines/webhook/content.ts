import { contentName } from '../../kubernetes/content-name';
import { ACCOUNTABILITY_ANNOTATIONS, CONTENT_KEYS, CONTENT_LABEL, Content, TRUST_ROOT_LABEL, UNTIMED_ANNOTATION } from '../../kubernetes/labels';
import { compare } from '../../policy/canonical-order';
import { Accountability, ImagePolicy, PolicyDocument } from '../../policy/document';
import { sha256Hex } from '../../policy/sha256';
import { utf8 } from '../../policy/utf8';
import { arrange } from '../arrange';
import { TrustRootFile } from '../engine';
import { Manifest } from '../manifest';
import { commonLabels } from './metadata';
import { registryConfig } from './registries';
import { WebhookInput, WebhookSettings } from './settings';

/** Somewhat less than Kubernetes keeps in a ConfigMap, in bytes. */
const LARGEST = 1_000_000;

/** Where a ConfigMap's text is found in the verifier's container. */
export interface MountedContent {
  readonly manifest: Manifest;
  /** Name of the volume, unique in the Pod. */
  readonly volume: string;
  readonly folder: string;
  readonly file: string;
  /** `sha256:…` of the text. */
  readonly digest: string;
}

/** One immutable ConfigMap for each document, named by its content. */
export function policyContent({ documents, settings }: WebhookInput): MountedContent[] {
  return [...documents].sort((a, b) => compare(key(a), key(b))).map((document, index) => {
    const text = `${JSON.stringify(arrange(document), undefined, 2)}\n`;
    return { ...mounted('policy', settings, `${PREFIXES[document.kind]}-${document.metadata.name}`, text, {}, accountabilityOf(document)), volume: `policy-${index + 1}` };
  });
}

const PREFIXES: { readonly [kind in PolicyDocument['kind']]: string } = { ImagePolicy: 'policy', ImageExemption: 'exemption', ImageDenyList: 'deny-list' };

/** One immutable ConfigMap for each trust root given by value. */
export function trustRootContent({ trustRoots, settings }: WebhookInput): Array<MountedContent & { readonly name: string }> {
  return [...trustRoots].sort((a, b) => compare(a.name, b.name)).map(({ name, json }: TrustRootFile, index) =>
    ({ name, ...mounted('trust-root', settings, `trust-root-${name}`, json, { [TRUST_ROOT_LABEL]: name }), volume: `trust-root-${index + 1}` }));
}

/** The registry configuration, where something is said about registries. */
export function registryContent(settings: WebhookSettings): MountedContent | undefined {
  const config = registryConfig(settings);
  return config && mounted('registries', settings, 'registries', `${JSON.stringify(config, undefined, 2)}\n`);
}

function mounted(
  content: Content, settings: WebhookSettings, stem: string, text: string, labels: { [key: string]: string } = {}, annotations: { [key: string]: string } = {},
): MountedContent {
  const bytes = utf8(text);
  if (bytes.length > LARGEST) {
    throw new RangeError(`${stem} has ${bytes.length} bytes, more than a ConfigMap holds (${LARGEST}): split it into several documents`);
  }
  const sha256 = sha256Hex(bytes);
  const name = contentName(`${settings.name}-${stem}`, sha256);
  return {
    volume: stem,
    folder: `/etc/proofgate/${stem}`,
    file: `/etc/proofgate/${stem}/${CONTENT_KEYS[content]}`,
    digest: `sha256:${sha256}`,
    manifest: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name,
        namespace: settings.namespace,
        labels: { ...commonLabels(settings), [CONTENT_LABEL]: content, ...labels },
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      immutable: true,
      data: { [CONTENT_KEYS[content]]: text },
    },
  };
}

/** Whatever is relaxed, and what is denied in spite of all, shows outside of the document, too. */
function accountabilityOf(document: PolicyDocument): { [annotation: string]: string } {
  if (document.kind === 'ImageDenyList') {
    return { [ACCOUNTABILITY_ANNOTATIONS.owner]: document.spec.owner, [ACCOUNTABILITY_ANNOTATIONS.reason]: document.spec.reason };
  }
  const accountable: Accountability | undefined = document.kind === 'ImageExemption' ? document.spec : document.spec.action?.type === 'Audit' ? document.spec.action : undefined;
  return {
    ...(accountable === undefined ? {} : {
      [ACCOUNTABILITY_ANNOTATIONS.owner]: accountable.owner,
      [ACCOUNTABILITY_ANNOTATIONS.reason]: accountable.reason,
      [ACCOUNTABILITY_ANNOTATIONS.until]: accountable.until,
    }),
    ...(document.kind === 'ImagePolicy' ? untimedOf(document) : {}),
  };
}

function untimedOf({ spec: { attestors } }: ImagePolicy): { [annotation: string]: string } {
  const untimed = Object.keys(attestors).sort(compare).flatMap((name) => {
    const accepted = attestors[name]?.transparency?.untimed;
    return accepted === undefined ? [] : [`${name}: ${accepted.reason} (${accepted.owner})`];
  });
  return untimed.length === 0 ? {} : { [UNTIMED_ANNOTATION]: untimed.join('; ') };
}

function key({ kind, metadata }: PolicyDocument): string {
  return `${kind}/${metadata.name}`;
}
