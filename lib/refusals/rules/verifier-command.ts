import { Fields, fieldsOf, list } from '../fields';
import { KubernetesObject, Observation, Rule } from '../rule';
import { show } from '../show';
import { SHIPPED_TRUST_ROOTS, valuesOf, verifiers } from '../verifiers';

export const verifierCommand: Rule = {
  code: 'VERIFIER_COMMAND',
  title: 'The Pods of the verifier run something else than the verifier',
  why: 'The guard of its namespace trusts whatever the Deployment runs: another command, an environment variable or a second container answers in the verifier\'s place.',
  remedy: 'Keep the one container as the synthesis renders it: no command, no environment, only the arguments of serve; resources and probes may be tuned.',
  check: (subject) => verifiers(subject).flatMap(({ object, podSpec, containers, args }) => {
    const at = (path: string, message: string): Observation => ({ object: object.id, path: `spec.template.spec${path}`, message });
    const others = ['initContainers', 'ephemeralContainers'].filter((field) => list(podSpec[field]).length > 0);
    const [container = {}] = containers;
    return [
      ...(containers.length === 1 ? [] : [at('.containers', `There are ${containers.length} containers.`)]),
      ...others.map((field) => at(`.${field}`, 'Only one container runs beside nothing.')),
      ...Object.keys(container).filter((field) => !CONTAINER_FIELDS.has(field)).map((field) => at(`.containers[0].${field}`, `It is ${show(container[field])}; the synthesis does not set it.`)),
      ...onlySleeps(container.lifecycle) ? [] : [at('.containers[0].lifecycle', `It is ${show(container.lifecycle)}; nothing but a preStop that sleeps may stand there.`)],
      ...PROBES.filter((probe) => isCommand(container[probe])).map((probe) => at(`.containers[0].${probe}`, 'It runs a command in the container.')),
      ...wrongArguments(container, object).map((message) => at('.containers[0].args', message)),
      ...wrongDigests(args).map((message) => at('.containers[0].args', message)),
    ];
  }),
};

/** Everything that the verifier reads is to have one digest. */
function wrongDigests(args: readonly string[]): string[] {
  const named = (option: string): string[] => valuesOf(args, option).map((value) => value.slice(0, value.indexOf('=')));
  const count = (option: string, found: number, wanted: number, what: string): string[] => (
    found === wanted ? [] : [`${option} is given ${found} times${what}: without it, any content would do.`]
  );
  return [
    ...count('--policy-digest', valuesOf(args, '--policy-digest').length, 1, ''),
    ...new Set(named('--trust-root')).size < named('--trust-root').length ? ['A --trust-root is given twice.'] : [],
    ...[...new Set([...named('--trust-root'), ...named('--trust-root-digest')])].flatMap((name) => count(
      '--trust-root-digest', named('--trust-root-digest').filter((other) => other === name).length, named('--trust-root').includes(name) ? 1 : 0, ` for ${show(name)}`)),
    ...count('--registry-config-digest', valuesOf(args, '--registry-config-digest').length, valuesOf(args, '--registry-config').length, ''),
  ];
}

const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];

/** What the engine renders, may be tuned, or is added by the API server. */
const CONTAINER_FIELDS = new Set([
  'args', 'image', 'imagePullPolicy', 'lifecycle', 'name', 'ports', 'resizePolicy', 'resources', 'securityContext', 'terminationMessagePath', 'terminationMessagePolicy', 'volumeMounts', ...PROBES,
]);

/** Every other hook runs a command or has the kubelet ask somebody. */
function onlySleeps(lifecycle: unknown): boolean {
  const { preStop = {}, ...others } = fieldsOf(lifecycle);
  return [...Object.keys(others), ...Object.keys(fieldsOf(preStop)).filter((action) => action !== 'sleep')].length === 0;
}

function isCommand(probe: unknown): boolean {
  return fieldsOf(probe).exec !== undefined;
}

/** Options of `serve` with what their values must be; those that lead the process elsewhere are not among them. */
const OPTIONS: { readonly [option: string]: (value: string, deployment: KubernetesObject) => boolean } = {
  '--policy': () => true,
  '--policy-digest': isDigest,
  // Under the name of one that ships, it would take its place.
  '--trust-root': (value) => value.includes('=') && !SHIPPED_TRUST_ROOTS.includes(value.slice(0, value.indexOf('='))),
  '--trust-root-digest': (value) => isDigest(value.slice(value.indexOf('=') + 1)),
  '--shipped-trust-roots': (value) => value === 'keep' || value === 'refresh',
  '--registry-config': () => true,
  '--registry-config-digest': isDigest,
  '--listen': (value) => value.startsWith('0.0.0.0:') || value.startsWith('[::]:'),
  '--tls': (value) => value === 'self-managed',
  '--tls-cert': () => true,
  '--tls-key': () => true,
  '--deadline': (value) => /^\d+(?:\.\d+)?$/.test(value),
  '--namespace': (value, { namespace }) => value === namespace,
  '--name': (value, { name }) => value === name,
};

function isDigest(value: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(value);
}

function wrongArguments({ args }: Fields, deployment: KubernetesObject): string[] {
  const [command, ...rest] = list(args);
  if (command !== 'serve') {
    return [`The first argument is ${show(command)}.`];
  }
  // "--option=value" is two arguments in one.
  const words = rest.flatMap((arg) => (typeof arg === 'string' && /^--[a-z-]+=/.test(arg) ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] : [arg]));
  return words.flatMap((option, index) => {
    if (index % 2 === 1) {
      return [];
    }
    const value = words[index + 1];
    const isSound = typeof option === 'string' && Object.hasOwn(OPTIONS, option) && typeof value === 'string' && OPTIONS[option]?.(value, deployment) === true;
    return isSound ? [] : [`${show(option)} ${show(value)} is not what the synthesis renders.`];
  });
}
