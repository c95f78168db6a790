import * as pulumi from '@pulumi/pulumi';
import { refuseInput } from '../authoring/input';
import { Declarations } from './declarations';
import { KUBERNETES, WebhookVerifier } from './webhook-verifier';

/** Name of the verifier that the first policy of a stack brings. */
const IMPLICIT_NAME = 'proofgate-verifier';

/** The verifier for a policy or exemption: the one it names, else the one of the stack, made now if the stack has none. */
export function verifierFor(name: string, component: pulumi.ComponentResource, chosen: WebhookVerifier | undefined): WebhookVerifier {
  const provider = component.getProvider(KUBERNETES);
  const verifier = chosen ?? theOnlyOne(name) ?? makeVerifier(provider);
  if (provider !== undefined && verifier.getProvider(KUBERNETES) !== provider) {
    refuseInput(name, 'it has another provider than its verifier, so it would be enforced in another cluster than its provider says',
      'Pass the provider to the WebhookVerifier and leave it out here; make one verifier for each cluster, and pass it as `verifier`.');
  }
  return verifier;
}

function theOnlyOne(name: string): WebhookVerifier | undefined {
  const [first, second] = Declarations.current().verifiers;
  if (first !== undefined && second !== undefined) {
    refuseInput(name, `this stack has several verifiers: ${first.enforcement.path} and ${second.enforcement.path}`, 'Pass one of them as `verifier`.');
  }
  return first?.component;
}

function makeVerifier(provider: pulumi.ProviderResource | undefined): WebhookVerifier {
  const verifier = new WebhookVerifier(IMPLICIT_NAME, {}, provider === undefined ? {} : { provider });
  verifier._enforcement.implicit = true;
  return verifier;
}
