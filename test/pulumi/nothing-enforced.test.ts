import { Engine } from '../../lib/engines/engine';
import { nativeEngine } from '../../lib/engines/native';
import { defaultSettings, webhookEngine } from '../../lib/engines/webhook';
import { ImageExemption, PolicyDocument } from '../../lib/policy/document';
import { Declarations } from '../../lib/pulumi/declarations';
import { Enforcement } from '../../lib/pulumi/enforcement';
import { NEXT_MONTH } from '../cdk8s/tree';
import { smallPolicy } from '../policy/documents';

const EXEMPTION: ImageExemption = {
  apiVersion: 'proofgate.dev/v1',
  kind: 'ImageExemption',
  metadata: { name: 'agent' },
  spec: { image: 'docker.io/vendor/agent', digests: [`sha256:${'8'.repeat(64)}`], reason: 'not signed yet', owner: 'platform', until: NEXT_MONTH, namespaces: { names: ['agents'] } },
};

/** What becomes of a program that declares one engine with these documents. */
function render(engine: Engine, documents: readonly PolicyDocument[], { implicit = false } = {}): void {
  const enforcement = new Enforcement('engine', engine);
  enforcement.implicit = implicit;
  documents.forEach((document) => enforcement.enforce(document.metadata.name, document, [], (property) => ({ path: document.metadata.name, property })));
  const declarations = new Declarations();
  declarations.engines.push({ component: {} as never, enforcement, provider: undefined });
  enforcement.render(declarations);
}

test.each<[string, Engine, PolicyDocument[], { implicit?: boolean }, string, PolicyDocument]>([
  ['a verifier that nothing is given to', webhookEngine(defaultSettings), [], {},
    'no policy uses this verifier, so it would refuse nothing. Pass it as `engine` to a SignedImagePolicy, without an `await` in between, or remove it.', smallPolicy],
  ['a verifier that an exemption is given', webhookEngine(defaultSettings), [EXEMPTION], {},
    'only exemptions or deny lists such as agent use this verifier, and without a policy nobody asks it. Pass it as `engine` to a SignedImagePolicy, without an `await` in between, or remove it.', smallPolicy],
  ['an exemption that brought its verifier', webhookEngine(defaultSettings), [EXEMPTION], { implicit: true },
    'only exemptions or deny lists such as agent use this verifier, and without a policy nobody asks it. Add a SignedImagePolicy to the stack, without an `await` in between, or remove them.', smallPolicy],
  ['an engine of the API server that nothing is given to', nativeEngine({ name: 'native' }), [], {},
    'no policy uses this engine, so it would refuse nothing. Pass it as `engine` to what it is to enforce, without an `await` in between, or remove it.', EXEMPTION],
])('%s is refused, and the message says what a program does about it', (_what, engine, documents, options, message, mended) => {
  expect(() => render(engine, documents, options)).toThrow(`[NOTHING_ENFORCED] engine: ${message}`);
  expect(() => render(engine, [...documents, mended], options)).not.toThrow();
});
