import { Command, Option } from 'commander';
import type { ImageAnswer } from '../../verifier/judge/image-judge';
import { startDeadline } from '../../verifier/deadline';
import { TrustRootOption } from '../../verifier/options';
import { loadPolicies } from '../../verifier/policies/load';
import { inParallel } from '../../verifier/in-parallel';
import { collect, Label, labelsOf, parseNamespace, parseNamespaceLabel, parseTrustRoot, refuseVerifierNamespace } from '../arguments';
import { EXIT, ExitCode } from '../exit';
import { filesOf } from '../manifests/find-files';
import { describeCoverage, enginesIn } from '../output/coverage';
import { printable } from '../output/printable';
import { outcomeOf, verdictsAsJson, verdictsAsText } from '../output/verdicts';
import { RequiredOption } from '../required-option';
import { Terminal } from '../terminal';

/** A person or a pipeline waits longer than an API server. */
const DEADLINE = 60_000;

/** Images that are judged at the same time. */
const PARALLEL = 8;

interface VerifyFlags {
  readonly policy: string[];
  readonly namespace: string;
  readonly namespaceLabel?: Label[];
  readonly trustRoot?: TrustRootOption[];
  readonly registryConfig?: string;
  readonly output: 'text' | 'json';
}

/** `proofgate verify`: what the webhook would say about these images, and why. */
export function verifyCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('verify')
    .description(`judge images as the webhook would; a registry that does not answer is waited for ${DEADLINE / 1_000} seconds for each image, of which ${PARALLEL} are judged at a time`)
    .argument('<image...>', 'references, by digest or by tag')
    .addOption(new RequiredOption('--policy <path>', 'policy document, synthesized manifest, or a folder of them; may be repeated').argParser(collect(String)))
    .option('--namespace <name>', 'namespace the images are meant for', parseNamespace, 'default')
    .option('--namespace-label <key=value>', 'a label of that namespace, for policies that select by label; may be repeated', collect(parseNamespaceLabel))
    .option('--trust-root <name=file>', 'a trusted_root.json under the name that policies use; may be repeated', collect(parseTrustRoot))
    .option('--registry-config <file>', 'settings by registry host: docs/registries.md')
    .addOption(new Option('--output <format>', 'how to print the result').choices(['text', 'json']).default('text'))
    .action(async (images: string[], flags: VerifyFlags) => {
      const labels = labelsOf(flags.namespace, flags.namespaceLabel);
      const namespace = { name: flags.namespace, ...(labels === undefined ? {} : { labels }) };
      const policies = await loadPolicies(await Promise.all(flags.policy.map(filesOf)));
      refuseVerifierNamespace(flags.namespace, policies.namespaces);
      const others = [...new Set(policies.otherEngines.map(({ engine }) => engine))];
      if (others.length > 0) {
        terminal.err.write(`proofgate: policies of another engine (${others.map((engine) => printable(JSON.stringify(engine))).join(', ')}) lie there as well and are not asked: it may refuse what is allowed here\n`);
      }
      const { assembleJudge } = await import('../../verifier/judge/assemble');
      const assembled = await assembleJudge({
        policies,
        trustRoots: flags.trustRoot ?? [],
        ...(flags.registryConfig === undefined ? {} : { registryConfig: flags.registryConfig }),
        budget: DEADLINE,
        // One look is not worth the wait: what ships is as old as the release, and a pipeline may be without a way out.
        refreshShipped: false,
        trustChanged: (event) => {
          if (event.event === 'trust-root-refresh-failed') {
            terminal.err.write(`proofgate: trust root ${event.trustRoot} could not be fetched: ${event.message}\n`);
          }
        },
        entry: terminal.entry,
        unexpected: (error) => terminal.err.write(`proofgate: unexpected error: ${error instanceof Error ? error.stack ?? error.message : String(error)}\n`),
      });
      assembled.unused.forEach((line) => terminal.err.write(`proofgate: ${line}\n`));
      try {
        await assembled.ready();
        let done = 0;
        const started = performance.now();
        const tell = (): void => terminal.progress(`verifying ${done}/${images.length} … ${Math.round((performance.now() - started) / 1_000)} s, at most ${DEADLINE / 1_000} s for an image`);
        tell();
        const ticking = setInterval(tell, 1_000);
        const answers = await inParallel(images, PARALLEL, async (reference): Promise<ImageAnswer> => {
          const deadline = startDeadline(DEADLINE);
          try {
            return await assembled.judge.judge({ reference, namespace, tags: 'resolve', policies: 'all', remember: true }, deadline);
          } finally {
            deadline.done();
            done += 1;
            tell();
          }
        }).finally(() => clearInterval(ticking));
        terminal.progress('');
        const verdicts = answers.map((answer) => answer.verdict);
        if (verdicts.some(({ reasons }) => reasons.some(({ code }) => code === 'NAMESPACE_UNKNOWN'))) {
          terminal.err.write(`proofgate: a policy selects namespaces by label: say which labels ${flags.namespace} has with --namespace-label KEY=VALUE\n`);
        }
        const outcomes = verdicts.map(outcomeOf);
        const elsewhere = enginesIn(policies.otherEngines, namespace);
        if (outcomes.includes('uncovered') && elsewhere.length === 0) {
          terminal.err.write(`proofgate: no policy covers the namespace ${flags.namespace}; they hold in ${describeCoverage(policies.documents)}: say with --namespace where the images are meant to run\n`);
        }
        terminal.out.write(flags.output === 'json' ? verdictsAsJson(verdicts, policies.set.digest, elsewhere) : verdictsAsText(verdicts, terminal.colour, elsewhere));
        exit(outcomes.every((outcome) => outcome === 'allowed') ? EXIT.ok : EXIT.refused);
      } finally {
        await assembled.close();
      }
    });
}
