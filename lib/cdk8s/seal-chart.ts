import { Chart } from 'cdk8s';
import { describeRefusal, Refusal } from '../authoring/refusal';
import { judgedCopy, overridden } from './seal';

const sealed = new WeakSet<Chart>();

/** Sealed charts whose `toJson` runs right now: their judges are still to be heard. */
const running = new WeakSet<Chart>();

/**
 * Has what a verifier's chart writes judged once more before it leaves the chart, whatever a subclass does in its own `toJson`, for good.
 *
 * The caller gets a copy of what was judged. Where `toJson` cannot be redefined, as for a method overridden in another language, the chart is
 * refused.
 */
export function sealChart(chart: Chart, judge: (values: readonly unknown[]) => Refusal[]): void {
  if (sealed.has(chart)) {
    return;
  }
  sealed.add(chart);
  if (Object.getOwnPropertyDescriptor(chart, 'toJson')?.configurable === false) {
    chart.node.addValidation({ validate: () => [describeRefusal(overridden(chart.node.path))] });
    return;
  }
  const render = chart.toJson.bind(chart);
  const write = (): unknown[] => {
    running.add(chart);
    try {
      return judgedCopy(chart, render, judge);
    } finally {
      running.delete(chart);
    }
  };
  Object.defineProperty(chart, 'toJson', { value: write });
}

export function isSealed(chart: Chart): boolean {
  return sealed.has(chart);
}

/** Whether what is rendered now is going to be judged as a whole when it leaves the chart. */
export function isBeingWritten(chart: Chart): boolean {
  return running.has(chart);
}
