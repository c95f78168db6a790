import { DebianPackage } from './deb';
import { Entries, Entry, textFile } from './entry';
import { linkedFiles } from './linked';

/** Files of packages that are taken as they are: licences, and by what the system is known. */
const TAKEN = /^(usr\/share\/doc\/[^/]+(\/copyright)?|usr\/share\/common-licenses\/[^/]+|(usr\/lib|etc)\/os-release|etc\/debian_version)$/;
const CERTIFICATE = /^usr\/share\/ca-certificates\/mozilla\/.*\.crt$/;

/** Written by hand: there are no other users, and names are looked up in /etc/hosts, which the runtime writes, then over DNS. */
const OWN: ReadonlyArray<readonly [path: string, text: string]> = [
  ['etc/passwd', 'root:x:0:0:root:/:/usr/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/usr/sbin/nologin\n'],
  ['etc/group', 'root:x:0:\nnonroot:x:65532:\n'],
  ['etc/nsswitch.conf', 'hosts: files dns\n'],
];

/**
 * What Node needs around it: the libraries that it is linked with, authorities for TLS, licences.
 *
 * @param packages - by name
 * @param program - Node, as an ELF file
 */
export function systemEntries(packages: ReadonlyMap<string, DebianPackage>, program: Buffer): Entries {
  const all = new Map([...packages.values()].flatMap(({ files }) => [...files]));
  const certificates = [...all].filter(([path]) => CERTIFICATE.test(path)).sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map<string, Entry>([
    ...linkedFiles(program, all),
    ...[...all].filter(([path]) => TAKEN.test(path)),
    // Scanners look here for packages of images that have no package manager.
    ...[...packages].map(([name, { control }]) => [`var/lib/dpkg/status.d/${name}`, { type: 'file', content: control, executable: false }] as const),
    ['etc/ssl/certs/ca-certificates.crt', textFile(certificates.map(([, entry]) => (entry.type === 'file' ? entry.content.toString() : '')).join(''))],
    ...OWN.map(([path, text]) => [path, textFile(text)] as const),
  ]);
}
