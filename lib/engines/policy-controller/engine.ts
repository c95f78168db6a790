import { DOCUMENTS_ANNOTATION, ENGINE_LABEL, PART_OF, PART_OF_LABEL, POLICY_CONTROLLER_ANNOTATION } from '../../kubernetes/labels';
import { floorName, PolicyControllerInstallation, policyControllerObjects } from '../../kubernetes/policy-controller/objects';
import { canonicalJson } from '../../policy/canonical-json';
import { compare } from '../../policy/canonical-order';
import { PolicyDocument } from '../../policy/document';
import { utf8 } from '../../policy/utf8';
import { Engine } from '../engine';
import { Manifest, manifestOf } from '../manifest';
import { notInstalled } from './not-installed';

/** What Kubernetes keeps in the annotations of an object, less what others may add. */
const LARGEST_DOCUMENTS = 200_000;

/** policy-controller keeps all policies of a cluster in one ConfigMap of at most 1 MiB. */
const LARGEST_POLICIES = 800_000;

/** The Sigstore policy-controller, as it was installed: the same policies as ClusterImagePolicies, over a floor of the API server's own. */
export function policyControllerEngine(settings: PolicyControllerInstallation): Engine {
  return {
    id: 'policy-controller',
    name: settings.name,
    keystone: 'ClusterImagePolicy',
    enforces: ({ kind }) => kind === 'ImagePolicy',
    cannot: (document) => notInstalled(document, settings),
    render: ({ documents }) => renderPolicyController(documents, settings),
  };
}

function renderPolicyController(documents: readonly PolicyDocument[], settings: PolicyControllerInstallation): Manifest[] {
  const labels = { 'app.kubernetes.io/name': settings.name, [PART_OF_LABEL]: PART_OF, [ENGINE_LABEL]: 'policy-controller' };
  const policies = documents.filter(({ kind }) => kind === 'ImagePolicy').sort((a, b) => compare(a.metadata.name, b.metadata.name));
  const said = canonicalJson(policies);
  const objects = policyControllerObjects(policies, settings);
  const rendered = JSON.stringify(objects.filter(({ kind }) => kind === 'ClusterImagePolicy'));
  refuseLarger('the policies', utf8(said).length, LARGEST_DOCUMENTS, 'an annotation holds', settings);
  refuseLarger('the ClusterImagePolicies', utf8(rendered).length, LARGEST_POLICIES, 'policy-controller keeps', settings);
  const annotations = { [DOCUMENTS_ANNOTATION]: said, [POLICY_CONTROLLER_ANNOTATION]: canonicalJson(settings) };
  return objects.map((object) => (
    manifestOf(object, { labels, ...object.kind === 'ValidatingAdmissionPolicy' && object.name === floorName(settings) ? { annotations } : {} })
  ));
}

function refuseLarger(what: string, size: number, largest: number, who: string, { name }: PolicyControllerInstallation): void {
  if (size > largest) {
    throw new RangeError(`${what} of ${name} have ${size} bytes, more than ${who} (${largest}): leave some of them to another engine`);
  }
}
