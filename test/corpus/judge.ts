import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Verdict } from '../../lib/decide/verdict';
import { policySet } from '../../lib/policy/policy-set';
import { parseDocument } from '../../lib/policy/validate';
import { startDeadline } from '../../lib/verifier/deadline';
import { Gate } from '../../lib/verifier/gate';
import { ImageJudge } from '../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../lib/verifier/judge/verdict-cache';
import { OciRegistry } from '../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../lib/verifier/sigstore/verify-evidence';
import { ownReaders } from '../support/readers';
import { fixedTrust } from '../support/trust';
import { CorpusPolicy, documentOf } from './policy';

/** An image of the corpus, and what policies say about it. */
export interface Case {
  readonly id: string;
  readonly checks: ReadonlyArray<{ readonly name: string; readonly expect: 'pass' | 'fail'; readonly why: string; readonly image: string; readonly policy: CorpusPolicy }>;
}

export const DATA = join(__dirname, 'data');

export const CASES = (JSON.parse(readFileSync(join(DATA, 'corpus.json'), 'utf8')) as { cases: Case[] }).cases;

/** With a fresh verifier, the way a request is; only the threads are left out. */
export async function judge(host: string, image: string, policy: CorpusPolicy): Promise<Verdict> {
  const store = new TrustStore([{ name: 'corpus', json: readFileSync(join(DATA, 'trust', policy.trustedRoot), 'utf8') }]);
  const client = new OciRegistry(new Map([[host, { plainHttp: true }]]));
  const judging = new ImageJudge({
    set: policySet([parseDocument(documentOf(policy, host, DATA))]),
    readers: ownReaders(client),
    trust: fixedTrust({ verify: (bundles, _digest, attestors) => Promise.resolve(verifyEvidence(bundles, attestors, store)) }),
    cache: new VerdictCache(),
    gate: new Gate(),
    budget: 30_000,
    now: Date.now,
    unexpected: (error) => {
      throw error;
    },
  });
  const deadline = startDeadline(30_000);
  try {
    const { verdict } = await judging.judge({ reference: `${host}/${image}`, namespace: { name: 'default' }, tags: 'resolve', policies: 'all', remember: false }, deadline);
    return verdict;
  } finally {
    deadline.done();
    client.close();
  }
}
