import * as pulumi from '@pulumi/pulumi';
import { judgeTogether } from '../authoring/judgement';
import { refuseAny } from '../authoring/refusal';
import { Manifest } from '../engines/manifest';
import { resourceName } from './resource-name';
import { said } from './said';

/** An object and what was registered for it. */
export interface Registered {
  readonly manifest: Manifest;
  readonly resource: pulumi.CustomResource;
}

/**
 * The second of three layers: what the provider says that it has created is judged when it has said so. It sees what was done without hooks,
 * though only after the fact, and what is left as it was where it should have changed.
 *
 * @returns `value`, once everything is as it has to be
 */
export function whenEnforced(component: pulumi.Resource, registered: readonly Registered[], value: string): pulumi.Output<string> {
  const created = pulumi.all(registered.map(({ manifest, resource }) => pulumi.output(pick(resource, Object.keys(manifest)))));
  return created.apply((objects) => {
    said(component, () => refuseAny(judgeTogether(registered.map(({ manifest: rendered }, index) => (
      { path: resourceName(rendered), rendered, written: objects[index], completed: true }
    )), Date.now())));
    return value;
  });
}

/** The properties of an object that the engine renders; of a Secret, none that holds one. */
function pick(resource: pulumi.CustomResource, fields: readonly string[]): { readonly [field: string]: unknown } {
  const properties = resource as unknown as { readonly [field: string]: unknown };
  return Object.fromEntries(fields.map((field) => [field, properties[field]]));
}
