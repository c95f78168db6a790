import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, YamlOutputType } from 'cdk8s';
import { EnforcementValidation } from '../../lib';
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
