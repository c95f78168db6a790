import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Manifest } from '../engines/manifest';
import { WebhookSettings } from '../engines/webhook';
import type { Enforcement } from './enforcement';
import { EnforcedObject } from './enforced-object';
import { isManifest, objectKey } from './object-key';
import { Refusal } from './refusal';

/** An object as it would be written, and where it comes from. */
interface Written {
  readonly path: string;
  /** Whether it is one of the verifier's own. */
  readonly enforced: boolean;
  readonly manifest: Manifest;
}

/** Looks at every object of the tree, whoever made it, for what would undo from beside what a verifier enforces. */
export function sweep(root: IConstruct, verifier: Enforcement): Refusal[] {
  const objects = root.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  return sweepWritten(objects.flatMap((object) => writtenBy(object, verifier)), verifier);
}

/** The same for objects that are already rendered. */
export function sweepWritten(objects: readonly Written[], { settings }: Enforcement): Refusal[] {
  return [...duplicates(objects), ...foreignWebhooks(objects, settings)];
}

function writtenBy(object: ApiObject, verifier: Enforcement): Written[] {
  const manifest: unknown = EnforcedObject.isEnforcedObject(object) ? object.written() : object.toJson();
  return isManifest(manifest) ? [{ path: object.node.path, enforced: verifier.owns(object), manifest }] : [];
}

/** The later of two objects with one name replaces the earlier when they are applied. */
function duplicates(objects: readonly Written[]): Refusal[] {
  const owners = new Map(objects.filter(({ enforced }) => enforced).map((object) => [objectKey(object.manifest), object]));
  return objects.flatMap((object): Refusal[] => {
    const owner = owners.get(objectKey(object.manifest));
    return owner === undefined || owner === object ? [] : [{
      code: 'DUPLICATE_OBJECT',
      path: object.path,
      problem: `it is a second ${object.manifest.kind} "${object.manifest.metadata.name}" beside ${owner.path}; whichever is applied last wins`,
      remedy: 'Give it another name, or remove it; verifiers for several clusters need an App each, or `name` and `namespace` of their own.',
    }];
  });
}

/** A webhook configuration of somebody else's making that calls the verifier has whatever failure policy they chose. */
function foreignWebhooks(objects: readonly Written[], { name, namespace }: WebhookSettings): Refusal[] {
  return objects
    .filter(({ enforced, manifest }) => !enforced && /^(?:Validating|Mutating)WebhookConfiguration$/.test(manifest.kind))
    .filter(({ manifest }) => clientConfigs(manifest).some(({ url, service }) => (
      (service?.name === name && service.namespace === namespace) || url?.includes(`//${name}.${namespace}.svc`) === true
    )))
    .map(({ path, manifest }) => ({
      code: 'FOREIGN_WEBHOOK',
      path,
      problem: `this ${manifest.kind} calls the verifier beside the one that the verifier brings`,
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
