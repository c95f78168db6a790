import { parseDocument } from '../../../lib/policy/validate';
import { policySet } from '../../../lib/policy/policy-set';
import { startDeadline } from '../../../lib/verifier/deadline';
import { Gate } from '../../../lib/verifier/gate';
import { ImageJudge } from '../../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../../lib/verifier/judge/verdict-cache';
import { OciRegistry } from '../../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { ownReaders } from '../../support/readers';
import { fixedTrust } from '../../support/trust';
import type { Answer, JudgingEngine, Question } from './engine';
import { isAllowedIn } from './pod';

/** The bundled verifier's judgement of every image of a Pod, with a fresh verifier each time. */
export function verifier(hosts: readonly string[]): JudgingEngine {
  return { id: 'webhook', title: 'the bundled verifier', judge: (question) => judge(question, hosts) };
}

async function judge({ policy, pod, trustedRoot }: Question, hosts: readonly string[]): Promise<Answer> {
  const store = new TrustStore(trustedRoot === undefined ? [] : [{ name: 'test', json: trustedRoot }]);
  const client = new OciRegistry(new Map(hosts.map((host) => [host, { plainHttp: true }])));
  const judging = new ImageJudge({
    set: policySet([parseDocument(policy)]),
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
    return await isAllowedIn(pod, async (reference, namespace) => {
      const { verdict } = await judging.judge({ reference, namespace, tags: 'resolve', policies: 'all', remember: false }, deadline);
      return { allowed: verdict.allowed, why: verdict.reasons.map(({ code }) => code).join(', ') };
    });
  } finally {
    deadline.done();
    client.close();
  }
}
