import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { createApp, createTree, messageOf, Tree, Written } from './tree';

class WithoutEnforcement extends App {
  public override get charts(): Chart[] {
    return super.charts.filter(({ node }) => node.id !== 'enforcement');
  }
}

class WithoutOthers extends App {
  public override get charts(): Chart[] {
    return super.charts.filter(({ node }) => node.id !== 'other');
  }
}

class WritesNothing extends App {
  public override synth(): void {
    this.charts.forEach(({ node }) => node.id);
  }
}

class WritesItself extends App {
  public override synth(): void {
    this.charts.forEach((chart) => chart.toJson() as unknown);
  }
}

class WritesOneObject extends App {
  public override synth(): void {
    this.charts.flatMap(objectsIn).slice(0, 1).forEach((object) => object.toJson() as unknown);
  }
}

class WritesObjects extends App {
  public override synth(): void {
    this.charts.flatMap(objectsIn).forEach((object) => object.toJson() as unknown);
  }
}

function objectsIn({ node }: Chart): ApiObject[] {
  return node.findAll().flatMap((construct) => (ApiObject.isApiObject(construct) ? [construct] : []));
}

function treeOf(type: typeof App, yamlOutputType: YamlOutputType = YamlOutputType.FILE_PER_CHART): Tree {
  const { outdir } = createApp();
  const app = new type({ outdir, yamlOutputType });
  new Chart(app, 'other');
  return createTree(app);
}

const NOTHING = /^\[REMOVED\] enforcement: the App wrote nothing of this chart\. Do not override `charts` or `synth`/;

test.each<[string, typeof App, typeof App]>([
  ['charts without that of the verifier, and not without another', WithoutEnforcement, WithoutOthers],
  ['a synth that writes nothing, and not one that writes in its own way', WritesNothing, WritesItself],
])('an App is refused that has %s', (_, passing, writing) => {
  expect(messageOf(() => treeOf(passing).app.synth())).toMatch(NOTHING);
  expect(() => treeOf(writing).app.synth()).not.toThrow();
});

test('an App is refused that writes some objects of the chart, and not one that writes all', () => {
  expect(messageOf(() => treeOf(WritesOneObject).app.synth())).toMatch(/^\[REMOVED\] enforcement: the App wrote this chart without its ValidatingAdmissionPolicy /);
  expect(() => treeOf(WritesObjects).app.synth()).not.toThrow();
});

test('what an earlier run wrote counts for nothing', () => {
  const { app } = treeOf(App);
  app.synth();
  Object.assign(app, { yamlOutputType: 'FILE_PER_CHARTS' });
  expect(messageOf(() => app.synth())).toMatch(NOTHING);
});

test('synthYaml is held to it as well', () => {
  expect(messageOf(() => treeOf(WithoutEnforcement).app.synthYaml())).toMatch(NOTHING);
  expect(() => treeOf(WithoutOthers).app.synthYaml()).not.toThrow();
});

test('an output type that cdk8s does not know writes nothing, and is refused', () => {
  expect(messageOf(() => treeOf(App, 'FILE_PER_CHART' as unknown as YamlOutputType).app.synth())).toMatch(NOTHING);
  expect(() => treeOf(App, YamlOutputType.FILE_PER_APP).app.synth()).not.toThrow();
});

test('a chart may give what it rendered for an earlier run', () => {
  const app = createApp();
  let kept: Written[] | undefined;
  createTree(app, new (class extends Chart {
    public override toJson(): Written[] {
      return kept ??= super.toJson() as Written[];
    }
  })(app, 'enforcement'));
  expect(() => [app.synth(), app.synth()]).not.toThrow();
});

test('a second object with the name of one of the verifier is refused once', () => {
  const { app, chart } = createTree();
  new ApiObject(chart, 'second', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'proofgate-verifier', namespace: 'proofgate' } });
  expect(messageOf(() => app.synth()).match(/\[DUPLICATE_OBJECT\] enforcement\/second: /g)).toHaveLength(1);
});
