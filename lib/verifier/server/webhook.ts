import { IncomingMessage, ServerResponse } from 'node:http';
import { ReasonCode, REASONS } from '../../decide/reason';
import { judgeReview, JudgedReview, ReviewJudgeParts } from '../admission/judge-review';
import { observe, observeAnswer } from '../admission/observe';
import { pinReview } from '../admission/pin-review';
import { AdmissionAnswer, writeReview } from '../admission/response';
import { AdmissionRequest, parseReview, ReviewError } from '../admission/review';
import { atLast, RunningDeadline, startDeadline } from '../deadline';
import { VerifierError } from '../ports';
import { AnswerBatch } from './answer-batch';
import { BodyError, readBody } from './body';
import { BodyBudget } from './body-budget';

/** The three endpoints that the API server calls. */
export type WebhookPath = '/validate' | '/audit' | '/mutate';

/** Told of every answer: for the decision log and the metrics. */
export interface WebhookObserver {
  answered(event: AnsweredReview): void;
  /** The body was no review: answered with an HTTP error, which the API server takes as a failure. */
  rejected(path: WebhookPath, status: number, message: string): void;
  unexpected(error: unknown): void;
}

export interface AnsweredReview {
  readonly path: WebhookPath;
  readonly request: AdmissionRequest;
  readonly answer: AdmissionAnswer;
  readonly judged?: JudgedReview;
  readonly milliseconds: number;
}

export interface WebhookParts extends ReviewJudgeParts {
  readonly observer: WebhookObserver;
  /** Milliseconds for one review, below the webhook's timeoutSeconds. */
  readonly deadline: number;
}

/**
 * Answers admission reviews: whatever happens underneath, a readable review is answered with HTTP 200, its own uid and a
 * verdict before the deadline; an error of any kind is a refusal with a reason.
 */
export class Webhook {
  private inWork = 0;
  private readonly bodies = new BodyBudget();
  private readonly answers = new AnswerBatch();

  constructor(private readonly parts: WebhookParts) {}

  /** Reviews that are being judged now. */
  get busy(): number {
    return this.inWork;
  }

  async handle(path: WebhookPath, message: IncomingMessage, reply: ServerResponse): Promise<void> {
    const start = performance.now();
    const deadline = startDeadline(this.parts.deadline);
    const share = this.bodies.start();
    let judging = 0;
    try {
      const body = await readBody(message, share);
      await share.turn();
      // Counted from here on: whoever sends a body slowly takes no place from those whose body is there.
      judging = 1;
      this.inWork += judging;
      const request = parseReview(body);
      const { answer, judged } = await this.answer(path, request, deadline);
      const text = writeReview(request.uid, answer);
      await this.answers.add(() => send(reply, 200, 'application/json', text));
      this.parts.observer.answered({ path, request, answer, ...(judged === undefined ? {} : { judged }), milliseconds: performance.now() - start });
    } catch (error) {
      const status = error instanceof BodyError ? error.status : error instanceof ReviewError ? 400 : 500;
      const text = error instanceof BodyError || error instanceof ReviewError ? error.message : 'internal error';
      if (status === 500) {
        this.parts.observer.unexpected(error);
      }
      this.parts.observer.rejected(path, status, text);
      reply.setHeader('connection', 'close');
      send(reply, status, 'text/plain; charset=utf-8', `${text}\n`);
    } finally {
      this.inWork -= judging;
      share.end();
      // Whatever still waits under it waits for nobody.
      deadline.abandon();
    }
  }

  private async answer(path: WebhookPath, request: AdmissionRequest, deadline: RunningDeadline): Promise<Answered> {
    const answered = await this.judge(path, request, deadline);
    if (path !== '/audit' || answered.answer.allowed || this.binds(request)) {
      return answered;
    }
    // A window promises that nothing is refused before its end, by whatever went wrong.
    const { answer, judged } = answered;
    const observed = judged === undefined ? undefined : observe(judged);
    return observed === undefined ? { answer: observeAnswer(answer) } : { answer: observed.answer, judged: observed };
  }

  private binds(request: AdmissionRequest): boolean {
    try {
      return this.parts.images.refusalBinds(this.parts.namespaces.contextOf(request.namespace));
    } catch (error) {
      this.parts.observer.unexpected(error);
      return true;
    }
  }

  private async judge(path: WebhookPath, request: AdmissionRequest, deadline: RunningDeadline): Promise<Answered> {
    try {
      if (path === '/mutate') {
        return { answer: await atLast(deadline, pinReview(this.parts, request, deadline)) };
      }
      const judged = await atLast(deadline, judgeReview(this.parts, request, path === '/validate' ? 'enforce' : 'audit', deadline));
      return { answer: judged.answer, judged };
    } catch (error) {
      if (error instanceof VerifierError) {
        return { answer: refusal(path, error.code, error.message) };
      }
      this.parts.observer.unexpected(error);
      return { answer: refusal(path, 'INTERNAL', 'the verifier failed unexpectedly; its log says how') };
    }
  }
}

interface Answered {
  readonly answer: AdmissionAnswer;
  readonly judged?: JudgedReview;
}

/** The pinning entry never refuses: the validating one judges what is left. */
function refusal(path: WebhookPath, code: ReasonCode, message: string): AdmissionAnswer {
  const line = `[${code}] ${message}. ${REASONS[code].remedy}`;
  return path === '/mutate' ? { allowed: true, warnings: [`proofgate: ${line}`.slice(0, 256)] } : { allowed: false, message: line, auditAnnotations: { reasons: code } };
}

export function send(reply: ServerResponse, status: number, type: string, body: string): void {
  if (reply.destroyed || reply.headersSent) {
    return;
  }
  reply.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  reply.end(body);
}
