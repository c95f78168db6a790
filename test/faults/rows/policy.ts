import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { creation } from '../reviews';
import { faultRow, ProcessRow } from '../row';
import { Stage } from '../stage';

/** What becomes of the file, and whether a verifier that is started then comes up. */
const CHANGES: readonly { readonly name: string; readonly what: string; readonly change: (stage: Stage) => void; readonly complains: RegExp }[] = [
  { name: 'policy-deleted', what: 'deleted', change: (stage) => rmSync(join(stage.folder, 'policy.json')), complains: /cannot be read/ },
  { name: 'policy-emptied', what: 'emptied', change: (stage) => stage.write('policy.json', ''), complains: /holds no policy/ },
  { name: 'policy-cut', what: 'cut off in the middle', change: (stage) => stage.write('policy.json', JSON.stringify(stage.policy()).slice(0, 150)), complains: /policy\.json/ },
  {
    name: 'policy-replaced',
    what: 'replaced by an earlier, laxer one',
    change: (stage) => stage.write('policy.json', JSON.stringify(stage.policy()).replace('"issuer":"https://token.actions.githubusercontent.com"', '"issuer":"https://elsewhere.test"')),
    complains: /not what this verifier was rendered for/,
  },
];

/** The policy that is mounted changes under running verifiers, which are rendered for the digest of the one before. */
export const policyRows: readonly ProcessRow[] = CHANGES.map(({ name, what, change, complains }) => faultRow({
  name,
  what: `the policy's file is ${what} under running verifiers, and one more verifier is started with it`,
  expected: 'those that run go on with what they have read; the new one says why and does not start, so that nothing is answered by it',
}, {}, async (stage) => {
  const digest = /"policyDigest":"(sha256:[0-9a-f]{64})"/.exec(stage.verifiers[0]?.log() ?? '')?.[1] ?? '';
  const failures: string[] = [];
  let said = '';
  await stage.suffer({
    begin: async () => {
      change(stage);
      said = await stage.startReplica({}, ['--policy-digest', digest]).then(async (started) => {
        failures.push(`a verifier started with it, and answers ${await stage.askerOf(started).ask(creation(stage.unsigned()))} to an image that nobody signed`);
        return '';
      }, (error: Error) => error.message);
    },
    end: () => stage.write('policy.json', stage.policy()),
  }, 1_500);
  return { notes: [`it says: ${said.replace(/[\s\S]* did not start: /, '').replaceAll(stage.folder, '…').trim().replace(/\s+/g, ' ').slice(0, 200)}`], failures: [...failures, ...(complains.test(said) ? [] : ['it does not say why'])] };
}));
