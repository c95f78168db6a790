import { writeCaBundle } from '../cluster/ca-bundle';
import { FoundConfigurations } from '../../engines/webhook/drift';
import { ApiClient } from '../cluster/api-client';
import { describeCall, statusOf } from '../cluster/connect';
import { pathOfSecret, Secret } from '../cluster/secret';
import { Logger } from '../observe/log';
import { ServingCertificate } from '../server/server';
import { advance, Authorities, bundleOf, fromSecretData, replaceLost, toSecretData } from './authorities';
import { Authority, endOf, loadMint, madeAt, mintServing } from './authority';
import { CertificateSource } from './certificates';

export interface SelfManagedOptions {
  /** Without a cluster the authority lives in memory and its certificate is logged, to be registered by hand. */
  readonly cluster: ApiClient | undefined;
  readonly namespace: string;
  /** Of the Service, the Secret and the webhook configurations. */
  readonly name: string;
  /** Milliseconds. */
  readonly caLifetime: number;
  /** What in the webhook configurations is not as it should be, one line for each difference. */
  readonly drift: (found: FoundConfigurations) => readonly string[];
  readonly log: Logger;
}

/** A serving certificate lives at most this long, in milliseconds. */
const SERVING_LIFETIME = 7 * 24 * 60 * 60 * 1000;

/** How often the Secret and the webhook configurations are looked at, at most; in milliseconds. */
const INTERVAL = 10_000;

/**
 * A serving certificate from an authority that the replicas share in a Secret and publish as `caBundle` themselves.
 *
 * Each replica issues its own certificate from the shared authority; changes to the Secret are compare-and-swap, so that
 * replicas that start or rotate together end with the same authority.
 */
export class SelfManagedCertificates implements CertificateSource {
  private authorities: Authorities | undefined;
  private serving: { readonly certificate: ServingCertificate; readonly by: Authority } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;
  private trouble: string | undefined;
  private differences: readonly string[] = [];

  constructor(private readonly options: SelfManagedOptions) {}

  async start(changed: (certificate: ServingCertificate) => void): Promise<ServingCertificate> {
    // What makes certificates is loaded while the cluster is asked for their authority.
    await Promise.all([this.reconcile(changed), loadMint()]);
    if (this.serving === undefined) {
      throw new Error(`no serving certificate can be made: ${this.trouble ?? 'unknown trouble'}`);
    }
    if (this.options.cluster === undefined) {
      const caBundle = this.authorities === undefined ? '' : Buffer.from(bundleOf(this.authorities)).toString('base64');
      this.options.log.warn({ event: 'self-managed-ca', caBundle, message: 'no cluster to keep the CA in; register this caBundle by hand' });
    }
    const interval = Math.min(INTERVAL, this.options.caLifetime / 20);
    this.timer = setInterval(() => {
      this.turn = this.turn.then(() => (this.stopped ? undefined : this.reconcile(changed)));
    }, interval);
    this.timer.unref();
    return this.serving.certificate;
  }

  ends(): number | undefined {
    return this.serving === undefined ? undefined : endOf(this.serving.certificate.certificate);
  }

  troubles(): readonly string[] {
    return this.trouble === undefined ? [] : [this.trouble];
  }

  drift(): number {
    return this.differences.length;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.options.cluster?.close();
    await this.turn;
  }

  /** One look at everything: authority, published bundle, own certificate. Never throws: trouble is told by readiness and log. */
  private async reconcile(changed: (certificate: ServingCertificate) => void): Promise<void> {
    try {
      this.authorities = await this.shareAuthorities();
      // Published before it is used: a certificate of an authority that nobody trusts yet would fail calls.
      await this.publish(this.authorities);
      await this.renew(this.authorities, changed);
      this.trouble = undefined;
    } catch (error) {
      if (this.stopped) {
        // Its calls were ended with it.
        return;
      }
      this.trouble = error instanceof TlsTrouble ? error.message : `the serving certificate cannot be kept up: ${describeCall(error)}`;
      this.options.log.error({ event: 'certificate-trouble', message: this.trouble });
    }
  }

