import { V1MutatingWebhookConfiguration, V1ValidatingWebhookConfiguration } from '@kubernetes/client-node';
import { FoundConfigurations } from '../../engines/webhook/drift';
import { Cluster, JSON_PATCH, statusOf } from './connect';

type Configuration = V1ValidatingWebhookConfiguration | V1MutatingWebhookConfiguration;

/** What became of the verifier's webhook configurations. */
export interface PublishedBundle {
  /** Entries that lacked the bundle and have it now. */
  readonly mended: number;
  /** By kind, as plain JSON; absent where there is no object: not applied yet, or deleted by somebody. */
  readonly found: FoundConfigurations;
}

/**
 * Writes the CA bundle into every entry of the verifier's webhook configurations that does not have it.
 *
 * The field is not part of the rendered manifests, so that applying them again leaves it alone; where it was removed or
 * replaced nevertheless, the API server refuses (failurePolicy Fail) until this has run again.
 *
 * @param bundle - PEM
 * @throws ApiException when a configuration cannot be read or written
 */
export async function writeCaBundle(cluster: Cluster, name: string, bundle: string): Promise<PublishedBundle> {
  const { admission } = cluster;
  const kinds = [
    {
      kind: 'ValidatingWebhookConfiguration' as const,
      read: () => admission.readValidatingWebhookConfiguration({ name }),
      patch: (body: object[]) => admission.patchValidatingWebhookConfiguration({ name, body }, JSON_PATCH),
    },
    {
      kind: 'MutatingWebhookConfiguration' as const,
      read: () => admission.readMutatingWebhookConfiguration({ name }),
      patch: (body: object[]) => admission.patchMutatingWebhookConfiguration({ name, body }, JSON_PATCH),
    },
  ];
  let mended = 0;
  const found: { -readonly [kind in keyof FoundConfigurations]: FoundConfigurations[kind] } = {};
  for (const { kind, read, patch } of kinds) {
    const configuration = await unlessMissing(read());
    if (configuration === undefined) {
      continue;
    }
    // Without the classes of the client.
    found[kind] = JSON.parse(JSON.stringify(configuration)) as unknown;
    const operations = patchFor(configuration, bundle);
    if (operations.length > 0) {
      await patch(operations);
      mended += operations.length / 2;
    }
  }
  return { mended, found };
}

async function unlessMissing(reading: Promise<Configuration>): Promise<Configuration | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (statusOf(error) === 404) {
      return undefined;
    }
    throw error;
  }
}

/** Each entry is tested by name first: between reading and writing, somebody may have applied another list. */
function patchFor(configuration: Configuration, bundle: string): object[] {
  const caBundle = Buffer.from(bundle).toString('base64');
  return (configuration.webhooks ?? []).flatMap((webhook, index) => webhook.clientConfig.caBundle === caBundle ? [] : [
    { op: 'test', path: `/webhooks/${index}/name`, value: webhook.name },
    { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: caBundle },
  ]);
}
