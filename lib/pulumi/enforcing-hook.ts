import * as pulumi from '@pulumi/pulumi';
import { judgeTogether } from '../authoring/judgement';
import { refuseAny } from '../authoring/refusal';
import { Manifest } from '../engines/manifest';
import { plainInputs } from './plain-inputs';
import { resourceName } from './resource-name';

/**
 * The first of three layers: a hook of each object that sees its final inputs, after all transformations, in previews and before the object is
 * created or updated, and refuses what no longer enforces.
 *
 * Whoever takes the hooks away meets the other two: `registered.ts` and the policy pack.
 */
export function enforcingHook(manifest: Manifest, all: readonly Manifest[]): pulumi.ResourceHookBinding {
  if (!supportsHooks()) {
    return {};
  }
  const hook = new pulumi.ResourceHook(`proofgate-${resourceName(manifest)}`, ({ newInputs }) => {
    const written = plainInputs(newInputs);
    refuseAny(judgeTogether(all.map((rendered) => ({ path: resourceName(rendered), rendered, written: rendered === manifest ? written : rendered })), Date.now()));
  }, { onDryRun: true });
  return { beforeCreate: [hook], beforeUpdate: [hook] };
}

/** Whether there is an engine that calls hooks; `setMocks` replaces it with one that does not know them. */
function supportsHooks(): boolean {
  return typeof (pulumi.runtime.getMonitor() as { readonly registerResourceHook?: unknown } | undefined)?.registerResourceHook === 'function';
}
