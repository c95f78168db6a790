import { CONTENT_KEYS } from '../../kubernetes/labels';
import { Observation, Rule, Subject } from '../rule';
import { show } from '../show';
import { MountedConfigMap, mountedConfigMaps, valuesOf, Verifier, verifiers } from '../verifiers';

export const policyUnread: Rule = {
  code: 'POLICY_UNREAD',
  title: 'A policy that the verifier does not read',
  why: 'All policies that match an image must hold; one that is not mounted, or not named by an argument, is left out without anybody being told.',
  remedy: 'Keep the volumes, mounts and --policy arguments of the Deployment as the synthesis renders them.',
  check: (subject) => verifiers(subject).flatMap((verifier) => [...unread(verifier, subject), ...unknown(verifier, subject)]),
};

/** Policies of the set that the verifier is not started with. */
function unread(verifier: Verifier, { documents }: Subject): Observation[] {
  const read = policyFiles(verifier).map(({ mount }) => mount?.configMap);
  return documents.filter(({ source }) => source.kind === 'ConfigMap' && source.namespace === verifier.object.namespace && !read.includes(source.name))
    .map(({ object }) => ({ object, path: '', message: `${verifier.object.id} is not started with it.` }));
}

/** Arguments that name no policy of the set; without any policy in it, nothing can be said. */
function unknown(verifier: Verifier, { documents, objects }: Subject): Observation[] {
  const known = objects.filter(({ kind, namespace }) => kind === 'ConfigMap' && namespace === verifier.object.namespace).map(({ name }) => name);
  return documents.length === 0 ? [] : policyFiles(verifier)
    .filter(({ mount }) => typeof mount?.configMap !== 'string' || !known.includes(mount.configMap))
    .map(({ file }) => ({ object: verifier.object.id, path: 'spec.template.spec.containers', message: `--policy ${show(file)} is the file of no ConfigMap among these objects.` }));
}

interface PolicyFile {
  readonly file: string;
  readonly mount: MountedConfigMap | undefined;
}

function policyFiles(verifier: Verifier): PolicyFile[] {
  const mounts = mountedConfigMaps(verifier);
  return valuesOf(verifier.args, '--policy').map((file) => ({ file, mount: mounts.find(({ folder }) => file === `${folder}/${CONTENT_KEYS.policy}`) }));
}
