import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiAnswer, KubernetesObject, WriteOptions } from '../harness/api';
import { accepted, type Cluster } from '../harness/cluster';
import { synthesizeExample } from '../../support/example';
import { startVerifierPod, VERIFIER_PORT } from '../harness/kubelet';
import type { CertificateAuthority } from '../harness/pki';
import type { Program, Programs } from '../harness/process';
import { OciRegistry } from '../harness/registry';
import type { Sandbox } from '../harness/sandbox';
import { HOST, Images, TestImages } from './images';

/** What the example's chart leaves at its defaults. */
export const VERIFIER = { namespace: 'proofgate', name: 'proofgate-verifier' } as const;

const REGISTRY_ADDRESS = '10.99.0.21';
const VERIFIER_ADDRESS = '10.99.0.12';
/** Where the cases create what they create; guarded like every other. */
export const NAMESPACE = 'shop';

/** A registry with images, and what `examples/private-sigstore` wrote about them; nothing is applied or started yet. */
export class Scene {
  static async prepare(cluster: Cluster, sandbox: Sandbox, programs: Programs): Promise<Scene> {
    const images = new TestImages();
    const trustedRoot = join(sandbox.folder, 'trusted_root.json');
    writeFileSync(trustedRoot, images.trustedRoot);
    const yaml = synthesizeExample('private-sigstore', join(sandbox.folder, 'example'), { REGISTRY: HOST, TRUSTED_ROOT: trustedRoot });
    sandbox.resolve(HOST, REGISTRY_ADDRESS);
    await cluster.createNamespace(NAMESPACE);
    const scene = new Scene(cluster, sandbox, programs, yaml, images);
    await scene.startRegistry();
    return scene;
  }

  private count = 0;
  private filled: Images | undefined;
  private registry: OciRegistry | undefined;
  private process: Program | undefined;

  private constructor(
    readonly cluster: Cluster,
    private readonly sandbox: Sandbox,
    private readonly programs: Programs,
    /** The file that the example wrote, byte for byte. */
    readonly yaml: string,
    private readonly testImages: TestImages,
  ) {}

  get images(): Images {
    assert.ok(this.filled, 'the registry was never started');
    return this.filled;
  }

  get verifier(): Program {
    assert.ok(this.process, 'the verifier was never started');
    return this.process;
  }

  /**
   * The registry loses what it holds when it is stopped: every start fills it again.
   *
   * @param authority - whose certificate it shows; by default the one that the ConfigMap holds
   */
  async startRegistry(authority: Pick<CertificateAuthority, 'issue'> = this.cluster): Promise<void> {
    const tls = await authority.issue({ commonName: 'registry', hosts: [HOST] });
    this.registry = await OciRegistry.start(this.sandbox, this.programs, { address: REGISTRY_ADDRESS, port: 443, tls });
    this.filled = await this.testImages.push(this.registry);
  }

  async stopRegistry(): Promise<void> {
    await this.registry?.program.stop('SIGKILL');
  }

  /** What the example's page says has to be there beside the file: the registry's certificate authority. */
  async createRegistryAuthority(): Promise<void> {
    accepted(await this.cluster.api.create({
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'registry-ca', namespace: VERIFIER.namespace }, data: { 'ca.crt': this.cluster.authorityCertificate },
    }));
  }

  /**
   * Starts the verifier as a Pod of its Deployment would be, and puts it behind its Service. Its authorities live for a minute instead of a
   * year, so that their rotation is seen.
   */
  async startVerifier(): Promise<void> {
    this.process = await this.startReplica(VERIFIER_ADDRESS);
    await this.serveFrom([VERIFIER_ADDRESS]);
  }

  /** One Pod of the Deployment at an address of its own; nobody asks it before its address is served from. */
  startReplica(address: string): Promise<Program> {
    return startVerifierPod(this.cluster, this.programs, VERIFIER, address, ['--ca-lifetime', '60']);
  }

  /** Puts what listens at these addresses behind the verifier's Service. */
  serveFrom(addresses: readonly string[]): Promise<void> {
    return this.cluster.setEndpoints(VERIFIER.namespace, VERIFIER.name, addresses.map((address) => ({ address, port: VERIFIER_PORT })));
  }

  /** Creates a Pod that runs these images. */
  create(images: readonly string[], options: WriteOptions = {}): Promise<ApiAnswer> {
    return this.cluster.api.create(this.pod(images), options);
  }

  pod(images: readonly string[], more: object = {}): KubernetesObject {
    return this.object('v1', 'Pod', { containers: images.map((image, index) => ({ name: `c${index}`, image })), ...more });
  }

  /** An object in a guarded namespace, with a name of its own. */
  object(apiVersion: string, kind: string, spec: object): KubernetesObject {
    return { apiVersion, kind, metadata: this.metadata(), spec };
  }

  metadata(): { name: string; namespace: string } {
    this.count += 1;
    return { name: `case-${this.count}`, namespace: NAMESPACE };
  }
}

/** A Pod of an image in the verifier's namespace, as the Pod Security level there takes it. @param scene - gives it a name */
export function inVerifierNamespace(scene: { readonly metadata: () => { readonly name: string } }, image: string): KubernetesObject {
  const securityContext = {
    runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' },
  };
  const metadata = { name: scene.metadata().name, namespace: VERIFIER.namespace };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'main', image, securityContext }] } };
}

/** The verifier's image, as the file names it. */
export function verifierImage(yaml: string): string {
  const [, image] = /^ +image: (\S+@sha256:[0-9a-f]{64})$/m.exec(yaml) ?? [];
  assert.ok(image, 'the file names no image');
  return image;
}
