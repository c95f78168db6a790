import { BundledPackage } from './application';
import { Lock, LockedNpmPackage, LockedPackage } from './lock';
import { Pin } from './pin';
import { Architecture, PLATFORMS } from './platform';

export const CYCLONEDX = 'application/vnd.cyclonedx+json';

/** What an image is made of. */
export interface Materials {
  readonly lock: Pick<Lock, 'suite' | 'debian'>;
  readonly node: (name: string) => LockedNpmPackage;
  readonly bundled: readonly BundledPackage[];
}

/** Something that is in the image, or that went into making it. */
export interface Material {
  readonly name: string;
  readonly version: string;
  /** Package URL (purl-spec). */
  readonly purl: string;
  readonly hash: { readonly algorithm: 'SHA-256' | 'SHA-512'; readonly hex: string };
  /** SPDX expression, where the package says one. */
  readonly license?: string;
  readonly cpe?: string;
}

/** Everything in the image, on any of its platforms: what Debian, Node and npm made, each once. */
export function materialsOf({ lock, node, bundled }: Materials): Material[] {
  const debian = PLATFORMS.flatMap(({ architecture }) => lock.debian[architecture].map((locked) => debianMaterial(locked, lock.suite)));
  const nodes = PLATFORMS.map(({ architecture, node: name }) => nodeMaterial(node(name), architecture));
  const all = [...debian, ...nodes, ...bundled.map(npmMaterial)];
  return [...new Map(all.map((material) => [material.purl, material])).values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

/** A CycloneDX 1.6 document of the image, without a time or a serial number of its own: the same image has the same one. */
export function billOfMaterials(image: Pin, materials: readonly Material[]): object {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      component: { 'type': 'container', 'bom-ref': imagePurl(image), 'name': image.repository, 'version': image.digest, 'purl': imagePurl(image), 'licenses': [{ expression: 'Apache-2.0' }] },
    },
    components: materials.map(({ name, version, purl, hash, license, cpe }) => ({
      'type': cpe === undefined ? 'library' : 'platform',
      'bom-ref': purl,
      name,
      version,
      purl,
      'hashes': [{ alg: hash.algorithm, content: hash.hex }],
      ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
      ...(cpe === undefined ? {} : { cpe }),
    })),
    dependencies: [{ ref: imagePurl(image), dependsOn: materials.map(({ purl }) => purl) }],
  };
}

function imagePurl({ repository, digest }: Pin): string {
  return `pkg:oci/${repository.slice(repository.lastIndexOf('/') + 1)}@${encodeURIComponent(digest)}?repository_url=${repository}`;
}

function debianMaterial({ name, version, path, sha256 }: LockedPackage, suite: string): Material {
  const architecture = /_([^_]+)\.deb$/.exec(path)?.[1] ?? '';
  return {
    name,
    version,
    purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}&distro=${suite}`,
    hash: { algorithm: 'SHA-256', hex: sha256 },
  };
}

function nodeMaterial(locked: LockedNpmPackage, architecture: Architecture): Material {
  return {
    name: 'node',
    version: locked.version,
    // Named by what was downloaded; vulnerabilities are found by the name that the database of NIST has for it.
    purl: `pkg:npm/${locked.name}@${locked.version}?arch=${architecture}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${locked.version}:*:*:*:*:*:*:*`,
    hash: npmHash(locked),
    license: 'MIT',
  };
}

function npmMaterial(locked: BundledPackage): Material {
  return {
    name: locked.name, version: locked.version, purl: `pkg:npm/${locked.name.replace('@', '%40')}@${locked.version}`, hash: npmHash(locked), license: locked.license,
  };
}

function npmHash({ integrity }: LockedNpmPackage): Material['hash'] {
  return { algorithm: 'SHA-512', hex: Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex') };
}
