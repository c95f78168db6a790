import { AssertionError } from 'node:assert';
import type { ApiAnswer, KubernetesObject } from './api';

/** The stored object of a request that has to be admitted. @throws AssertionError with the refusal */
export function expectAdmitted(answer: ApiAnswer): KubernetesObject {
  if (answer.status >= 300) {
    throw new AssertionError({ message: 'the request was to be admitted', expected: 'HTTP 200 or 201', actual: seen(answer) });
  }
  return answer.object;
}

/**
 * Checks that admission refused a request, for a reason that is part of the message the user reads.
 *
 * @param reason text of the message, such as a reason code or the name of the webhook
 * @throws AssertionError with what happened instead
 */
export function expectDenied(answer: ApiAnswer, reason: string): void {
  if (answer.status < 400 || !answer.message.includes(reason)) {
    throw new AssertionError({ message: 'the request was to be denied', expected: `a refusal that contains ${reason}`, actual: seen(answer) });
  }
}

function seen(answer: ApiAnswer): string {
  return answer.message ? `HTTP ${answer.status}: ${answer.message}` : `HTTP ${answer.status}`;
}
