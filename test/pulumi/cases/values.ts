import assert from 'node:assert';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { KeylessAttestor, SignedImagePolicy } from '../../../lib/pulumi';
import { Check, release } from './scene';

/** Values that are none: what decides enforcement is plain, known in every preview, and said in full. */
export async function valueCases(check: Check): Promise<void> {
  const policy = (images: unknown): void => void new SignedImagePolicy('payments', { images: images as string[], attestors: [release()] });
  const missing: string | undefined = undefined;
  const output = (): pulumi.Output<string> => new k8s.core.v1.ConfigMap('source', { metadata: { name: 'source' } }).metadata.name;

  const refused: ReadonlyArray<readonly [claim: string, said: RegExp, program: () => void]> = [
    ['an image that is an output', /\[UNRESOLVED_VALUE\] payments: images\[0\] is /, () => policy([pulumi.interpolate`ghcr.io/${output()}/**`])],
    ['images that are an output', /\[UNRESOLVED_VALUE\] payments: images is /, () => policy(pulumi.output(['ghcr.io/acme/**']))],
    ['an image that is a secret', /\[UNRESOLVED_VALUE\] payments: images\[0\] is /, () => policy([pulumi.secret('ghcr.io/acme/**')])],
    ['an image that is a promise', /\[UNRESOLVED_VALUE\] payments: images\[0\] is a Promise/, () => policy([Promise.resolve('ghcr.io/acme/**')])],
    ['an output in the middle of a text', /\[INVALID_INPUT\] payments: images\[0\] contains "[^"]*toString[^"]*": a value was not known/, () => policy([`ghcr.io/${output() as unknown as string}/**`])],
    ['undefined in the middle of a text', /\[INVALID_INPUT\] payments: images\[0\] contains "\/undefined\/": a value was not known/, () => policy([`ghcr.io/${String(missing)}/**`])],
    ['undefined in an identity', /\[INVALID_INPUT\] release: [^\n]*contains "\/undefined[^"]*": a value was not known/, () => {
      KeylessAttestor.githubWorkflow('release', { repository: `acme/${String(missing)}`, workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
    }],
  ];
  for (const [claim, said, program] of refused) {
    await check(`refused in preview and update: ${claim}`, async (scene) => {
      await scene.refuses('preview', said, program);
      const operations = await scene.refuses('up', said, program);
      assert.deepEqual(operations.filter(({ name }) => name !== 'source'), []);
    });
  }

  await check('the same in full, and with nothing in its place, is sound', async (scene) => {
    await scene.does('preview', () => policy([`ghcr.io/${'acme'}/**`]));
  });
}
