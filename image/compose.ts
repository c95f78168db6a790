import { sha256 } from './digest';
import { LayerDescriptor } from './lock';
import { Architecture, PerPlatform, PLATFORMS } from './platform';
import { NODE_ENVIRONMENT, NODE_FLAGS } from './process';

/** Descriptor of OCI. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string;
  readonly platform?: { readonly architecture: Architecture; readonly os: 'linux' };
  readonly annotations?: { readonly [name: string]: string };
}

/** An image of several platforms, apart from its layers. */
export interface ComposedImage {
  /** Its index, by which it is named. */
  readonly index: Descriptor;
  /** Indexes, manifests and configurations, by digest. */
  readonly documents: ReadonlyMap<string, Buffer>;
}

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
const OCI_LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** No time of building and no commit: the same content is the same image, whenever and from wherever it was made. */
const CREATED = '1970-01-01T00:00:00Z';
const ANNOTATIONS = {
  'org.opencontainers.image.title': 'proofgate verifier',
  'org.opencontainers.image.source': 'https://github.com/proofgate/proofgate',
  'org.opencontainers.image.licenses': 'Apache-2.0',
};

const VARIABLES = { NODE_ENV: 'production', PATH: '/usr/bin', SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt', ...NODE_ENVIRONMENT };

/** A layer and what it holds, for people. */
export interface NamedLayer {
  readonly holds: string;
  readonly layer: LayerDescriptor;
}

/** Image index, manifests and configurations over layers that are given from the lowest to the highest. */
export function composeImage(layers: PerPlatform<readonly NamedLayer[]>): ComposedImage {
  const documents = new Map<string, Buffer>();
  const add = (mediaType: string, content: object): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(content));
    const descriptor = describe(mediaType, bytes);
    documents.set(descriptor.digest, bytes);
    return descriptor;
  };
  const manifests = PLATFORMS.map(({ architecture }) => {
    const config = add(OCI_CONFIG, configuration(architecture, layers[architecture]));
    const descriptors = layers[architecture].map(({ layer: { digest, size } }) => ({ mediaType: OCI_LAYER, digest, size }));
    const manifest = add(OCI_MANIFEST, { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: descriptors, annotations: ANNOTATIONS });
    return { ...manifest, platform: { architecture, os: 'linux' } };
  });
  const index = add(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests, annotations: ANNOTATIONS });
  return { index, documents };
}

export function describe(mediaType: string, content: Uint8Array): Descriptor {
  return { mediaType, digest: sha256(content), size: content.length };
}

function configuration(architecture: Architecture, layers: readonly NamedLayer[]): object {
  return {
    architecture,
    os: 'linux',
    created: CREATED,
    config: {
      User: '65532:65532',
      // Authorities for TLS are those of the file, which the operator of a cluster may replace, and not those that Node was built with.
      Entrypoint: ['/usr/bin/node', '--use-openssl-ca', ...NODE_FLAGS, '/app/verifier.cjs'],
      Env: Object.entries(VARIABLES).map(([name, value]) => `${name}=${value}`),
      ExposedPorts: { '8443/tcp': {} },
      WorkingDir: '/',
      Labels: ANNOTATIONS,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ layer }) => layer.diffId) },
    history: layers.map(({ holds }) => ({ created: CREATED, created_by: 'npm run image', comment: holds })),
  };
}
