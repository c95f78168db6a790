import type { ResourceValidationArgs, ResourceValidationPolicy, StackValidationArgs, StackValidationPolicy } from '@pulumi/policy';
import { enforcementPolicies } from '../../lib/pulumi/policy';
import { STACKS } from './stacks';
import { register, Registration } from './world';

// The peers are large, and a busy machine loads them slowly.
jest.setTimeout(60_000);

const [ofResources, ofStack] = enforcementPolicies as [ResourceValidationPolicy, StackValidationPolicy];

/** What the pack says of one resource, before it is created or changed. */
function saidOf({ type, name, inputs }: Registration, opts: object = {}): string[] {
  const said: string[] = [];
  const ours = { ignoreChanges: [], aliases: [], additionalSecretOutputs: [], deleteBeforeReplace: true };
  const args = { type, name, urn: name, props: inputs, opts: { ...ours, ...opts } } as unknown as ResourceValidationArgs;
  (ofResources.validateResource as (args: ResourceValidationArgs, report: (message: string) => void) => void)(args, (message) => said.push(message));
  return said;
}

/** What it says of all of them, and of which. */
function saidOfAll(registered: readonly Registration[]): Array<readonly [message: string, urn: string | undefined]> {
  const said: Array<readonly [string, string | undefined]> = [];
  const args = { resources: registered.map(({ type, name, inputs }) => ({ type, name, urn: name, props: inputs })) } as unknown as StackValidationArgs;
  void ofStack.validateStack(args, (message, urn) => said.push([message, urn]));
  return said;
}

const quickstart = register(STACKS['quickstart'] as () => void);
const find = async (kind: string): Promise<Registration> => (await quickstart).find(({ type }) => type.endsWith(`:${kind}`)) as Registration;

test('both policies are mandatory', () => {
  expect(enforcementPolicies.map(({ enforcementLevel }) => enforcementLevel)).toEqual(['mandatory', 'mandatory']);
});

test.each(Object.entries(STACKS))('every resource of %s passes alone, and all pass together', async (_, program) => {
  const registered = await register(program);
  expect(registered.flatMap((resource) => saidOf(resource))).toEqual([]);
  expect(saidOfAll(registered)).toEqual([]);
});

test('a webhook configuration that fails open is refused alone and in company, by its URN', async () => {
  const webhook = await find('ValidatingWebhookConfiguration');
  const weak = { ...webhook, inputs: { ...webhook.inputs, webhooks: (webhook.inputs['webhooks'] as object[]).map((entry) => ({ ...entry, failurePolicy: 'Ignore' })) } };
  expect(saidOf(weak)).toEqual([expect.stringMatching(/^\[FAILURE_POLICY\] ValidatingWebhookConfiguration proofgate-verifier webhooks\[0\]\.failurePolicy: /)]);
  expect(saidOfAll([...(await quickstart).filter((resource) => resource !== webhook), weak])).toEqual([[expect.stringMatching(/^\[FAILURE_POLICY\]/), webhook.name]]);
});

test('what cannot be read yet counts as what is not wanted', async () => {
  const webhook = await find('ValidatingWebhookConfiguration');
  const unread = Object.defineProperty({}, 'failurePolicy', {
    enumerable: true,
    get: () => {
      throw new Error('string value at .webhooks.0.failurePolicy can\'t be known during preview');
    },
  });
  const entries = (webhook.inputs['webhooks'] as object[]).map((entry) => Object.defineProperties({ ...entry }, Object.getOwnPropertyDescriptors(unread)));
  expect(saidOf({ ...webhook, inputs: { ...webhook.inputs, webhooks: entries } })).toEqual([expect.stringMatching(/^\[FAILURE_POLICY\].*\(not known yet\)/)]);
});

