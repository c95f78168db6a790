import { Writable } from 'node:stream';
import pino, { Logger } from 'pino';
import { AnsweredReview } from '../server/webhook';
import { TrustEvent } from '../trust/refreshed-root';

export type { Logger } from 'pino';

/**
 * JSON lines, one object each; `time` in milliseconds since the epoch, `level` as a word.
 *
 * What is logged in one turn of the event loop is written at its end, in one piece: a line costs no system call of its own.
 */
export function createLog(destination: Writable): Logger {
  let lines = '';
  const flush = (): void => {
    destination.write(lines);
    lines = '';
  };
  const write = (line: string): void => {
    if (lines === '') {
      setImmediate(flush);
    }
    lines += line;
  };
  return pino({ base: null, formatters: { level: (label) => ({ level: label }) } }, { write });
}

/** What became of a trust root: louder the closer it is to its end. */
export function logTrust(log: Logger, event: TrustEvent): void {
  if (event.event === 'trust-root-refreshed') {
    log.info(event);
  } else if (event.endsSoon) {
    log.error(event);
  } else {
    log.warn(event);
  }
}

/**
 * One line per image and review: what was asked, what was answered, why, and under which policy set.
 *
 * Holds no credential, token, registry body or environment; `proof` names the evidence of an allow by digest.
 */
export function logDecision(log: Logger, event: AnsweredReview): void {
  const { request, answer, judged } = event;
  const common = {
    event: 'decision',
    path: event.path,
    uid: request.uid,
    operation: request.operation,
    kind: request.kind.kind,
    ...(request.subResource === '' ? {} : { subResource: request.subResource }),
    namespace: request.namespace,
    name: request.name,
    ...(request.dryRun ? { dryRun: true } : {}),
    milliseconds: Math.round(event.milliseconds * 100) / 100,
  };
  for (const { verdict, source, fields } of judged?.images ?? []) {
    log.info({
      ...common,
      image: verdict.image,
      fields: fields.slice(0, 10),
      allowed: verdict.allowed,
      source,
      policies: verdict.policies,
      ...(verdict.reasons.length === 0 ? {} : { reasons: verdict.reasons }),
      ...(verdict.warnings.length === 0 ? {} : { warnings: verdict.warnings }),
      ...(verdict.proof.length === 0 ? {} : { proof: verdict.proof }),
      policyDigest: verdict.policyDigest,
    });
  }
  if (judged === undefined || judged.refusal !== undefined) {
    const { patch = [], warnings = [], message } = answer;
    const pinned = patch.map((operation) => operation.value);
    log.info({
      ...common,
      allowed: answer.allowed,
      ...(pinned.length === 0 ? {} : { pinned }),
      // Why something was not pinned is told to who asked, and controllers pass on no warnings.
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(message === undefined ? {} : { message }),
    });
  }
}
