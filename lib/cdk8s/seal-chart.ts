import { Chart } from 'cdk8s';
import { describeRefusal, Refusal, refuseAny } from './refusal';

type Judge = (manifests: readonly unknown[]) => Refusal[];

/** Charts that are sealed, each with those who judge what it writes. */
const seals = new WeakMap<Chart, Judge[]>();

/** Sealed charts whose `toJson` runs right now: their judges are still to be heard. */
const running = new WeakSet<Chart>();

/**
 * Has what a chart writes judged once more before it leaves the chart, whatever a subclass does in its own `toJson`.
 *
 * The caller gets a copy of what was judged. Where `toJson` cannot be redefined, as for a method overridden in another language, the chart is
 * refused.
 */
export function sealChart(chart: Chart, judge: Judge): void {
  const known = seals.get(chart);
  if (known !== undefined) {
    known.push(judge);
    return;
  }
  const judges = [judge];
  seals.set(chart, judges);
  if (Object.getOwnPropertyDescriptor(chart, 'toJson')?.configurable === false) {
    chart.node.addValidation({ validate: () => [describeRefusal(overridden(chart))] });
    return;
  }
  const render = chart.toJson.bind(chart);
  Object.defineProperty(chart, 'toJson', { value: () => judgedCopy(chart, render, judges) });
}

/** Whether what is rendered now is going to be judged as a whole when it leaves the chart. */
export function isBeingWritten(chart: Chart): boolean {
  return running.has(chart);
}

function judgedCopy(chart: Chart, render: () => unknown, judges: readonly Judge[]): unknown[] {
  running.add(chart);
  try {
    const written = JSON.parse(JSON.stringify(render())) as unknown[];
    refuseAny(judges.flatMap((judge) => judge(written)));
    return written;
  } finally {
    running.delete(chart);
  }
}

function overridden(chart: Chart): Refusal {
  return {
    code: 'OVERRIDDEN',
    path: chart.node.path,
    problem: 'toJson of this chart is overridden in a way that cannot be judged',
    remedy: 'Do not override toJson in a chart that holds a verifier; change objects with patches.',
  };
}
