import { ApiObject, App, Chart } from 'cdk8s';
import { IConstruct } from 'constructs';
import { EnforcedObject } from './enforced-object';
import { describeRefusal, goOn, Refusal, refuseAny } from '../authoring/refusal';
import { jsonOf, judgedCopy, seal } from './seal';
import { isSealed } from './seal-chart';

/** Who looks at what an App writes. */
export interface AppJudge {
  /** What is wrong with the tree as it stands. */
  judgeTree(): Refusal[];
  /** What is wrong with something that leaves a chart or an object of somebody else. */
  judgeForeign(path: string, values: readonly unknown[]): Refusal[];
  /** From now on it is remembered what is rendered. */
  beginWriting(): void;
  /** What should have been written since and was not. */
  judgeWritten(): Refusal[];
}

/**
 * Has an App judged between its last validation and its first file, everything in it on its way into a file, and after the last the tree again
 * and whether all of it was on its way.
 *
 * An App asks itself for its charts when it has validated them all and is about to write them; some ways of writing touch nothing else of the
 * tree than the objects they write. A root that is no App only renders, which the validations see.
 */
export function sealApp(root: IConstruct, judge: AppJudge): void {
  const app = root as App;
  if (typeof app.synth !== 'function') {
    return;
  }
  const fixed = (['charts', 'synth', 'synthYaml'] as const).find((member) => Object.getOwnPropertyDescriptor(app, member)?.configurable === false);
  if (fixed !== undefined) {
    app.node.addValidation({ validate: () => [describeRefusal(overridden(fixed))] });
    return;
  }
  const seals: Array<() => void> = [];
  let synthesizing = false;
  const prototype = Object.getPrototypeOf(app) as App;
  Object.defineProperty(app, 'charts', {
    get: () => {
      if (synthesizing) {
        refuseAny(judge.judgeTree());
        sealOthers(app, judge, seals);
      }
      return Reflect.get<App, 'charts'>(prototype, 'charts', app);
    },
  });
  for (const method of ['synth', 'synthYaml'] as const) {
    const run = app[method].bind(app);
    Object.defineProperty(app, method, {
      value: () => {
        synthesizing = true;
        judge.beginWriting();
        try {
          const result = run();
          refuseAny([...judge.judgeTree(), ...judge.judgeWritten()]);
          return result;
        } catch (error) {
          goOn(error);
        } finally {
          synthesizing = false;
          seals.splice(0).forEach((breakSeal) => breakSeal());
        }
      },
    });
  }
}

/** Seals what is neither a verifier's chart nor one of its objects, as long as it is written. */
function sealOthers(app: App, judge: AppJudge, seals: Array<() => void>): void {
  if (seals.length > 0) {
    return;
  }
  for (const construct of app.node.findAll()) {
    const { path } = construct.node;
    if (Chart.isChart(construct) && !isSealed(construct)) {
      seals.push(seal(construct, (render) => judgedCopy(construct, render, (values) => judge.judgeForeign(path, values))));
    } else if (ApiObject.isApiObject(construct) && !EnforcedObject.isEnforcedObject(construct)) {
      seals.push(seal(construct, (render) => {
        const written = jsonOf(render());
        refuseAny(judge.judgeForeign(path, [written]));
        return written;
      }));
    }
  }
}

function overridden(member: string): Refusal {
  return {
    code: 'OVERRIDDEN',
    path: 'App',
    problem: `${member} is overridden in a way that cannot be judged`,
    remedy: 'Do not override it in an App that holds a verifier.',
  };
}
