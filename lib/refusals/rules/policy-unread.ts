import { Content, CONTENT_KEYS, TRUST_ROOT_LABEL } from '../../kubernetes/labels';
import { DocumentError } from '../../policy/problem';
import { policySet } from '../../policy/policy-set';
import { textDigest } from '../../policy/sha256';
import { fieldsOf } from '../fields';
import { KubernetesObject, Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { mountedConfigMaps, valuesOf, Verifier, verifiers } from '../verifiers';

export const policyUnread: Rule = {
  code: 'POLICY_UNREAD',
  title: 'A policy that the verifier does not read, or something else that it reads',
  why: 'All policies that match an image must hold; one that is not mounted, or not named by an argument, is left out without anybody being told. What it reads beside them nobody has reviewed.',
  remedy: 'Keep the volumes, mounts and arguments of the Deployment as the synthesis renders them, and apply all of its ConfigMaps.',
  check: (subject) => verifiers(subject).flatMap((verifier) => {
    const files = contentFiles(verifier, subject);
    return [
      ...unread(verifier, files, subject),
      ...unknown(verifier, files, subject),
      ...otherDigest(verifier, subject),
      ...otherContent(verifier, files),
    ];
  }),
};

/** Policies of the set that the verifier is not started with. */
function unread(verifier: Verifier, files: readonly ContentFile[], subject: Subject): Observation[] {
  const read = new Set(files.map(({ source }) => source?.name));
  return documentsFor(verifier, subject).filter(({ source }) => !read.has(source.name))
    .map(({ object }) => ({ object, path: '', message: `${verifier.object.id} is not started with it.` }));
}

/** Arguments that name the content of no ConfigMap of the set; without any policy in it, nothing can be said. */
function unknown(verifier: Verifier, files: readonly ContentFile[], subject: Subject): Observation[] {
  return subject.documents.length === 0 ? [] : files.filter(({ source }) => source === undefined)
    .map(({ option, value }) => ({ object: verifier.object.id, path: 'spec.template.spec.containers', message: `${option} ${show(value)} is the file of no ConfigMap among these objects.` }));
}

/** Where it reads all policies of the set, the digest that it insists on has to be theirs. */
function otherDigest(verifier: Verifier, subject: Subject): Observation[] {
  const documents = documentsFor(verifier, subject);
  const isRead = documents.length > 0 && documents.length === valuesOf(verifier.args, '--policy').length;
  const digest = isRead ? digestOf(documents.map(({ document }) => document)) : undefined;
  return valuesOf(verifier.args, '--policy-digest').filter((said) => digest !== undefined && said !== digest)
    .map((said) => ({ object: verifier.object.id, path: 'spec.template.spec.containers[0].args', message: `--policy-digest says ${show(said)}, and the policies are ${digest}.` }));
}

/** Trust roots and the registry configuration have to be what their digests say. */
function otherContent(verifier: Verifier, files: readonly ContentFile[]): Observation[] {
  const textOf = (option: string, name: string): unknown => {
    const file = files.find((one) => one.option === option && (name === '' || one.value.startsWith(`${name}=`)));
    return file?.source === undefined ? undefined : Object.values(fieldsOf(file.source.content.data))[0];
  };
  const said = [
    ...valuesOf(verifier.args, '--trust-root-digest').map((value) => ['--trust-root', value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)] as const),
    ...valuesOf(verifier.args, '--registry-config-digest').map((value) => ['--registry-config', '', value] as const),
  ];
  return said.flatMap(([option, name, digest]) => {
    const text = textOf(option, name);
    // A text with half a character in it has no bytes, and so no digest.
    return typeof text !== 'string' || (!/\p{Surrogate}/u.test(text) && digest === textDigest(text)) ? []
      : [{ object: verifier.object.id, path: 'spec.template.spec.containers[0].args', message: `${option}-digest says ${show(digest)}${name === '' ? '' : ` of ${show(name)}`}, and its ConfigMap holds another content.` }];
  });
}

/** Absent for policies that contradict each other, which other rules tell. */
function digestOf(documents: Parameters<typeof policySet>[0]): string | undefined {
  try {
    return policySet(documents).digest;
  } catch (error) {
    if (error instanceof DocumentError) {
      return undefined;
    }
    throw error;
  }
}

function documentsFor({ object: { namespace } }: Verifier, { documents }: Subject): Subject['documents'] {
  return documents.filter(({ source }) => source.kind === 'ConfigMap' && source.namespace === namespace);
}

interface ContentFile {
  readonly option: string;
  readonly value: string;
  /** The ConfigMap whose content it is. */
  readonly source: KubernetesObject | undefined;
}

const OPTIONS: ReadonlyArray<readonly [option: string, content: Content]> = [['--policy', 'policy'], ['--trust-root', 'trust-root'], ['--registry-config', 'registries']];

/** What the arguments name as content. */
function contentFiles(verifier: Verifier, { objects }: Subject): ContentFile[] {
  const mounted = new Map<string, Set<unknown>>();
  mountedConfigMaps(verifier).forEach(({ folder, configMap }) => mounted.set(folder, (mounted.get(folder) ?? new Set()).add(configMap)));
  const configMaps = objects.filter(({ kind, namespace }) => kind === 'ConfigMap' && namespace === verifier.object.namespace);
  const byName = new Map<unknown, KubernetesObject[]>();
  configMaps.forEach((object) => byName.set(object.name, [...byName.get(object.name) ?? [], object]));
  const sourceOf = (file: string, content: Content, trustRoot: string): KubernetesObject | undefined => {
    const end = `/${CONTENT_KEYS[content]}`;
    const names = file.endsWith(end) ? mounted.get(file.slice(0, -end.length)) : undefined;
    const [only] = names?.size === 1 ? names : [];
    return names && (only === undefined ? configMaps : byName.get(only) ?? []).find(({ name, labels }) => names.has(name) && (content !== 'trust-root' || labels[TRUST_ROOT_LABEL] === trustRoot));
  };
  return OPTIONS.flatMap(([option, content]) => valuesOf(verifier.args, option).map((value) => {
    const [trustRoot, file] = content === 'trust-root' ? [value.slice(0, value.indexOf('=')), value.slice(value.indexOf('=') + 1)] : ['', value];
    return { option, value, source: sourceOf(file, content, trustRoot) };
  }));
}
