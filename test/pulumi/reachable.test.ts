import { KeylessAttestor, SignedImagePolicy, WebhookVerifier } from '../../lib/pulumi';
import { Declarations } from '../../lib/pulumi/declarations';
import { Enforcement } from '../../lib/pulumi/enforcement';
import { reachable } from '../support/reachable';
import { register } from './world';

test('nothing that a program holds leads to what judges it', async () => {
  const found = new Set<object>();
  const held: object[] = [];
  await register(() => {
    const engine = new WebhookVerifier('verifier');
    const attestors = [new KeylessAttestor('release', { issuer: 'https://id.acme.example', subject: 'release@acme.example' })];
    held.push(engine, new SignedImagePolicy('payments', { images: ['ghcr.io/acme/**'], attestors, engine }), ...attestors);
    held.flatMap((each) => [...reachable(each)]).forEach((each) => found.add(each));
  });
  const judges = [Enforcement, Declarations];
  expect([held.every((each) => found.has(each)), judges.some((judge) => found.has(judge) || found.has(judge.prototype as object))]).toEqual([true, false]);
});
