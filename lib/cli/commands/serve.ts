import { Command, Option } from 'commander';
import { DEFAULT_CA_LIFETIME, DEFAULT_DEADLINE, TlsOptions, TrustRootOption } from '../../verifier/options';
import { collect, parseDigest, parseListen, parseNamedDigest, parseNamespace, parseSeconds, parseTrustRoot } from '../arguments';
import type { ConfigurationDigests } from '../../verifier/policies/digests';
import { EXIT, ExitCode, UsageError } from '../exit';
import { RequiredOption } from '../required-option';
import { Terminal } from '../terminal';

interface ServeFlags {
  readonly policy: string[];
  readonly policyDigest?: string;
  readonly shippedTrustRoots: 'refresh' | 'keep';
  readonly trustRootDigest?: Array<readonly [name: string, digest: string]>;
  readonly registryConfigDigest?: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tls?: 'self-managed';
  readonly caLifetime: number;
  readonly trustRoot?: TrustRootOption[];
  readonly registryConfig?: string;
  readonly kubeconfig?: string;
  readonly deadline: number;
  readonly namespace: string;
  readonly name: string;
}

/** `proofgate serve`: the admission webhook as a process, until SIGTERM or SIGINT. */
export function serveCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('serve')
    .description('run the admission webhook')
    .addOption(new RequiredOption('--policy <file>', 'policy document or synthesized manifest; may be repeated').argParser(collect(String)))
    .option('--policy-digest <digest>', 'what the policies must be together, sha256:…; all else that is read needs its digest then', parseDigest('--policy-digest'))
    .addOption(new RequiredOption('--listen <host:port>', 'address to listen on; port 0 takes a free one').argParser(parseListen))
    .option('--tls-cert <file>', 'serving certificate chain, PEM; read again when it changes (required without --tls)')
    .option('--tls-key <file>', 'its key, PEM (required with --tls-cert)')
    .addOption(new Option('--tls <mode>', 'self-managed: an own CA, kept in the Secret NAMESPACE/NAME, written into the webhook configurations').choices(['self-managed']))
    .addOption(new Option('--ca-lifetime <seconds>', 'how long a self-managed CA lives').argParser(parseSeconds('--ca-lifetime', 20, 10 * 365 * 86_400)).default(DEFAULT_CA_LIFETIME, 'one year'))
    .option('--trust-root <name=file>', 'a trusted_root.json, or a file that says where one is fetched, under the name that policies use; may be repeated', collect(parseTrustRoot))
    .addOption(new Option('--shipped-trust-roots <mode>', 'refresh: keep sigstore and github up to date over TUF; keep: as they ship').choices(['refresh', 'keep']).default('refresh'))
    .option('--trust-root-digest <name=digest>', 'what the file of a trust root must be; may be repeated', collect(parseNamedDigest))
    .option('--registry-config <file>', 'settings by registry host: docs/registries.md')
    .option('--registry-config-digest <digest>', 'what the registry configuration must be', parseDigest('--registry-config-digest'))
    .option('--kubeconfig <file>', 'cluster to work with (default: the one it runs in)')
    .addOption(new Option('--deadline <seconds>', 'time for one review, below the webhook\'s timeoutSeconds').argParser(parseSeconds('--deadline', 0.5, 29)).default(DEFAULT_DEADLINE, '8'))
    .option('--namespace <name>', 'namespace of the verifier', parseNamespace, 'proofgate')
    .option('--name <name>', 'name of its Service, Secret and webhook configurations', 'proofgate-verifier')
    .action(async (flags: ServeFlags) => {
      const { startVerifier } = await import('../../verifier/process');
      const trust = { trustRoots: flags.trustRoot ?? [], refreshShipped: flags.shippedTrustRoots === 'refresh' };
      const configuration = { policies: flags.policy, ...trust, ...digestsOf(flags) };
      const verifier = await startVerifier({ ...flags, ...configuration, tls: tlsOf(flags), entry: terminal.entry }, terminal.out);
      terminal.out.write(`${JSON.stringify({ event: 'listening', address: verifier.address, policyDigest: verifier.policyDigest })}\n`);
      const stop = (): void => void verifier.stop().then(() => exit(EXIT.ok));
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
    });
}

function digestsOf({ policyDigest, trustRootDigest = [], registryConfigDigest }: ServeFlags): { readonly digests?: ConfigurationDigests } {
  if (policyDigest === undefined) {
    if (trustRootDigest.length > 0 || registryConfigDigest !== undefined) {
      throw new UsageError('--trust-root-digest and --registry-config-digest belong beside --policy-digest: with it everything that is read has a digest, without it nothing');
    }
    return {};
  }
  const trustRoots = new Map(trustRootDigest);
  if (trustRoots.size < trustRootDigest.length) {
    throw new UsageError('--trust-root-digest is given twice for one name; keep one');
  }
  return { digests: { policies: policyDigest, trustRoots, ...registryConfigDigest === undefined ? {} : { registryConfig: registryConfigDigest } } };
}

function tlsOf(flags: ServeFlags): TlsOptions {
  const files = flags.tlsCert !== undefined || flags.tlsKey !== undefined;
  if (files === (flags.tls !== undefined)) {
    throw new UsageError('say where the serving certificate comes from: either --tls-cert FILE --tls-key FILE, or --tls self-managed');
  }
  if (flags.tls !== undefined) {
    return { mode: 'self-managed', caLifetime: flags.caLifetime };
  }
  if (flags.tlsCert === undefined || flags.tlsKey === undefined) {
    throw new UsageError('--tls-cert and --tls-key belong together; give both');
  }
  return { mode: 'files', certificateFile: flags.tlsCert, keyFile: flags.tlsKey };
}
