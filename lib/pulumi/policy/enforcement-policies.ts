import type { Policies, PolicyResource, ResourceValidationArgs } from '@pulumi/policy';
import { CONFIGURATION } from '../../kubernetes/policy-controller/guards';
import { Finding, judgedIn, judgeManifests, judgeObject, objectId } from '../../refusals';
import { manifestOf } from './manifest-of';

/**
 * What a rule says of an object alone that is not so in company: a Deployment without the objects beside it, and a webhook configuration without the
 * policies that say where it holds. The stack as a whole is held to these.
 */
const NEEDS_COMPANY: { readonly [kind: string]: readonly string[] } = {
  Deployment: ['DISRUPTION_BUDGET', 'GUARD'],
  ValidatingWebhookConfiguration: ['NAMESPACE_UNJUDGED'],
};

/** Kinds that close something: while one is away, everything passes. They are named by their object, so that a replacement has the same name. */
const CLOSING: readonly string[] = [
  'ClusterImagePolicy', 'ImageValidatingPolicy', 'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'ValidatingWebhookConfiguration',
];

/**
 * The rules of this library for the final inputs of any stack, whether or not it uses the components: the third of three layers, outside of the
 * program.
 *
 * @example
 *
 * new PolicyPack('enforcement', { policies: enforcementPolicies });
 */
export const enforcementPolicies: Policies = [
  {
    name: 'proofgate-resources',
    description: 'What enforces proofgate policies is created and changed only to something that enforces.',
    enforcementLevel: 'mandatory',
    validateResource: (resource, report) => {
      const manifest = manifestOf(resource);
      if (manifest === undefined) {
        return;
      }
      judgeObject(manifest, Date.now()).filter(({ code, object }) => !(NEEDS_COMPANY[object.split(' ')[0] ?? '']?.includes(code) ?? false)).forEach((finding) => report(describe(finding)));
      optionsProblems(resource, manifest).forEach((problem) => report(problem));
    },
  },
  {
    name: 'proofgate-stack',
    description: 'All resources together enforce the proofgate policies that are among them.',
    enforcementLevel: 'mandatory',
    validateStack: ({ resources }, report) => {
      const judged = resources.flatMap((resource) => judgedResource(resource));
      const urns = new Map(judged.map(({ id, urn }) => [id, urn]));
      judgeManifests(judged.map(({ manifest }) => manifest), Date.now()).forEach((finding) => report(describe(finding), urns.get(finding.object)));
    },
  },
];

function judgedResource(resource: PolicyResource): Array<{ readonly manifest: unknown; readonly id: string; readonly urn: string }> {
  const manifest = manifestOf(resource);
  return manifest === undefined ? [] : [{ manifest, id: objectId(manifest), urn: resource.urn }];
}

/** Options by which an object is not what its inputs say, or is away for a while. */
function optionsProblems({ opts }: ResourceValidationArgs, manifest: unknown): string[] {
  if (!judgedIn([manifest]).enforcement) {
    return [];
  }
  const { kind } = manifest as { readonly kind: string };
  const object = objectId(manifest);
  return [
    ...(opts.ignoreChanges.length === 0 ? [] : [
      `[IGNORED_CHANGES] ${object}: ignoreChanges keeps ${opts.ignoreChanges.join(', ')} as it was, whatever the policies say now. Remove it.`,
    ]),
    ...(opts.deleteBeforeReplace !== true && (CLOSING.includes(kind) || object.endsWith(`/${CONFIGURATION}`)) ? [
      `[DELETED_AFTER_REPLACED] ${object}: when it is replaced, the new object is created over the old one of the same name and then deleted with it, which leaves the cluster open`
      + ' while the state says that it is closed. Set deleteBeforeReplace to true.',
    ] : []),
  ];
}

function describe({ code, object, path, message, remedy }: Finding): string {
  return `[${code}] ${[object, path].filter((part) => part !== '').join(' ')}: ${message} ${remedy}`;
}
