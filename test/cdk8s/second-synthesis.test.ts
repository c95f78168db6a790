import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { failurePolicies } from './attempts';
import { createTree, find, Tree, WAYS, Written } from './tree';

/*
 * What a first synthesis found sound is judged anew by every later one.
 */

/** What weakens an object, and what changes it in the same way and weakens nothing. */
const PATCHES: ReadonlyArray<readonly [kind: string, weak: JsonPatch, refused: RegExp]> = [
  ['ValidatingWebhookConfiguration', JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore'), /\[FAILURE_POLICY\] enforcement\/proofgate-verifier\/ValidatingWebhookConfiguration: /],
  ['ConfigMap', JsonPatch.replace('/data/policy.json', '{}'), /\[\w+\] enforcement\/payments: ConfigMap/],
  ['Deployment', JsonPatch.replace('/spec/replicas', 1), /\[REPLICAS\] enforcement\/proofgate-verifier\/Deployment: /],
  ['ValidatingAdmissionPolicyBinding', JsonPatch.replace('/spec/validationActions', ['Audit']), /\[\w+\] enforcement\/proofgate-verifier\/ValidatingAdmissionPolicyBinding: /],
];

describe.each(Object.entries(WAYS))('S14: a patch after a first synthesis by %s', (_way, synth) => {
  const synthesized = (): Tree => {
    const tree = createTree();
    expect(failurePolicies(synth(tree))).toEqual(['Fail']);
    return tree;
  };
  const policyObject = (tree: Tree, kind: string): ApiObject => (kind === 'ConfigMap' ? ApiObject.of(tree.policy) : find(tree, kind));

  test.each(PATCHES)('is refused by the second one where it weakens the %s', (kind, weak, refused) => {
    const tree = synthesized();
    policyObject(tree, kind).addJsonPatch(weak);
    expect(() => synth(tree)).toThrow(refused);
  });

  test.each(PATCHES)('goes through the second one where it annotates the %s', (kind) => {
    const tree = synthesized();
    policyObject(tree, kind).addJsonPatch(JsonPatch.add('/metadata/annotations', { team: 'platform' }));
    const written = synth(tree);
    expect(failurePolicies(written)).toEqual(['Fail']);
    expect(written.filter(({ metadata }) => metadata.annotations?.['team'] === 'platform')).toMatchObject([{ kind }]);
  });
});

describe('what apiObjects of a chart gives', () => {
  test('are its direct children: none of the objects that enforce, so that patching all of them changes nothing', () => {
    const { app, chart } = createTree();
    const first = app.synthYaml();
    expect(chart.apiObjects).toEqual([]);
    chart.apiObjects.forEach((object) => object.addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore')));
    expect(app.synthYaml()).toBe(first);
  });

  test('are the objects that enforce in a chart whose apiObjects looks deeper, and a second synthesis refuses what they were patched with', () => {
    const app = new App();
    const chart = new DeepChart(app, 'enforcement');
    createTree(app, chart);
    app.synthYaml();
    const webhooks = chart.apiObjects.filter(({ kind }) => kind === 'ValidatingWebhookConfiguration');
    expect(webhooks).toHaveLength(1);
    webhooks.forEach((object) => object.addJsonPatch(JsonPatch.replace('/webhooks/0/failurePolicy', 'Ignore')));
    expect(() => app.synthYaml()).toThrow(/\[FAILURE_POLICY\]/);
    expect(() => chart.toJson() as Written[]).toThrow(/\[FAILURE_POLICY\]/);
  });
});

class DeepChart extends Chart {
  public override get apiObjects(): ApiObject[] {
    return this.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  }
}
