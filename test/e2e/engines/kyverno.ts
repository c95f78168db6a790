import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kyvernoEngine } from '../../../lib/engines/kyverno';
import { cannotExpress } from '../../../lib/refusals';
import { goVersion, prepare } from '../harness/binaries';
import type { Answer, JudgingEngine, Question } from './engine';
import { run, Said } from './program';
import type { TufMirror } from './tuf-mirror';

/** What kyverno/go.mod pins. */
export const KYVERNO_VERSION = '1.19.1';

/** The command line tool, which has the engine of the admission controller in it. @throws CannotRun */
export function prepareKyverno(root: string): Promise<string> {
  return prepare({
    source: join(root, 'test/e2e/engines/kyverno'), title: `the command line tool of Kyverno ${KYVERNO_VERSION} (many minutes)`, ldflags: '-s -w',
    package: 'github.com/kyverno/kyverno/cmd/cli/kubectl-kyverno',
  }, goVersion());
}

/** Kyverno's admission controller. @throws CannotRun */
export function prepareKyvernoController(root: string): Promise<string> {
  return prepare({
    source: join(root, 'test/e2e/engines/kyverno'), name: 'kyverno-controller', title: `Kyverno ${KYVERNO_VERSION} (many minutes)`, ldflags: '-s -w', package: 'github.com/kyverno/kyverno/cmd/kyverno',
  }, goVersion());
}

/** Kyverno's own engine over what `KyvernoEngine` renders, unchanged. */
export function kyverno(binary: string, mirror: TufMirror, folder: string): JudgingEngine {
  writeFileSync(join(folder, 'mirror.pem'), mirror.certificate);
  return {
    id: 'kyverno',
    title: `Kyverno ${KYVERNO_VERSION}`,
    judge: async (question) => {
      const home = mkdtempSync(join(folder, 'kyverno-'));
      try {
        return await judge(binary, mirror, join(folder, 'mirror.pem'), home, question);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

async function judge(binary: string, mirror: TufMirror, authority: string, home: string, { policy, pod, trustedRoot }: Question): Promise<Answer> {
  const trustRoots = trustedRoot === undefined ? [] : [{ name: 'test', json: JSON.stringify(mirror.serve(trustedRoot)) }];
  const engine = kyvernoEngine({ name: 'proofgate', version: KYVERNO_VERSION, namespace: 'kyverno', timeoutSeconds: 30 });
  const cannot = [...cannotExpress('kyverno', policy), ...engine.cannot?.(policy, trustRoots) ?? []];
  if (cannot.length > 0) {
    return { says: 'cannot', why: cannot.map(({ message }) => message).join('; ') };
  }
  const rendered = engine.render({ documents: [policy], trustRoots }).find(({ kind }) => kind === engine.keystone);
  writeFileSync(join(home, 'policy.yaml'), JSON.stringify(rendered));
  writeFileSync(join(home, 'pod.yaml'), JSON.stringify(pod));
  const namespace = pod.metadata.namespace ?? 'default';
  writeFileSync(join(home, 'values.yaml'), JSON.stringify({
    apiVersion: 'cli.kyverno.io/v1alpha1', kind: 'Values', metadata: { name: 'values' },
    namespaceSelector: [{ name: namespace, labels: { 'kubernetes.io/metadata.name': namespace, 'team': 'shop' } }],
  }));
  mkdirSync(join(home, 'home'));
  const apply = ['apply', join(home, 'policy.yaml'), '--resource', join(home, 'pod.yaml'), '--values-file', join(home, 'values.yaml'), '--remove-color'];
  const env = { HOME: join(home, 'home'), TUF_ROOT: join(home, 'home/tuf'), SSL_CERT_FILE: authority };
  const answer = answerOf(await run(binary, [...apply, '--policy-report'], env));
  if (answer !== undefined) {
    return answer;
  }
  // A policy that it could not read is not applied, and the run still ends well; only without a report it says how many it applied.
  const { code, output } = await run(binary, apply, env);
  if (!output.includes('Applying 1 policy rule(s) to 1 resource(s)')) {
    throw new Error(`Kyverno did not apply the policy (exit code ${code}):\n${output}`);
  }
  return { says: 'allow', why: 'not asked' };
}

/** What it says of the Pod; `undefined` where it says nothing, because the policy was not read or is not about the Pod. */
function answerOf({ code, output }: Said): Answer | undefined {
  const results = [...output.matchAll(/^\s*result: (\w+)$/gm)].map(([, result]) => result);
  const message = /^\s*- message: ([\s\S]*?)\n\s+policy:/m.exec(output)?.[1] ?? '';
  if (results.length === 0 && code === 0) {
    return undefined;
  }
  if (results.length !== 1) {
    throw new Error(`Kyverno gave ${results.length} results for one policy and one Pod (exit code ${code}):\n${output}`);
  }
  return { says: results[0] === 'pass' && code === 0 ? 'allow' : 'deny', why: message.replace(/\s+/g, ' ').trim() };
}
