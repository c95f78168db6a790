import { Writable } from 'node:stream';
import { AdmissionAnswer } from '../../../lib/verifier/admission/response';
import { createLog, logDecision } from '../../../lib/verifier/observe/log';
import { AnsweredReview } from '../../../lib/verifier/server/webhook';

/** What the log says of a review that was to be pinned. */
async function lineOf(answer: AdmissionAnswer): Promise<object> {
  let text = '';
  const output = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  const request = { uid: 'u', operation: 'CREATE', kind: { kind: 'Pod' }, subResource: '', namespace: 'shop', name: 'api', dryRun: false };
  logDecision(createLog(output), { path: '/mutate', request, answer, milliseconds: 1 } as unknown as AnsweredReview);
  await new Promise((resolve) => setImmediate(resolve));
  return JSON.parse(text) as object;
}

test('what could not be pinned is logged with why, which controllers tell nobody', async () => {
  const warning = 'proofgate: [REGISTRY_UNAVAILABLE] reg.test/app:v1 could not be pinned: no whole answer from reg.test (ENOTFOUND)';
  expect(await lineOf({ allowed: true, warnings: [warning], patch: [] })).toMatchObject({ event: 'decision', allowed: true, warnings: [warning] });
});

test('what was pinned is logged by its new name, without warnings', async () => {
  const line = await lineOf({ allowed: true, warnings: [], patch: [{ op: 'replace', path: '/spec/containers/0/image', value: 'reg.test/app:v1@sha256:00' }] });
  expect(line).toMatchObject({ pinned: ['reg.test/app:v1@sha256:00'] });
  expect(line).not.toHaveProperty('warnings');
});