test('a patch counts as the object that it patches', () => {
  const [said] = saidOf({
    type: 'kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfigurationPatch',
    name: 'beside',
    inputs: { metadata: { name: 'proofgate-verifier' }, webhooks: [{ name: 'validate-all.proofgate-verifier.proofgate.dev', failurePolicy: 'Ignore' }] },
  });
  expect(said).toMatch(/^\[FAILURE_POLICY\] ValidatingWebhookConfiguration proofgate-verifier/);
});

test('what is missing beside the others is refused in company', async () => {
  const budget = await find('PodDisruptionBudget');
  expect(saidOfAll((await quickstart).filter((resource) => resource !== budget))).toEqual([[expect.stringMatching(/^\[DISRUPTION_BUDGET\]/), (await find('Deployment')).name]]);
});

test('ignoreChanges is refused on an object of this library, and nobody else\'s', async () => {
  const opts = { ignoreChanges: ['spec'] };
  expect(saidOf(await find('Deployment'), opts)).toEqual([expect.stringMatching(/^\[IGNORED_CHANGES\] Deployment proofgate\/proofgate-verifier: .*spec/)]);
  expect(saidOf({ type: 'kubernetes:apps/v1:Deployment', name: 'shop', inputs: { metadata: { name: 'shop' } } }, opts)).toEqual([]);
});

test.each([[false], [undefined]])('deleteBeforeReplace %s is refused on what closes something, and not on what only runs', async (deleteBeforeReplace) => {
  const opts = { deleteBeforeReplace };
  expect(saidOf(await find('ValidatingWebhookConfiguration'), opts)).toEqual([expect.stringMatching(/^\[DELETED_AFTER_REPLACED\]/)]);
  expect(saidOf(await find('ValidatingAdmissionPolicy'), opts)).toEqual([expect.stringMatching(/^\[DELETED_AFTER_REPLACED\]/)]);
  const foreign = (apiVersion: string, kind: string): Parameters<typeof saidOf>[0] => ({ type: `kubernetes:${apiVersion}:${kind}`, name: 'images', inputs: { apiVersion, kind, metadata: { name: 'images' }, spec: {} } });
  for (const resource of [foreign('policies.kyverno.io/v1', 'ImageValidatingPolicy'), foreign('policy.sigstore.dev/v1alpha1', 'ClusterImagePolicy')]) {
    expect(saidOf(resource, opts)).toContainEqual(expect.stringMatching(/^\[DELETED_AFTER_REPLACED\]/));
    expect(saidOf(resource, { deleteBeforeReplace: true })).not.toContainEqual(expect.stringMatching(/^\[DELETED_AFTER_REPLACED\]/));
  }
  expect(saidOf(await find('NetworkPolicy'), opts)).toEqual([]);
});

test('an exception from a policy of Kyverno about images is refused alone and in company, and one from another policy is not', async () => {
  const registered = await register(STACKS['kyverno-engine'] as () => void);
  const policy = registered.find(({ type }) => type.endsWith(':ImageValidatingPolicy'));
  const exception = (kind: string, name: unknown): Registration => ({
    type: 'kubernetes:policies.kyverno.io/v1:PolicyException', name: 'exception', inputs: { metadata: { name: 'night-shift', namespace: 'team' }, spec: { policyRefs: [{ kind, name }] } },
  });
  const [ours, another] = [exception('ImageValidatingPolicy', (policy?.inputs['metadata'] as { name: string }).name), exception('ValidatingPolicy', 'labels')];
  expect([saidOf(ours), saidOfAll([...registered, ours])]).toEqual([
    [expect.stringMatching(/^\[KYVERNO_EXCEPTIONS\] PolicyException team\/night-shift spec\.policyRefs: /)], [[expect.stringMatching(/^\[KYVERNO_EXCEPTIONS\]/), 'exception']],
  ]);
  expect([saidOf(another), saidOfAll([...registered, another])]).toEqual([[], []]);
});

test('a resource of another provider is nobody\'s business', () => {
  expect(saidOf({ type: 'aws:s3/bucket:Bucket', name: 'bucket', inputs: { failurePolicy: 'Ignore' } })).toEqual([]);
});