  private async shareAuthorities(): Promise<Authorities> {
    const { cluster, caLifetime } = this.options;
    if (cluster === undefined) {
      return advance(this.authorities, caLifetime, Date.now());
    }
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const secret = await this.readSecret(cluster);
      const found = fromSecretData(secret.data);
      const wanted = found === undefined ? await replaceLost(this.authorities, caLifetime, Date.now()) : await advance(found, caLifetime, Date.now());
      if (wanted === found) {
        return wanted;
      }
      if (await this.writeSecret(cluster, secret, wanted)) {
        this.options.log.info({ event: 'authorities-changed', ends: new Date(endOf(wanted.current.certificate)).toISOString(), successor: wanted.next !== undefined });
        return wanted;
      }
    }
    throw new TlsTrouble(`Secret ${this.secretName} changes faster than it can be written; look who else writes it`);
  }

  private get secretName(): string {
    return `${this.options.namespace}/${this.options.name}-tls`;
  }

  private get secretPath(): string {
    return pathOfSecret(this.options.namespace, `${this.options.name}-tls`);
  }

  private async readSecret(cluster: ApiClient): Promise<Secret> {
    try {
      return await cluster.get<Secret>(this.secretPath);
    } catch (error) {
      const advice = statusOf(error) === 404 ? 'apply the synthesized manifests again, they contain it' : describeCall(error);
      throw new TlsTrouble(`Secret ${this.secretName} cannot be read: ${advice}`, { cause: error });
    }
  }

  /** @returns false when somebody else was faster */
  private async writeSecret(cluster: ApiClient, secret: Secret, wanted: Authorities): Promise<boolean> {
    try {
      await cluster.replace(this.secretPath, { ...secret, data: toSecretData(wanted) });
      return true;
    } catch (error) {
      if (statusOf(error) === 409) {
        return false;
      }
      throw new TlsTrouble(`Secret ${this.secretName} cannot be written: ${describeCall(error)}`, { cause: error });
    }
  }

  private async publish(authorities: Authorities): Promise<void> {
    const { cluster, name, log } = this.options;
    if (cluster === undefined) {
      return;
    }
    try {
      const { mended, found } = await writeCaBundle(cluster, name, bundleOf(authorities));
      if (mended > 0) {
        log.info({ event: 'ca-bundle-written', entries: mended });
      }
      this.differences = this.options.drift(found);
      if (this.differences.length > 0) {
        // Not a reason to be unready: the configurations are applied after the Deployment, and some tools wait for it first.
        log.warn({
          event: 'webhook-configuration-drift', name, differences: this.differences,
          message: 'what the API server asks is not what was synthesized: apply the manifests again, and find out who changed it',
        });
      }
    } catch (error) {
      throw new TlsTrouble(`caBundle of webhook configuration ${name} cannot be kept up: ${describeCall(error)}`, { cause: error });
    }
  }

  private async renew(authorities: Authorities, changed: (certificate: ServingCertificate) => void): Promise<void> {
    const now = Date.now();
    const { serving } = this;
    const fresh = serving !== undefined && serving.by.certificate === authorities.current.certificate && now < middleOf(serving.certificate.certificate);
    if (fresh) {
      return;
    }
    const service = `${this.options.name}.${this.options.namespace}`;
    const lifetime = Math.min(SERVING_LIFETIME, this.options.caLifetime / 4);
    const certificate = await mintServing(authorities.current, [`${service}.svc`, `${service}.svc.cluster.local`, 'localhost'], lifetime, now);
    this.serving = { certificate, by: authorities.current };
    changed(certificate);
    this.options.log.info({ event: 'certificate-changed', ends: new Date(endOf(certificate.certificate)).toISOString() });
  }
}

/** A trouble that is told as it is. */
class TlsTrouble extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TlsTrouble';
  }
}

function middleOf(certificate: string): number {
  return (madeAt(certificate) + endOf(certificate)) / 2;
}
