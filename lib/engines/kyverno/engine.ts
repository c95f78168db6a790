import { exceptionGuard } from '../../kubernetes/kyverno/exceptions';
import { kyvernoFloor } from '../../kubernetes/kyverno/floor';
import { KyvernoInstallation, kyvernoPolicy, KyvernoSettings } from '../../kubernetes/kyverno/policy';
import { DOCUMENTS_ANNOTATION, ENGINE_LABEL, KYVERNO_ANNOTATION, PART_OF, PART_OF_LABEL } from '../../kubernetes/labels';
import { canonicalJson } from '../../policy/canonical-json';
import { compare } from '../../policy/canonical-order';
import { PolicyDocument } from '../../policy/document';
import { utf8 } from '../../policy/utf8';
import { Engine } from '../engine';
import { Manifest, manifestOf } from '../manifest';
import { notInstalled } from './not-installed';
import { kyvernoTrustRoots } from './trust-roots';

/** What Kubernetes keeps in the annotations of an object, less what others may add. */
const LARGEST = 200_000;

/** Kyverno, as it was installed: the same policies as an ImageValidatingPolicy. */
export function kyvernoEngine(settings: KyvernoInstallation): Engine {
  return {
    id: 'kyverno',
    name: settings.name,
    keystone: 'ImageValidatingPolicy',
    enforces: ({ kind }) => kind === 'ImagePolicy',
    cannot: (document, trustRoots) => notInstalled(document, settings, kyvernoTrustRoots(trustRoots)),
    render: ({ documents, trustRoots }) => renderKyverno(documents, { ...settings, trustRoots: kyvernoTrustRoots(trustRoots) }),
  };
}

function renderKyverno(documents: readonly PolicyDocument[], settings: KyvernoSettings): Manifest[] {
  const labels = { 'app.kubernetes.io/name': settings.name, [PART_OF_LABEL]: PART_OF, [ENGINE_LABEL]: 'kyverno' };
  const policies = documents.filter(({ kind }) => kind === 'ImagePolicy').sort((a, b) => compare(a.metadata.name, b.metadata.name));
  const said = canonicalJson(policies);
  const size = utf8(said).length;
  if (size > LARGEST) {
    throw new RangeError(`the policies of ${settings.name} have ${size} bytes, more than an annotation holds (${LARGEST}): give some of them a KyvernoEngine of their own`);
  }
  return [
    // First, so that no exception comes before what it names.
    ...exceptionGuard(settings.name).map((object) => manifestOf(object, { labels })),
    {
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'ImageValidatingPolicy',
      metadata: { name: settings.name, labels, annotations: { [DOCUMENTS_ANNOTATION]: said, [KYVERNO_ANNOTATION]: canonicalJson(settings) } },
      spec: kyvernoPolicy(policies, settings),
    },
    ...kyvernoFloor(policies, settings).map((object) => manifestOf(object, { labels })),
  ];
}
