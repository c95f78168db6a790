import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layerOf } from '../../../image/layer';
import { bundleBytes, githubRun, SigstoreWorld, signStatement } from '../../support/sigstore';
import { HOST } from '../cases/images';
import { attachBundle } from '../harness/images';
import type { OciRegistry } from '../harness/registry';

/** Images that really run, named by digest; all of them wait until they are ended, or do what their command says. */
export interface RunnableImages {
  /** Holds a Pod's namespaces; no policy is asked about it. */
  readonly pause: string;
  /** Signed as the policy `tools` wants it. */
  readonly signed: string;
  /** Signed as well, another digest. */
  readonly alsoSigned: string;
  /** Signed as well, and first asked for when something is broken. */
  readonly late: string;
  readonly unsigned: string;
  /** Signed by the right identity of a Sigstore instance that only `trustedRootWithPartner` names. */
  readonly partner: string;
}

const RELEASE = githubRun({ ref: 'refs/tags/v1.2.3' });
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const WAIT = 'trap "exit 0" TERM; while :; do sleep 1; done';

/** Makes and signs the images of the node test, out of one program. */
export class NodeImages {
  private readonly own = SigstoreWorld.create({ name: 'own.test' });
  private readonly partner = SigstoreWorld.create({ name: 'partner.test' });

  /** @param debian - folder of the unpacked Debian packages */
  constructor(private readonly debian: string) {}

  get trustedRoot(): string {
    return JSON.stringify(this.own.trustedRoot);
  }

  /** The same and the partner's instance. */
  get trustedRootWithPartner(): string {
    const partner = this.partner.trustedRoot as unknown as { [list: string]: unknown };
    return JSON.stringify(Object.fromEntries(Object.entries(this.own.trustedRoot).map(([name, value]) => {
      const more = partner[name];
      return [name, Array.isArray(value) && Array.isArray(more) ? [...value as unknown[], ...more as unknown[]] : value as unknown];
    })));
  }

  /** Pushes every image; the same digests each time. */
  async push(registry: OciRegistry): Promise<RunnableImages> {
    return {
      pause: await this.image(registry, 'node/pause'),
      signed: await this.image(registry, 'tools/app', this.own),
      alsoSigned: await this.image(registry, 'tools/app-2', this.own),
      late: await this.image(registry, 'tools/late', this.own),
      unsigned: await this.image(registry, 'tools/unsigned'),
      partner: await this.image(registry, 'tools/partner', this.partner),
    };
  }

  private async image(registry: OciRegistry, repository: string, signer?: SigstoreWorld): Promise<string> {
    const layer = await layerOf(new Map([['bin/busybox', { type: 'file', executable: true, content: readFileSync(join(this.debian, 'bin/busybox')) }]]));
    await registry.pushBlob(repository, layer.blob);
    const config = Buffer.from(JSON.stringify({
      architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [layer.diffId] },
      config: { Entrypoint: ['/bin/busybox', 'sh', '-c', WAIT], Env: ['PATH=/bin'], Labels: { repository } },
    }));
    const manifest = Buffer.from(JSON.stringify({
      schemaVersion: 2, mediaType: OCI_MANIFEST,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: await registry.pushBlob(repository, config), size: config.length },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: layer.digest, size: layer.size }],
    }));
    const digest = await registry.pushManifest(repository, OCI_MANIFEST, manifest);
    if (signer) {
      await attachBundle(registry, repository, bundleBytes(signer.signKeyless(RELEASE, signStatement(digest))), { digest, size: manifest.length });
    }
    return `${HOST}/${repository}@${digest}`;
  }
}
