import { FoundConfigurations } from '../../engines/webhook/drift';
import { ApiClient } from './api-client';
import { statusOf } from './connect';

interface Configuration {
  readonly webhooks?: ReadonlyArray<{ readonly name: string; readonly clientConfig: { readonly caBundle?: string } }>;
}

/** How the API calls the objects of a kind. */
const KINDS = { ValidatingWebhookConfiguration: 'validatingwebhookconfigurations', MutatingWebhookConfiguration: 'mutatingwebhookconfigurations' } as const;

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
 * @throws ApiError when a configuration cannot be read or written
 */
export async function writeCaBundle(cluster: ApiClient, name: string, bundle: string): Promise<PublishedBundle> {
  let mended = 0;
  const found: { -readonly [kind in keyof FoundConfigurations]: FoundConfigurations[kind] } = {};
  for (const kind of ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'] as const) {
    const path = `/apis/admissionregistration.k8s.io/v1/${KINDS[kind]}/${name}`;
    const configuration = await unlessMissing(cluster.get<Configuration>(path));
    if (configuration === undefined) {
      continue;
    }
    found[kind] = configuration;
    const operations = patchFor(configuration, bundle);
    if (operations.length > 0) {
      await cluster.patch(path, operations);
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
