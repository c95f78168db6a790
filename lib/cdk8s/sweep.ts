import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Manifest } from '../engines/manifest';
import { WebhookSettings } from '../engines/webhook';
import { Judged } from './judgement';
import { isManifest, objectKey } from './object-key';
import { Refusal } from './refusal';

/** An object as it would be written, and where it comes from. */
interface Written {
  readonly path: string;
  /** Whether it is one of the verifier's own. */
  readonly own: boolean;
  readonly manifest: Manifest;
}

/** Looks at every object of the tree, whoever made it, for what would undo from beside what a verifier enforces. */
export function sweepTree(root: IConstruct, judged: readonly Judged[], settings: WebhookSettings): Refusal[] {
  const own = new Map<IConstruct, unknown>(judged.map(({ object, written }) => [object, written]));
  return sweep(root.node.findAll().flatMap((construct): Written[] => {
    if (!ApiObject.isApiObject(construct)) {
      return [];
    }
    const manifest: unknown = own.get(construct) ?? construct.toJson();
    return isManifest(manifest) ? [{ path: construct.node.path, own: own.has(construct), manifest }] : [];
  }), settings);
}

/** The same for what leaves a chart; `judged` are the verifier's own among the manifests. */
export function sweepManifests(path: string, manifests: readonly Manifest[], judged: readonly Judged[], settings: WebhookSettings): Refusal[] {
  const own = new Set(judged.map(({ written }) => written));
  return sweep(manifests.map((manifest) => ({ path, own: own.has(manifest), manifest })), settings);
}

function sweep(objects: readonly Written[], settings: WebhookSettings): Refusal[] {
  return [...duplicates(objects), ...foreignWebhooks(objects, settings)];
}

/** The later of two objects with one name replaces the earlier when they are applied. */
function duplicates(objects: readonly Written[]): Refusal[] {
  const owners = new Map(objects.filter(({ own }) => own).map((object) => [objectKey(object.manifest), object]));
  return objects.flatMap((object): Refusal[] => {
    const owner = owners.get(objectKey(object.manifest));
    return owner === undefined || owner === object ? [] : [{
      code: 'DUPLICATE_OBJECT',
      path: object.path,
      problem: `a second ${object.manifest.kind} "${object.manifest.metadata.name}" beside ${owner.path}; whichever is applied last wins`,
      remedy: 'Give it another name, or remove it; verifiers for several clusters need an App each, or `name` and `namespace` of their own.',
    }];
  });
}

/** A webhook configuration of somebody else's making that calls the verifier has whatever failure policy they chose. */
function foreignWebhooks(objects: readonly Written[], { name, namespace }: WebhookSettings): Refusal[] {
  return objects
    .filter(({ own, manifest }) => !own && /^(?:Validating|Mutating)WebhookConfiguration$/.test(manifest.kind))
    .filter(({ manifest }) => clientConfigs(manifest).some(({ url, service }) => (
      (service?.name === name && service.namespace === namespace) || url?.includes(`//${name}.${namespace}.svc`) === true
    )))
    .map(({ path, manifest }) => ({
      code: 'FOREIGN_WEBHOOK',
      path,
      problem: `the ${manifest.kind} "${manifest.metadata.name}" calls the verifier beside the one that the verifier brings`,
      remedy: 'Remove it; say what should be guarded with a SignedImagePolicy.',
    }));
}

interface ClientConfig {
  readonly url?: string;
  readonly service?: { readonly name?: string; readonly namespace?: string };
}

function clientConfigs(manifest: Manifest): ClientConfig[] {
  const webhooks = Array.isArray(manifest.webhooks) ? manifest.webhooks as { readonly clientConfig?: ClientConfig }[] : [];
  return webhooks.map((webhook) => webhook.clientConfig ?? {});
}
