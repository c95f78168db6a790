import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { EnforcementValidation, PolicyEngine } from '../../lib';
import { ENGINES, enforcedBy } from './engines';
import { createApp, createTree } from './tree';

/** What cdk8s-cli hands to a plugin, and what it was told. */
async function validate(app: App, edit: (text: string) => string = (text) => text): Promise<{ violations: Array<{ ruleName: string }>; statuses: string[] }> {
  app.synth();
  const manifests = readdirSync(app.outdir).map((name) => join(app.outdir, name));
  manifests.forEach((file) => writeFileSync(file, edit(readFileSync(file, 'utf8'))));
  const told = { violations: [] as Array<{ ruleName: string }>, statuses: [] as string[] };
  const report = {
    addViolation: (violation: { ruleName: string }) => {
      expect(told.statuses).toEqual([]);
      told.violations.push(violation);
    },
    submit: (status: string) => told.statuses.push(status),
  };
  await new EnforcementValidation().validate({ manifests, report });
  return told;
}

describe.each([['a file per chart', YamlOutputType.FILE_PER_CHART], ['a file per resource', YamlOutputType.FILE_PER_RESOURCE]])('of %s', (_, yamlOutputType) => {
  const tree = (): App => createTree(createApp({ yamlOutputType })).app;

  test('what was synthesized is reported as a success', async () => {
    await expect(validate(tree())).resolves.toEqual({ violations: [], statuses: ['success'] });
  });

  test('what was edited afterwards is reported with rule, object, field, file and remedy', async () => {
    const { violations, statuses } = await validate(tree(), (text) => text.replace(/failurePolicy: Fail(?=\n {4}matchPolicy)/, 'failurePolicy: Ignore'));
    expect(statuses).toEqual(['failure']);
    expect(violations).toMatchObject([{
      ruleName: 'FAILURE_POLICY',
      recommendation: expect.stringContaining('Ignore') as unknown,
      fix: expect.stringMatching(/^Set /) as unknown,
      violatingResources: [{
        resourceName: 'ValidatingWebhookConfiguration proofgate-verifier', locations: ['webhooks[0].failurePolicy'], manifestPath: expect.stringMatching(/\.k8s\.yaml$/) as unknown,
      }],
    }]);
  });

  test('a line that only kubectl sees is reported, since no rule sees it', async () => {
    const reviewed = (character: string) => (text: string): string => text.replace(/failurePolicy: Fail(?=\n {4}matchPolicy)/, `failurePolicy: Fail # reviewed${character}    failurePolicy: Ignore`);
    const { violations, statuses } = await validate(tree(), reviewed('\u2028'));
    expect(statuses).toEqual(['failure']);
    expect(violations).toMatchObject([{ ruleName: 'AMBIGUOUS_YAML', recommendation: expect.stringMatching(/^Line \d+ holds U\+2028, /) as unknown }]);
    await expect(validate(tree(), reviewed(' '))).resolves.toEqual({ violations: [], statuses: ['success'] });
  });

  test('where nothing enforces, that is a failure', async () => {
    const { violations, statuses } = await validate(tree(), (text) => text.replaceAll('app.kubernetes.io/part-of: proofgate', 'app.kubernetes.io/part-of: shop'));
    expect(statuses).toEqual(['failure']);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('NOTHING_ENFORCED');
  });
});

const KEYSTONES: readonly (readonly [engine: string, kind: string, apiVersion: string])[] = [
  ['KyvernoEngine', 'ImageValidatingPolicy', 'policies.kyverno.io/v1'],
  ['NativeEngine', 'ValidatingAdmissionPolicyBinding', 'admissionregistration.k8s.io/v1'],
  ['PolicyControllerEngine', 'ClusterImagePolicy', 'policy.sigstore.dev/v1alpha1'],
  ['WebhookVerifier', 'ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'],
];

test.each(KEYSTONES)('what a %s alone enforces is a success, and a failure without its %s or with one of another group', async (title, kind, apiVersion) => {
  const validated = async (edit?: (text: string) => string): Promise<[boolean, string[]]> => {
    const { violations, statuses } = await validate(enforcedBy(ENGINES[title] as (chart: Chart) => PolicyEngine).app, edit);
    return [violations.some(({ ruleName }) => ruleName === 'NOTHING_ENFORCED'), statuses];
  };
  const isKeystone = (document: string): boolean => document.includes(`\nkind: ${kind}\n`);
  const edited = (edit: (keystone: string) => string[]) => (text: string): string => (
    text.split(/^---\n/m).flatMap((document) => (isKeystone(`\n${document}`) ? edit(document) : [document])).join('---\n')
  );
  expect(await validated()).toEqual([false, ['success']]);
  expect(await validated(edited((keystone) => [keystone]))).toEqual([false, ['success']]);
  expect(await validated(edited(() => []))).toEqual([true, ['failure']]);
  expect(await validated(edited((keystone) => [keystone.replace(`apiVersion: ${apiVersion}`, 'apiVersion: acme.example/v1')]))).toEqual([true, ['failure']]);
});
