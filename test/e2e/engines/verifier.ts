import { parseDocument } from '../../../lib/policy/validate';
import { withFreshJudge } from '../../support/fresh-judge';
import type { Answer, JudgingEngine, Question } from './engine';
import { isAllowedIn } from './pod';

/** The bundled verifier's judgement of every image of a Pod, with a fresh verifier each time. */
export function verifier(hosts: readonly string[]): JudgingEngine {
  return { id: 'webhook', title: 'the bundled verifier', judge: (question) => judge(question, hosts) };
}

function judge({ policy, pod, trustedRoot }: Question, hosts: readonly string[]): Promise<Answer> {
  const trustRoots = trustedRoot === undefined ? [] : [{ name: 'test', json: trustedRoot }];
  return withFreshJudge({ documents: [parseDocument(policy)], trustRoots, hosts }, (ask) => isAllowedIn(pod, async (reference, namespace) => {
    const { verdict } = await ask({ reference, namespace });
    return { allowed: verdict.allowed, why: verdict.reasons.map(({ code }) => code).join(', ') };
  }));
}
