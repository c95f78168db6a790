import * as pulumi from '@pulumi/pulumi';
import { KeylessAttestor, SignedImagePolicy, WebhookVerifier } from '../../lib/pulumi';
import { messageOf } from '../cdk8s/tree';
import { objects, register } from './world';

// The peers are large, and a busy machine loads them slowly.
jest.setTimeout(60_000);

const policy = (images: unknown, engine?: () => WebhookVerifier): SignedImagePolicy => new SignedImagePolicy('payments', {
  images: images as string[],
  attestors: [new KeylessAttestor('release', { issuer: 'https://id.acme.example', subject: 'release@acme.example' })],
  ...(engine === undefined ? {} : { engine: engine() }),
});

const verifier = (): WebhookVerifier => new WebhookVerifier('verifier');

test.each<[string, (pattern: string) => unknown]>([
  ['an output', (pattern) => pulumi.output(pattern)],
  ['a secret', (pattern) => pulumi.secret(pattern)],
  ['a text made of outputs', (pattern) => pulumi.interpolate`${pattern}`],
])('%s is called an Output of Pulumi, and the message says where its value can be used', async (_, make) => {
  let message = '';
  const log = jest.spyOn(pulumi.log, 'error').mockImplementation(async () => undefined);
  await register(() => {
    message = messageOf(() => policy([make('ghcr.io/acme/payments/**')]));
  });
  log.mockRestore();
  expect(message).toMatch(/^\[UNRESOLVED_VALUE\] payments: images\[0\] is an Output of Pulumi, which has no value yet\. Write the value out: .*`new pulumi\.Config\(\)`.*`apply`/);
});

test('a policy that is made in an apply, with its attestors and its engine, is enforced', async () => {
  const registered = await register(() => {
    pulumi.output('ghcr.io/acme/payments/**').apply((pattern) => policy([pattern], verifier));
  });
  const plain = await register(() => void policy(['ghcr.io/acme/payments/**'], verifier));
  expect(objects(registered)).toEqual(objects(plain));
  expect(JSON.stringify(objects(registered))).toContain('ghcr.io/acme/payments/**');
});
