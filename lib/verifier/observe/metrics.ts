import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { REASONS } from '../../decide/reason';
import { AnsweredReview } from '../server/webhook';

export interface MetricsSources {
  readonly policyDigest: string;
  readonly cachedVerdicts: () => number;
  readonly busy: () => number;
  /** End of the serving certificate, in seconds since the epoch; `undefined` while there is none. */
  readonly certificateEnds: () => number | undefined;
  /** Differences between the webhook configurations and what was synthesized; `undefined` where nobody looks. */
  readonly drift: () => number | undefined;
  /** Trust roots that are refreshed; times in seconds since the epoch. */
  readonly trustRoots: () => ReadonlyArray<{ readonly name: string; readonly ends: number | undefined; readonly refreshed: number | undefined }>;
}

/** Prometheus metrics; no label ever holds an image, a namespace or anything else that a request chooses. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly reviews: Counter<'path' | 'allowed'>;
  private readonly verdicts: Counter<'result' | 'source'>;
  private readonly reasons: Counter<'code' | 'effect'>;
  private readonly rejected: Counter<'path' | 'status'>;
  private readonly unexpected: Counter;
  private readonly seconds: Histogram<'path'>;

  constructor(sources: MetricsSources) {
    const registers = [this.registry];
    this.reviews = new Counter({ registers, name: 'proofgate_reviews_total', help: 'Admission reviews answered.', labelNames: ['path', 'allowed'] });
    this.verdicts = new Counter({ registers, name: 'proofgate_verdicts_total', help: 'Images judged, by result and by where the answer came from.', labelNames: ['result', 'source'] });
    this.reasons = new Counter({ registers, name: 'proofgate_reasons_total', help: 'Reasons given, by code; effect tells a refusal from a warning.', labelNames: ['code', 'effect'] });
    // A counter that begins with its first event shows no increase: all that can come is there from the start.
    Object.keys(REASONS).forEach((code) => ['refused', 'warned'].forEach((effect) => this.reasons.inc({ code, effect }, 0)));
    this.rejected = new Counter({ registers, name: 'proofgate_rejected_requests_total', help: 'Requests that were no admission review.', labelNames: ['path', 'status'] });
    this.unexpected = new Counter({ registers, name: 'proofgate_unexpected_errors_total', help: 'Errors of the verifier itself.' });
    this.seconds = new Histogram({
      registers,
      name: 'proofgate_review_seconds',
      help: 'Time from the first byte of a review to its answer.',
      labelNames: ['path'],
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    });
    new Gauge({ registers, name: 'proofgate_policy_info', help: 'Always 1; the label names the policy set in force.', labelNames: ['digest'] }).set({ digest: sources.policyDigest }, 1);
    gauge(registers, 'proofgate_cached_verdicts', 'Allows that are remembered.', sources.cachedVerdicts);
    gauge(registers, 'proofgate_reviews_in_work', 'Reviews that are being judged.', sources.busy);
    gauge(registers, 'proofgate_serving_certificate_end_seconds', 'When the serving certificate ends, in seconds since the epoch.', sources.certificateEnds);
    gauge(registers, 'proofgate_webhook_configuration_drift', 'Differences between the webhook configurations and what was synthesized.', sources.drift);
    byRoot(registers, 'proofgate_trust_root_end_seconds', 'When the metadata of a fetched trust root ends, in seconds since the epoch; 0 while there is none.',
      () => sources.trustRoots().map(({ name, ends }) => [name, ends ?? 0]));
    byRoot(registers, 'proofgate_trust_root_refreshed_seconds', 'When a trust root was last refreshed, in seconds since the epoch; 0 for never.',
      () => sources.trustRoots().map(({ name, refreshed }) => [name, refreshed ?? 0]));
    collectDefaultMetrics({ register: this.registry });
  }

  answered(event: AnsweredReview): void {
    this.reviews.inc({ path: event.path, allowed: String(event.answer.allowed) });
    this.seconds.observe({ path: event.path }, event.milliseconds / 1000);
    for (const { verdict, source } of event.judged?.images ?? []) {
      this.verdicts.inc({ result: verdict.allowed ? 'allowed' : 'denied', source });
      verdict.reasons.forEach(({ code }) => this.reasons.inc({ code, effect: 'refused' }));
      verdict.warnings.forEach(({ code }) => this.reasons.inc({ code, effect: 'warned' }));
    }
    if (event.judged?.refusal !== undefined) {
      this.reasons.inc({ code: event.judged.refusal.code, effect: event.answer.allowed ? 'warned' : 'refused' });
    }
  }

  reject(path: string, status: number): void {
    this.rejected.inc({ path, status: String(status) });
  }

  failUnexpectedly(): void {
    this.unexpected.inc();
  }

  page(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Names of trust roots are those of policies: few, and chosen by nobody who asks. */
function byRoot(registers: Registry[], name: string, help: string, read: () => Array<[name: string, value: number]>): void {
  new Gauge({
    registers,
    name,
    help,
    labelNames: ['trust_root'],
    collect() {
      read().forEach(([root, value]) => this.set({ trust_root: root }, value));
    },
  });
}

/** What is not known has no value: 0 would say that all is well. */
function gauge(registers: Registry[], name: string, help: string, read: () => number | undefined): void {
  new Gauge({
    registers,
    name,
    help,
    collect() {
      const value = read();
      if (value === undefined) {
        this.remove();
      } else {
        this.set(value);
      }
    },
  });
}
