import { Fields, fieldsOf, list } from '../fields';
import { Observation, Rule } from '../rule';
import { show } from '../show';
import { Verifier, verifiers, volumesByName } from '../verifiers';

export const verifierFiles: Rule = {
  code: 'VERIFIER_FILES',
  title: 'Something else lies where the verifier has its files',
  why: 'What is mounted over its program or over the certificates that it trusts is the verifier from then on, and what is mounted over a policy is the policy.',
  remedy: 'Keep the volumes and mounts of the Deployment as the synthesis renders them, each whole and in a folder of its own.',
  check: (subject) => verifiers(subject).flatMap((verifier) => {
    const at = (path: string, message: string): Observation => ({ object: verifier.object.id, path: `spec.template.spec.${path}`, message });
    const folders = mountFolders(verifier);
    return [
      ...verifier.containers.flatMap((container, index) => wrongMounts(container, verifier).map(([mount, message]) => at(`containers[${index}].volumeMounts[${mount}]`, message))),
      ...list(verifier.podSpec.volumes).map(fieldsOf).flatMap((volume, index) => wrongSource(volume, folders.get(volume.name) ?? []).map((message) => at(`volumes[${index}]`, message))),
    ];
  }),
};

/** Where the engine mounts, and the kind of volume that belongs there. */
const FOLDERS: ReadonlyArray<readonly [folder: RegExp, source: string]> = [
  [/^\/etc\/proofgate\/(?:policy|exemption|deny-list|trust-root|registries)[a-z0-9.-]*$/, 'configMap'],
  [/^\/etc\/proofgate\/registry-ca\/[a-z0-9][a-z0-9.-]*$/, 'configMap'],
  [/^\/etc\/proofgate\/registry-credentials\/[a-z0-9][a-z0-9.-]*$/, 'secret'],
  [/^\/etc\/proofgate\/registry-tokens$/, 'projected'],
  [/^\/etc\/proofgate\/tls$/, 'secret'],
  [/^\/var\/run\/secrets\/kubernetes\.io\/serviceaccount$/, 'projected'],
];

/** Of a folder as a whole; others choose files in it. */
const MOUNT_FIELDS = ['mountPath', 'name', 'readOnly'];

function wrongMounts({ volumeMounts }: Fields, { podSpec }: Verifier): Array<[index: number, message: string]> {
  const mounts = list(volumeMounts).map(fieldsOf);
  const volumes = volumesByName(podSpec);
  const first = new Map(mounts.map(({ mountPath }, index) => [mountPath, index] as const).reverse());
  return mounts.flatMap((mount, index): Array<[number, string]> => {
    const { name, mountPath } = mount;
    const [, source] = FOLDERS.find(([folder]) => typeof mountPath === 'string' && folder.test(mountPath)) ?? [];
    const volume = volumes.get(name);
    const isTwice = first.get(mountPath) !== index;
    return [
      ...(source === undefined || isTwice ? [[index, `${show(name)} is mounted at ${show(mountPath)}, where the synthesis mounts ${isTwice ? 'something else' : 'nothing'}.`] as [number, string]] : []),
      ...(source !== undefined && volume?.[source] === undefined ? [[index, `${show(name)} is mounted at ${show(mountPath)} and is no ${source}.`] as [number, string]] : []),
      ...Object.entries(mount).filter(([field, value]) => value !== null && !MOUNT_FIELDS.includes(field)).map(([field, value]): [number, string] => [index, `${field} is ${show(value)}; the synthesis does not set it.`]),
    ];
  });
}

/** What a volume may say about its source; `items` and `optional` would change which files there are. */
const SOURCES: { readonly [source: string]: readonly string[] } = {
  configMap: ['name', 'defaultMode'],
  secret: ['secretName', 'defaultMode'],
  projected: ['sources', 'defaultMode'],
};

/** Where each volume is mounted, by its name. */
function mountFolders({ containers }: Verifier): ReadonlyMap<unknown, readonly unknown[]> {
  const folders = new Map<unknown, unknown[]>();
  containers.flatMap(({ volumeMounts }) => list(volumeMounts).map(fieldsOf)).forEach(({ name, mountPath }) => {
    folders.set(name, folders.get(name) ?? []).get(name)?.push(mountPath);
  });
  return folders;
}

function wrongSource(volume: Fields, folders: readonly unknown[]): string[] {
  const isForRegistries = folders.length > 0 && folders.every((folder) => folder === '/etc/proofgate/registry-tokens');
  return Object.keys(SOURCES).flatMap((source) => [
    ...Object.entries(fieldsOf(volume[source])).filter(([field, value]) => value !== null && SOURCES[source]?.includes(field) === false).map(([field]) => `${source}.${field} is set, which the synthesis does not.`),
    ...list(fieldsOf(volume[source]).sources).map(fieldsOf).filter((projected) => !isOwnToken(projected, isForRegistries)).map((projected) => `${show(projected)} is no token of the account.`),
  ]);
}

/** What Kubernetes itself would mount for an account; to registries, a token that is for nobody else. */
function isOwnToken(source: Fields, isForRegistries: boolean): boolean {
  const [[kind, content] = [], ...others] = Object.entries(source).filter(([, value]) => value !== null);
  const { name, audience } = fieldsOf(content);
  if (isForRegistries) {
    return others.length === 0 && kind === 'serviceAccountToken' && typeof audience === 'string' && audience !== '';
  }
  return others.length === 0 && (kind === 'downwardAPI' || (kind === 'configMap' && name === 'kube-root-ca.crt') || (kind === 'serviceAccountToken' && (audience ?? null) === null));
}
