import { ConfigurationDigests } from './policies/digests';

/** How a verifier process is run; the command line and the tests fill it in. */
export interface VerifierOptions {
  /** Policy files: documents, or synthesized manifests that hold them. */
  readonly policies: readonly string[];
  /** What policies, trust roots and registry configuration must be. @default - whatever the files hold */
  readonly digests?: ConfigurationDigests;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls: TlsOptions;
  readonly trustRoots: readonly TrustRootOption[];
  /** Whether the trust roots that ship are refreshed over TUF. */
  readonly refreshShipped: boolean;
  readonly registryConfig?: string;
  /** @default - the Pod's own service account, where there is one */
  readonly kubeconfig?: string;
  /** File that worker threads run: `lib/verifier/sigstore/thread-main.ts`, bundled. */
  readonly entry: string;
  /** Milliseconds for one review. */
  readonly deadline: number;
  /** Namespace of the verifier's Service, TLS Secret and service account. */
  readonly namespace: string;
  /** Name of the Service, the TLS Secret and the webhook configurations. */
  readonly name: string;
}

export type TlsOptions = FileTls | SelfManaged;

export interface FileTls {
  readonly mode: 'files';
  readonly certificateFile: string;
  readonly keyFile: string;
}

export interface SelfManaged {
  readonly mode: 'self-managed';
  /** Milliseconds that a CA lives; it is replaced, with overlap, well before its end. */
  readonly caLifetime: number;
}

export interface TrustRootOption {
  readonly name: string;
  /** A `trusted_root.json`, or what says where one is fetched. */
  readonly file: string;
}

export const DEFAULT_DEADLINE = 8_000;
export const DEFAULT_CA_LIFETIME = 365 * 24 * 60 * 60 * 1000;
