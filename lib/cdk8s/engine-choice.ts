import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { refuseInput } from '../authoring/input';
import { enforcementOf } from './enforcement';
import { PolicyEngine } from './policy-engine';
import { EnforcementRoll } from './roll';
import { WebhookVerifier } from './webhook-verifier';

/** Id of the verifier that a chart's first policy brings. */
const IMPLICIT_ID = 'proofgate-verifier';

/** The engine for a policy or exemption: the one it names, else the bundled verifier of its chart, made now if the chart has none. */
export function engineFor(construct: Construct, named: PolicyEngine | undefined): PolicyEngine {
  const path = construct.node.path;
  if (named !== undefined) {
    if (named.node.root !== construct.node.root) {
      refuseInput(path, '`engine` is in another App, so this policy would not be written with it', 'Make both in one App.');
    }
    return named;
  }
  const chart = chartOf(construct);
  const [first, second] = EnforcementRoll.of(construct).verifiersIn(chart);
  if (first !== undefined && second !== undefined) {
    refuseInput(path, `this chart has several verifiers: ${first.path} and ${second.path}`, 'Pass one of them as `engine`.');
  }
  return first?.construct ?? makeVerifier(chart);
}

function makeVerifier(chart: Chart): WebhookVerifier {
  if (chart.node.tryFindChild(IMPLICIT_ID) !== undefined) {
    refuseInput(chart.node.path, `the id "${IMPLICIT_ID}" is taken, under which the first policy of a chart makes its verifier`,
      'Give that construct another id, or make a WebhookVerifier yourself and pass it as `engine`.');
  }
  const verifier = new WebhookVerifier(chart, IMPLICIT_ID);
  enforcementOf(verifier).implicit = true;
  return verifier;
}

function chartOf(construct: Construct): Chart {
  const chart = construct.node.scopes.filter((scope) => Chart.isChart(scope)).at(-1);
  if (chart === undefined) {
    refuseInput(construct.node.path, 'it is in no Chart, so nothing it enforces would be written', 'Make it within a Chart.');
  }
  return chart;
}
