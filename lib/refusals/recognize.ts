import { apiVersionOf, isClusterScoped } from '../kubernetes/api-versions';
import { ACCOUNTABILITY_ANNOTATIONS, CONTENT_KEYS, CONTENT_LABEL, DOCUMENTS_ANNOTATION, PART_OF, PART_OF_LABEL, TRUST_ROOT_LABEL } from '../kubernetes/labels';
import { ReadObject } from './read-object';
import { isGuard } from './guards';
import { KubernetesObject } from './rule';
import { fieldsOf, list } from './fields';
import { mountedConfigMaps, readDeployment, valuesOf } from './verifiers';
import { calledService } from './webhook-entries';

/**
 * Tells which objects are the project's: by label; where a tool has replaced that, by what only they have; and by what those that are
 * known so refer to. Whoever changes one of these signs changes no judgement.
 */
export function recognize(objects: readonly ReadObject[]): KubernetesObject[] {
  const marked = mark(objects, bearsSign);
  const names = namesOf(marked.filter(({ own }) => own));
  const named = mark(marked, (object) => isNamedLike(object, names));
  const mounted = new Set(named.filter(({ own, kind }) => own && kind === 'Deployment').flatMap(contentOf));
  return mark(named, ({ kind, namespace, name }) => kind === 'ConfigMap' && mounted.has(`${namespace}/${name}`));
}

function mark(objects: ReadonlyArray<ReadObject & { readonly own?: boolean }>, isOwn: (object: KubernetesObject) => boolean): KubernetesObject[] {
  return objects.map((object) => ({ ...object, own: object.own === true })).map((object) => ({ ...object, own: object.own || isOwn(object) }));
}

function bearsSign(object: KubernetesObject): boolean {
  const { labels, content } = object;
  if (labels[PART_OF_LABEL] === PART_OF) {
    return true;
  }
  switch (content.kind) {
    case 'ConfigMap': return isContent(object);
    case 'Deployment': return startsVerifier(object);
    case 'MutatingWebhookConfiguration':
    case 'ValidatingWebhookConfiguration': return list(content.webhooks).map(fieldsOf).some(({ name }) => typeof name === 'string' && name.endsWith('.proofgate.dev'));
    case 'ValidatingAdmissionPolicy': return Object.hasOwn(object.annotations, DOCUMENTS_ANNOTATION) || isGuard(content) || hasVariable(object, 'oldUses');
    default: return false;
  }
}

function hasVariable({ content }: KubernetesObject, wanted: string): boolean {
  return list(fieldsOf(content.spec).variables).map(fieldsOf).some(({ name }) => name === wanted);
}

function isContent({ labels, annotations, content }: KubernetesObject): boolean {
  const text = fieldsOf(content.data)[CONTENT_KEYS.policy];
  return [CONTENT_LABEL, TRUST_ROOT_LABEL].some((label) => Object.hasOwn(labels, label)) || Object.hasOwn(annotations, ACCOUNTABILITY_ANNOTATIONS.until)
    || (typeof text === 'string' && text.includes('"proofgate.dev/'));
}

function startsVerifier(object: KubernetesObject): boolean {
  const { args, containers } = readDeployment(object);
  return (args.includes('serve') && valuesOf(args, '--policy').length > 0) || containers.some(({ image }) => typeof image === 'string' && /(?:^|\/)proofgate\/verifier[@:]/.test(image));
}

/** `namespace/name` of the verifiers: of their Deployments or, where none is known, of the Services that the webhook entries call. */
function namesOf(own: readonly KubernetesObject[]): ReadonlySet<string> {
  const deployments = own.filter(({ kind }) => kind === 'Deployment').map(({ namespace, name }) => `${namespace}/${name}`);
  const called = own.flatMap(({ content }) => list(content.webhooks)).map((entry) => calledService(fieldsOf(entry)))
    .flatMap(({ namespace, name }) => (typeof namespace === 'string' && typeof name === 'string' ? [`${namespace}/${name}`] : []));
  return new Set(deployments.length > 0 ? deployments : called);
}

function isNamedLike({ apiVersion, kind, namespace, name, content }: KubernetesObject, names: ReadonlySet<string>): boolean {
  if (apiVersionOf(kind) === undefined || kind === 'ConfigMap') {
    return false;
  }
  return [...names].some((full) => {
    const [at, own] = full.split('/');
    switch (kind) {
      case 'Namespace': return name === at;
      case 'Secret': return namespace === at && name === `${own}-tls`;
      case 'ValidatingAdmissionPolicyBinding': return fieldsOf(content.spec).policyName === own;
      default: return name === own && (isClusterScoped({ apiVersion, kind }) || namespace === at);
    }
  });
}

/** What the verifier reads as its content, by `namespace/name`; a registry's authority is the user's own. */
function contentOf(deployment: KubernetesObject): string[] {
  const verifier = readDeployment(deployment);
  const folders = new Set(contentFiles(verifier.args).flatMap(foldersAround));
  return mountedConfigMaps(verifier).filter(({ folder }) => folders.has(folder)).map(({ configMap }) => `${deployment.namespace}/${typeof configMap === 'string' ? configMap : ''}`);
}

/** Files that the arguments name as content. */
function contentFiles(args: readonly string[]): string[] {
  return [...valuesOf(args, '--policy'), ...valuesOf(args, '--trust-root').map((text) => text.slice(text.indexOf('=') + 1)), ...valuesOf(args, '--registry-config')];
}

/** All folders that a file is in, as its path spells them. */
function foldersAround(file: string): string[] {
  return [...file.matchAll(/\//g)].map(({ index }) => file.slice(0, index));
}
