import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { policyControllerEngine } from '../../../lib/engines/policy-controller';
import type { Manifest } from '../../../lib/engines/manifest';
import type { AdmissionPolicySpec } from '../../../lib/kubernetes/guard';
import { cannotExpress } from '../../../lib/refusals';
import { selects } from '../../../lib/refusals/label-selector';
import { denials } from '../../kubernetes/admission-policy';
import { goVersion, prepare } from '../harness/binaries';
import type { Answer, JudgingEngine, Question } from './engine';
import { imagesOf } from './pod';
import { run, Said } from './program';
import type { TufMirror } from './tuf-mirror';

/** What policy-controller/go.mod pins. */
export const POLICY_CONTROLLER_VERSION = '0.15.1';

/** Paths of what judges an image by ClusterImagePolicies, and of what gives it its trust root. */
export interface PolicyControllerPrograms {
  readonly tester: string;
  readonly trust: string;
}

/** policy-controller's own tester, which has the judgement of the admission controller in it. @throws CannotRun */
export async function preparePolicyController(root: string): Promise<PolicyControllerPrograms> {
  const source = join(root, 'test/e2e/engines/policy-controller');
  const go = goVersion();
  return {
    tester: await prepare({
      source, name: 'policy-tester', title: `the tester of policy-controller ${POLICY_CONTROLLER_VERSION} (many minutes)`, ldflags: '-s -w',
      package: 'github.com/sigstore/policy-controller/cmd/tester',
    }, go),
    trust: await prepare({ source, name: 'policy-trust', title: 'what gives policy-controller its trust root', ldflags: '-s -w' }, go),
  };
}

/** policy-controller itself. @throws CannotRun */
export function preparePolicyControllerWebhook(root: string): Promise<string> {
  return prepare({
    source: join(root, 'test/e2e/engines/policy-controller'), name: 'policy-webhook', title: `policy-controller ${POLICY_CONTROLLER_VERSION} (many minutes)`, ldflags: '-s -w',
    package: 'github.com/sigstore/policy-controller/cmd/webhook',
  }, goVersion());
}

/**
 * What `PolicyControllerEngine` renders, unchanged: the floor as an evaluator of CEL sees it, and the ClusterImagePolicies by policy-controller's own tester for each image at
 * which its webhook looks.
 *
 * Namespaces in which a policy holds carry the label by which it is asked, and no others do.
 */
export function policyController(programs: PolicyControllerPrograms, mirror: TufMirror, folder: string): JudgingEngine {
  const authority = join(folder, 'policy-controller.pem');
  writeFileSync(authority, mirror.certificate);
  return {
    id: 'policy-controller',
    title: `policy-controller ${POLICY_CONTROLLER_VERSION}`,
    judge: async (question) => {
      const home = mkdtempSync(join(folder, 'policy-controller-'));
      try {
        return await judge(programs, { mirror, authority, folder, home }, question);
      } finally {
        rmSync(home, { recursive: true, force: true });
      }
    },
  };
}

interface Surroundings {
  readonly mirror: TufMirror;
  /** File with the certificate of the mirror. */
  readonly authority: string;
  readonly folder: string;
  /** Of this question alone. */
  readonly home: string;
}

async function judge({ tester, trust }: PolicyControllerPrograms, surroundings: Surroundings, { policy, pod, trustedRoot }: Question): Promise<Answer> {
  const engine = policyControllerEngine({ name: 'proofgate', version: POLICY_CONTROLLER_VERSION, namespace: 'cosign-system', trustRoot: 'test' });
  const cannot = [...cannotExpress('policy-controller', policy), ...engine.cannot?.(policy, []) ?? []];
  if (cannot.length > 0) {
    return { says: 'cannot', why: cannot.map(({ message }) => message).join('; ') };
  }
  const rendered = engine.render({ documents: [policy], trustRoots: [] });
  const namespace = pod.metadata.namespace ?? 'default';
  const labels = { 'kubernetes.io/metadata.name': namespace, 'team': 'shop' };
  const isBound = rendered.some((object) => object.kind === 'ValidatingAdmissionPolicyBinding' && object.metadata.name.startsWith('proofgate-floor-') && selects(selectorOf(object), labels));
  if (!isBound) {
    return { says: 'allow', why: 'not asked' };
  }
  const floor = rendered.find(({ kind, metadata: { name } }) => kind === 'ValidatingAdmissionPolicy' && name === 'proofgate-floor')?.['spec'] as AdmissionPolicySpec;
  const refused = denials(floor, { operation: 'CREATE', object: pod, namespace, namespaceLabels: { ...labels, 'policy.sigstore.dev/include': 'true' }, userInfo: { username: 'ada' }, rights: [] });
  const policies = join(surroundings.home, 'policies.yaml');
  writeFileSync(policies, rendered.filter(({ kind }) => kind === engine.keystone).map((object) => JSON.stringify(object)).join('\n---\n'));
  const env = { HOME: surroundings.home, SSL_CERT_FILE: surroundings.authority, ...trustedRoot === undefined ? {} : { TUF_ROOT: await cacheOf(trust, surroundings, trustedRoot) } };
  const { containers, initContainers, ephemeralContainers } = imagesOf(pod);
  for (const image of new Set([...containers, ...initContainers, ...ephemeralContainers])) {
    const answer = answerOf(await run(tester, ['-policy', policies, '-image', image, '-log-level', 'error'], env));
    refused.push(...answer === undefined ? [] : [answer]);
  }
  return { says: refused.length === 0 ? 'allow' : 'deny', why: refused.join('; ') };
}

function selectorOf({ spec }: Manifest): unknown {
  return (spec as { readonly matchResources?: { readonly namespaceSelector?: unknown } }).matchResources?.namespaceSelector;
}

/** A folder in which the tester finds this trust root, made once. */
async function cacheOf(trust: string, { mirror, authority, folder }: Surroundings, trustedRoot: string): Promise<string> {
  const cache = join(folder, `trust-${createHash('sha256').update(trustedRoot).digest('hex').slice(0, 16)}`);
  if (!existsSync(cache)) {
    mkdirSync(cache);
    const source = mirror.serve(trustedRoot);
    writeFileSync(join(cache, 'given.json'), JSON.stringify(source.root));
    const { code, output } = await run(trust, [source.mirror, join(cache, 'given.json')], { HOME: cache, TUF_ROOT: cache, SSL_CERT_FILE: authority });
    if (code !== 0) {
      throw new Error(`policy-controller does not take the trust root from its mirror:\n${output}`);
    }
  }
  return cache;
}

/** What it says against an image; `undefined` where it admits it. */
function answerOf({ code, output }: Said): string | undefined {
  if (code === 0) {
    return undefined;
  }
  const line = output.split('\n').find((text) => text.startsWith('{"errors"'));
  if (line !== undefined) {
    return (JSON.parse(line) as { readonly errors: readonly string[] }).errors.join('; ').replace(/\s+/g, ' ');
  }
  // What names no image is refused before anybody asks for a policy.
  if (/could not parse reference/.test(output)) {
    return output.trim();
  }
  throw new Error(`policy-controller's tester did not judge the image (exit code ${code}):\n${output}`);
}
