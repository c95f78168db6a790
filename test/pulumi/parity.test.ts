import { readdirSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { Manifest } from '../../lib/engines/manifest';
import { objectKey } from '../../lib/kubernetes/object-key';
import { synthesize } from '../docs/pages';
import { STACKS } from './stacks';
import { objects, register } from './world';

/** What Pulumi registers otherwise than cdk8s writes it, by example and object: of what this library makes, nothing. */
const INTENDED: { readonly [example: string]: { readonly [key: string]: unknown } } = {
  // The workloads of its other chart, which the components do not make.
  'cdk8s-plus': { '/Namespace||payments': undefined, '/Service|payments|payments-api-service': undefined, 'apps/Deployment|payments|payments-api': undefined },
};

const charts = readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory() && readdirSync(`examples/${entry.name}`).includes('chart.ts'));

test('every example with a chart has a twin for Pulumi', () => {
  expect(Object.keys(STACKS).sort()).toEqual(charts.map(({ name }) => name).sort());
});

/** The first one compiles what it runs. */
jest.setTimeout(60_000);

describe.each(Object.entries(STACKS))('%s', (name, program) => {
  test('Pulumi registers the objects that cdk8s writes, field by field', async () => {
    const synthesized = Object.values(synthesize(name)).flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Manifest));
    const registered = objects(await register(program)) as unknown as Manifest[];
    expect(registered.length).toBeGreaterThan(2);
    expect(byKey(registered)).toEqual({ ...byKey(synthesized), ...INTENDED[name] });
  });
});

function byKey(manifests: readonly Manifest[]): { [key: string]: Manifest } {
  const keyed = Object.fromEntries(manifests.map((manifest) => [objectKey(manifest), manifest]));
  expect(Object.keys(keyed)).toHaveLength(manifests.length);
  return keyed;
}
