import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Logger } from '../observe/log';
import { readText } from '../read-text';
import { ServingCertificate } from '../server/server';
import { CertificateSource } from './certificates';

/** How often the files are read again; a mounted Secret changes within about a minute of the Secret itself. */
const INTERVAL = 10_000;

/** A certificate chain and key in two PEM files that somebody else renews, such as cert-manager through a mounted Secret. */
export class CertificateFiles implements CertificateSource {
  private certificate: ServingCertificate | undefined;
  private timer: NodeJS.Timeout | undefined;
  private trouble: string | undefined;

  constructor(private readonly certificateFile: string, private readonly keyFile: string, private readonly log: Logger) {}

  async start(changed: (certificate: ServingCertificate) => void): Promise<ServingCertificate> {
    const first = await this.read();
    this.certificate = first;
    this.timer = setInterval(() => void this.refresh(changed), INTERVAL);
    this.timer.unref();
    return first;
  }

  ends(): number | undefined {
    return this.certificate === undefined ? undefined : endOf(this.certificate);
  }

  troubles(): readonly string[] {
    return this.trouble === undefined ? [] : [this.trouble];
  }

  /** Whoever makes the certificate looks after the webhook configurations; what they are is not known here. */
  drift(): undefined {
    return undefined;
  }

  stop(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }

  private async refresh(changed: (certificate: ServingCertificate) => void): Promise<void> {
    try {
      const next = await this.read();
      this.trouble = undefined;
      if (next.certificate !== this.certificate?.certificate || next.key !== this.certificate.key) {
        this.certificate = next;
        changed(next);
        this.log.info({ event: 'certificate-changed', ends: new Date(endOf(next)).toISOString() });
      }
    } catch (error) {
      // The certificate in use goes on serving: a half-written pair is read again in a moment.
      this.trouble = error instanceof Error ? error.message : String(error);
      this.log.warn({ event: 'certificate-unreadable', message: this.trouble });
    }
  }

  private async read(): Promise<ServingCertificate> {
    const [certificate, key] = await Promise.all([readText(this.certificateFile, 'serving certificate'), readText(this.keyFile, 'key of the serving certificate')]);
    const parsed = parse(this.certificateFile, 'certificate', () => new X509Certificate(certificate));
    if (!parsed.checkPrivateKey(parse(this.keyFile, 'private key', () => createPrivateKey(key)))) {
      throw new Error(`the key in ${this.keyFile} does not belong to the certificate in ${this.certificateFile}`);
    }
    return { certificate, key };
  }
}

function parse<T>(file: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new Error(`${file} holds no ${what} in PEM that can be read (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}

function endOf(certificate: ServingCertificate): number {
  return Date.parse(new X509Certificate(certificate.certificate).validTo);
}
