import { Manifest } from '../manifest';
import { certificate, namespace, roles, serviceAccount, tlsSecret } from './access';
import { policyContent, registryContent, trustRootContent } from './content';
import { floor } from './floor';
import { guard, labelGuard } from './guard';
import { WebhookInput } from './settings';
import { mutatingWebhook, validatingWebhook } from './webhooks';
import { deployment, disruptionBudget, networkPolicy, service } from './workload';

/**
 * Everything that enforces these documents by the bundled verifier, in the order in which it is applied: what enforces comes
 * after what answers.
 *
 * Pure and deterministic: the same input gives the same objects, in whatever order documents and trust roots came.
 */
export function renderWebhook(input: WebhookInput): Manifest[] {
  const { settings } = input;
  const policies = policyContent(input);
  const trustRoots = trustRootContent(input);
  const registries = registryContent(settings);
  return [
    namespace(settings),
    ...guard(settings),
    ...floor(input),
    serviceAccount(settings),
    ...(settings.tls.mode === 'self-managed' ? [tlsSecret(settings)] : certificate(settings)),
    ...roles(input),
    ...labelGuard(input),
    ...[...policies, ...trustRoots, ...(registries === undefined ? [] : [registries])].map(({ manifest }) => manifest),
    service(settings),
    deployment(input, { policies, trustRoots, registries }),
    disruptionBudget(settings),
    networkPolicy(input),
    validatingWebhook(input),
    mutatingWebhook(input),
  ];
}
