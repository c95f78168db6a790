import * as pulumi from '@pulumi/pulumi';
import { refuseInput } from '../authoring/input';
import { Declarations } from './declarations';
import { enforcementOf, KUBERNETES, PolicyEngine } from './policy-engine';
import { WebhookVerifier } from './webhook-verifier';

/** Name of the verifier that the first policy of a stack brings. */
const IMPLICIT_NAME = 'proofgate-verifier';

/** The engine for a policy or exemption: the one it names, else the bundled verifier of the stack, made now if the stack has none. */
export function engineFor(name: string, component: pulumi.ComponentResource, chosen: PolicyEngine | undefined): PolicyEngine {
  const provider = component.getProvider(KUBERNETES);
  const engine = chosen ?? theOnlyOne(name) ?? makeVerifier(provider);
  if (provider !== undefined && engine.getProvider(KUBERNETES) !== provider) {
    refuseInput(name, 'it has another provider than its engine, so it would be enforced in another cluster than its provider says',
      'Pass the provider to the engine and leave it out here; make one engine for each cluster, and pass it as `engine`.');
  }
  return engine;
}

function theOnlyOne(name: string): PolicyEngine | undefined {
  const [first, second] = Declarations.current().engines.filter(({ enforcement: { engine } }) => engine.id === 'webhook');
  if (first !== undefined && second !== undefined) {
    refuseInput(name, `this stack has several verifiers: ${first.enforcement.path} and ${second.enforcement.path}`, 'Pass one of them as `engine`.');
  }
  return first?.component;
}

function makeVerifier(provider: pulumi.ProviderResource | undefined): WebhookVerifier {
  const verifier = new WebhookVerifier(IMPLICIT_NAME, {}, provider === undefined ? {} : { provider });
  enforcementOf(verifier).implicit = true;
  return verifier;
}
