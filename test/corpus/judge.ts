import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Verdict } from '../../lib/decide/verdict';
import { parseDocument } from '../../lib/policy/validate';
import { withFreshJudge } from '../support/fresh-judge';
import { CorpusPolicy, documentOf } from './policy';

/** An image of the corpus, and what policies say about it. */
export interface Case {
  readonly id: string;
  readonly checks: ReadonlyArray<{ readonly name: string; readonly expect: 'pass' | 'fail'; readonly why: string; readonly image: string; readonly policy: CorpusPolicy }>;
}

export const DATA = join(__dirname, 'data');

export const CASES = (JSON.parse(readFileSync(join(DATA, 'corpus.json'), 'utf8')) as { cases: Case[] }).cases;

/** With a fresh verifier, the way a request is; only the threads are left out. */
export function judge(host: string, image: string, policy: CorpusPolicy): Promise<Verdict> {
  const documents = [parseDocument(documentOf(policy, host, DATA))];
  const trustRoots = [{ name: 'corpus', json: readFileSync(join(DATA, 'trust', policy.trustedRoot), 'utf8') }];
  return withFreshJudge({ documents, trustRoots, hosts: [host] }, async (ask) => (await ask({ reference: `${host}/${image}`, namespace: { name: 'default' } })).verdict);
}
