import { ServingCertificate } from '../server/server';

/** Where the serving certificate comes from, and how it changes while the server runs. */
export interface CertificateSource {
  /**
   * Obtains the first certificate; afterwards `changed` is called with each new one.
   *
   * @throws Error with a readable message when there is none to be had
   */
  start(changed: (certificate: ServingCertificate) => void): Promise<ServingCertificate>;
  /** When the certificate in use ends, in milliseconds since the epoch; `undefined` before `start`. */
  ends(): number | undefined;
  /** Why the API server may not trust the certificate right now; empty when all is well. */
  troubles(): readonly string[];
  /** How many differences there are between the webhook configurations and what was synthesized; `undefined` where nobody looks. */
  drift(): number | undefined;
  stop(): Promise<void>;
}
