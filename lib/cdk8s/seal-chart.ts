import { Chart } from 'cdk8s';
import { describeRefusal, Refusal, refuseAny } from './refusal';

/** Charts that are sealed, each with those who judge what it writes. */
const seals = new WeakMap<Chart, ((manifests: readonly unknown[]) => Refusal[])[]>();

/**
 * Has what a chart writes judged once more before it leaves the chart, whatever a subclass does in its own `toJson`.
 *
 * The caller gets a copy of what was judged. Where `toJson` cannot be redefined, as for a method overridden in another language, the chart is
 * refused.
 */
export function sealChart(chart: Chart, judge: (manifests: readonly unknown[]) => Refusal[]): void {
  const judges = seals.get(chart);
  if (judges) {
    judges.push(judge);
    return;
  }
  const all = [judge];
  seals.set(chart, all);
  const render = chart.toJson.bind(chart);
  if (Object.getOwnPropertyDescriptor(chart, 'toJson')?.configurable === false) {
    const refusal = overridden(chart);
    chart.node.addValidation({ validate: () => [describeRefusal(refusal)] });
    return;
  }
  Object.defineProperty(chart, 'toJson', {
    value: () => {
      const written = JSON.parse(JSON.stringify(render())) as unknown[];
      refuseAny(all.flatMap((one) => one(written)));
      return written;
    },
  });
}

function overridden(chart: Chart): Refusal {
  return {
    code: 'OVERRIDDEN',
    path: chart.node.path,
    problem: 'toJson of this chart is overridden in a way that cannot be judged',
    remedy: 'Do not override toJson in a chart that holds a verifier; change objects with patches.',
  };
}
