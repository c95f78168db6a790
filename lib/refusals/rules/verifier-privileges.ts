import { Fields, fieldsOf, list } from '../fields';
import { Observation, Rule } from '../rule';
import { show } from '../show';
import { verifiers } from '../verifiers';

export const verifierPrivileges: Rule = {
  code: 'VERIFIER_PRIVILEGES',
  title: 'The Pods of the verifier may do more than they need',
  why: 'They parse what strangers wrote; one that shares the node\'s network or files, or runs as root, turns a mistake there into the node, and the node into every verdict.',
  remedy: 'Keep the Pod specification as the synthesis renders it; where it runs, with how much and under which priority may be chosen.',
  check: (subject) => verifiers(subject).flatMap(({ object, podSpec, containers }) => [
    ...wrongPod(podSpec), ...containers.flatMap((container, index) => wrongContainer(container, index, fieldsOf(podSpec.securityContext))),
  ].map(({ path, message }): Observation => ({ object: object.id, path: `spec.template.spec.${path}`, message }))),
};

/** What the engine renders, says where and with what it runs, or is added by the API server. */
const POD_FIELDS = new Set([
  'affinity', 'automountServiceAccountToken', 'containers', 'dnsConfig', 'dnsPolicy', 'enableServiceLinks', 'ephemeralContainers', 'imagePullSecrets', 'initContainers', 'nodeSelector',
  'preemptionPolicy', 'priority', 'priorityClassName', 'restartPolicy', 'runtimeClassName', 'schedulerName', 'securityContext', 'serviceAccount', 'serviceAccountName',
  'terminationGracePeriodSeconds', 'tolerations', 'topologySpreadConstraints', 'volumes',
]);

const POD_SECURITY = new Set(['fsGroup', 'fsGroupChangePolicy', 'runAsGroup', 'runAsNonRoot', 'runAsUser', 'seccompProfile', 'supplementalGroups', 'supplementalGroupsPolicy']);

const CONTAINER_SECURITY = new Set(['allowPrivilegeEscalation', 'capabilities', 'privileged', 'readOnlyRootFilesystem', 'runAsGroup', 'runAsNonRoot', 'runAsUser', 'seccompProfile']);

/** Kinds of volumes that bring configuration and nothing of the node. */
const VOLUMES = new Set(['name', 'configMap', 'secret', 'projected', 'emptyDir']);

interface Place {
  readonly path: string;
  readonly message: string;
}

function wrongPod(podSpec: Fields): Place[] {
  const security = fieldsOf(podSpec.securityContext);
  const wrong = (path: string, value: unknown): Place => ({ path, message: `It is ${show(value)}.` });
  const volumes = list(podSpec.volumes).map(fieldsOf);
  return [
    ...unknownFields('', podSpec, POD_FIELDS),
    ...unknownFields('securityContext.', security, POD_SECURITY),
    ...(security.runAsNonRoot === true ? [] : [wrong('securityContext.runAsNonRoot', security.runAsNonRoot)]),
    ...(isConfined(security.seccompProfile) ? [] : [wrong('securityContext.seccompProfile', security.seccompProfile)]),
    ...volumes.flatMap((volume, index) => unknownFields(`volumes[${index}].`, volume, VOLUMES)),
  ];
}

function wrongContainer(container: Fields, index: number, pod: Fields): Place[] {
  const path = `containers[${index}]`;
  const security = fieldsOf(container.securityContext);
  const { add, drop } = fieldsOf(security.capabilities);
  const runsAs = (field: string): unknown => security[field] ?? pod[field];
  const demands: ReadonlyArray<readonly [string, boolean, unknown]> = [
    ['allowPrivilegeEscalation', security.allowPrivilegeEscalation === false, security.allowPrivilegeEscalation],
    ['capabilities', list(drop).includes('ALL') && list(add).length === 0, security.capabilities],
    ['privileged', (security.privileged ?? false) === false, security.privileged],
    ['readOnlyRootFilesystem', security.readOnlyRootFilesystem === true, security.readOnlyRootFilesystem],
    ['runAsNonRoot', runsAs('runAsNonRoot') === true, security.runAsNonRoot],
    ['runAsUser', runsAs('runAsUser') !== 0, security.runAsUser],
    ['seccompProfile', isConfined(runsAs('seccompProfile')), security.seccompProfile],
  ];
  const ports = list(container.ports).map(fieldsOf).flatMap(({ hostPort }, at) => ((hostPort ?? 0) === 0 ? [] : [{ path: `${path}.ports[${at}].hostPort`, message: `It is ${show(hostPort)}.` }]));
  return [
    ...unknownFields(`${path}.securityContext.`, security, CONTAINER_SECURITY),
    ...demands.filter(([, isMet]) => !isMet).map(([field, , value]) => ({ path: `${path}.securityContext.${field}`, message: `It is ${show(value)}.` })),
    ...ports,
  ];
}

function unknownFields(prefix: string, fields: Fields, known: ReadonlySet<string>): Place[] {
  return Object.keys(fields).filter((field) => !known.has(field)).map((field) => ({ path: `${prefix}${field}`, message: `It is ${show(fields[field])}; the synthesis does not set it.` }));
}

function isConfined(profile: unknown): boolean {
  const { type } = fieldsOf(profile);
  return type === 'RuntimeDefault' || type === 'Localhost';
}
