import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Manifest } from '../engines/manifest';
import type { Enforcement } from './enforcement';
import { EnforcedObject } from './enforced-object';
import { isManifest, objectKey } from './object-key';
import { Refusal } from './refusal';

/** An object as it would be written, and where it comes from. */
interface Written {
  readonly path: string;
  readonly enforced: boolean;
  readonly manifest: Manifest;
}

/** Looks at every object of the tree, whoever made it, for what would undo enforcement from beside. */
export function sweep(root: IConstruct, verifiers: readonly Enforcement[]): Refusal[] {
  return sweepWritten(root.node.findAll().filter((construct) => ApiObject.isApiObject(construct)).flatMap(written), verifiers);
}

/** The same for objects that are already rendered. */
export function sweepWritten(objects: readonly Written[], verifiers: readonly Enforcement[]): Refusal[] {
  return [...duplicates(objects), ...rawWebhooks(objects, verifiers)];
}

function written(object: ApiObject): Written[] {
  const enforced = EnforcedObject.isEnforcedObject(object);
  const manifest: unknown = enforced ? object.written() : object.toJson();
  return isManifest(manifest) ? [{ path: object.node.path, enforced, manifest }] : [];
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
      remedy: object.enforced
        ? 'Give one of the verifiers another `name` and `namespace`, or synthesize each cluster from an App of its own.'
        : 'Remove it, or give it another name.',
    }];
  });
}

/** A webhook configuration of somebody else's making that calls the verifier has whatever failure policy they chose. */
function rawWebhooks(objects: readonly Written[], verifiers: readonly Enforcement[]): Refusal[] {
  const services = verifiers.map(({ settings }) => settings);
  return objects.filter(({ enforced, manifest }) => !enforced && /^(?:Validating|Mutating)WebhookConfiguration$/.test(manifest.kind))
    .filter(({ manifest }) => clientConfigs(manifest).some((client) => services.some(({ name, namespace }) => (
      (client.service?.name === name && client.service.namespace === namespace)
      || (client.url?.includes(`//${name}.${namespace}.svc`) ?? false)
    ))))
    .map(({ path, manifest }) => ({
      code: 'FOREIGN_WEBHOOK',
      path,
      problem: `it is a ${manifest.kind} that calls the verifier beside the one that the verifier brings`,
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
