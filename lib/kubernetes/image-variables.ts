import { podSpecOf } from './guard';

/** A variable of a ValidatingAdmissionPolicy. */
export interface Variable {
  readonly name: string;
  readonly expression: string;
}

/** Whole references as the container runtime reads them, of which `parseReference` refuses only what `ODD` finds. */
const REFERENCE = ((): string => {
  const label = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?';
  const component = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
  return `^(?:(?:${label}(?:\\.${label})*|\\[[0-9A-Fa-f:]+\\])(?::[0-9]+)?/)?${component}(?:/${component})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$`;
})();

/** An image's id, a digest or transport in place of a name, the digest of zeros. */
const ODD = '^[a-f0-9]{64}$|^(?:sha256|sha384|sha512|oci|oci-archive|docker-archive|docker-daemon|containers-storage):[^/]*$|@sha256:0{64}$';

/**
 * The images that a request adds: `variables.images`, each as its place, its text, its canonical name (`host/path`; empty for what cannot be read)
 * and its digest (empty where there is none).
 *
 * An update that leaves the image at a place as it was adds nothing there, as for the bundled verifier. Optional throughout: an error would deny as well, but without
 * saying why. There is no way to name a value within an expression, so that each step is a variable.
 */
export const IMAGE_VARIABLES: readonly Variable[] = [
  { name: 'podSpec', expression: podSpecOf('object') },
  { name: 'oldPodSpec', expression: `request.operation == 'UPDATE' ? (${podSpecOf('oldObject')}) : {}` },
  { name: 'uses', expression: usesOf('podSpec') },
  { name: 'oldUses', expression: usesOf('oldPodSpec') },
  { name: 'added', expression: 'variables.uses.filter(use, !(use in variables.oldUses))' },
  // Of a place and a text, which may hold spaces of its own.
  { name: 'texts', expression: 'variables.added.map(use, [use.substring(0, use.indexOf(\' \')), use.substring(use.indexOf(\' \') + 1)])' },
  {
    name: 'readable',
    expression: 'variables.texts.map(image, [image[0], image[1], size(image[1]) <= 1024 && '
      + `image[1].matches(${literal(REFERENCE)}) && !image[1].matches(${literal(ODD)}) ? image[1] : ''])`,
  },
  { name: 'named', expression: 'variables.readable.map(image, [image[0], image[1], image[2].split(\'@\')[0].find(\'^(?:[^/]*/)*[^:/]*\'), image[2].find(\'@.*$\')])' },
  // What stands before the first slash is a host if it looks like one.
  {
    name: 'hosts',
    expression: 'variables.named.map(image, [image[0], image[1], image[2], image[3], '
      + 'image[2].find(\'^[^/]*/\').matches(\'[.:A-Z]|^localhost/$\') ? image[2].find(\'^[^/]*/\') : \'\'])',
  },
  // Hosts know no capitals; only one that is a host for its capitals alone keeps them. Docker Hub in capitals is another registry to some, and none to us.
  {
    name: 'canonical',
    expression: 'variables.hosts.map(image, [image[0], image[1], image[2].substring(size(image[4])), image[3], '
      + 'image[4] == \'\' || image[4] in [\'docker.io/\', \'index.docker.io/\'] ? \'docker.io/\' : '
      + '(image[4].lowerAscii() in [\'docker.io/\', \'index.docker.io/\'] ? \'\' : (image[4].lowerAscii().matches(\'[.:]|^localhost/$\') ? image[4].lowerAscii() : image[4].upperAscii()))])',
  },
  {
    name: 'images',
    expression: 'variables.canonical.map(image, [image[0], image[1], image[2] == \'\' || image[4] == \'\' || size(image[2]) > 255 ? \'\' : '
      + '(image[4] == \'docker.io/\' && !image[2].contains(\'/\') ? \'docker.io/library/\' + image[2] : image[4] + image[2]), image[3].replace(\'@\', \'\')])',
  },
];

/** Place and text of everything that makes the kubelet pull. */
function usesOf(podSpec: string): string {
  return [
    ...['containers', 'initContainers', 'ephemeralContainers'].map((list) => (
      `variables.${podSpec}.?${list}.orValue([]).map(container, '${list}/' + container.name + ' ' + container.?image.orValue(''))`
    )),
    `variables.${podSpec}.?volumes.orValue([]).filter(volume, has(volume.image)).map(volume, 'volumes/' + volume.name + ' ' + volume.image.?reference.orValue(''))`,
  ].join(' + ');
}

/** Of our own text without quotes. */
function literal(expression: string): string {
  return `'${expression.replaceAll('\\', '\\\\')}'`;
}
