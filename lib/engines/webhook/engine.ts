import { Engine } from '../engine';
import { namespace } from './access';
import { policyContent, trustRootContent } from './content';
import { renderWebhook } from './render';
import { WebhookSettings } from './settings';

/** The bundled verifier, deployed with these settings. */
export function webhookEngine(settings: WebhookSettings): Engine {
  return {
    id: 'webhook',
    name: settings.name,
    place: { namespace: settings.namespace, labels: namespace(settings).metadata.labels ?? {}, service: settings.name, image: settings.image },
    keystone: 'ValidatingWebhookConfiguration',
    // Exemptions only relax what policies demand, and deny lists hold where it is asked.
    enforces: ({ kind }) => kind === 'ImagePolicy',
    render: (input) => renderWebhook({ ...input, settings }),
    content: (input) => [...policyContent({ ...input, settings }), ...trustRootContent({ ...input, settings })].map(({ manifest }) => manifest),
  };
}
