import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { PolicyEngine } from '../../lib';
import { enforcementOf } from '../../lib/cdk8s/enforcement';
import { groupOf, isClusterScoped } from '../../lib/kubernetes/api-versions';
import { ENGINES as PROFILES, lintManifests } from '../../lib/refusals';
import { ENGINES, enforcedBy } from './engines';
import { createApp, messageOf, Written } from './tree';

describe.each(Object.entries(ENGINES))('%s', (_, make: (chart: Chart) => PolicyEngine) => {
  const rendered = Testing.synth(enforcedBy(make).chart) as Written[];
  const titled = rendered.map((object): [string, Written] => [`${object.kind} ${object.metadata.name}`, object]);

  test('what it enforces by is what is taken for it where it was written', () => {
    const { engine } = enforcementOf(make(new Chart(createApp(), 'enforcement')));
    const { group, kind } = PROFILES[engine.id].keystone;
    expect(engine.keystone).toBe(kind);
    expect(rendered.filter((object) => object.kind === kind).map(({ apiVersion }) => groupOf(apiVersion))).toContain(group);
  });

  test.each(titled)('it is known whether %s is in a namespace', (_title, { apiVersion, kind, metadata: { namespace } }) => {
    expect(isClusterScoped({ apiVersion, kind })).toBe(namespace === undefined);
  });

  test.each(titled)('what would replace %s when it is applied is refused, and not what has another name', (_title, object) => {
    const beside = (other: Written): App => {
      const { app } = enforcedBy(make);
      new ApiObject(new Chart(app, 'later'), 'second', other);
      return app;
    };
    expect(messageOf(() => beside(second(object)).synthYaml())).toContain(`[DUPLICATE_OBJECT] later/second: a second ${object.kind} "${object.metadata.name}"`);
    expect(() => beside(second(object, 'somebody-else')).synthYaml()).not.toThrow();
  });

  test.each(titled)('the rules see what would replace %s when it is applied, and do not mind what has another name', (_title, object) => {
    const codes = (beside: Written): string[] => lintManifests([...rendered, beside], Date.now()).map(({ code }) => code);
    expect(codes(second(object))).toContain('DUPLICATE_OBJECT');
    expect(codes(second(object, 'somebody-else'))).not.toContain('DUPLICATE_OBJECT');
  });
});

/** An object of the same group, kind and name in a version that no engine writes; in a namespace where the other one says none. */
function second({ apiVersion, kind, metadata: { name, namespace = 'team' } }: Written, as = name): Written {
  return { apiVersion: apiVersion.replace(/[^/]+$/, 'v9'), kind, metadata: { name: as, namespace } };
}
