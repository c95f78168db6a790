import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { decide } from '../../../lib/decide/decide';
import { parseReference } from '../../../lib/kubernetes/reference';
import { policySet } from '../../../lib/policy/policy-set';
import { parseDocument } from '../../../lib/policy/validate';
import { startDeadline } from '../../../lib/verifier/deadline';
import { VerifierError } from '../../../lib/verifier/ports';
import { OciRegistry as Client } from '../../../lib/verifier/registry';
import { TrustStore, verifyEvidence } from '../../../lib/verifier/sigstore/verify-evidence';
import { CorpusPolicy, documentOf } from '../../corpus/policy';
import { startDebianRegistry } from '../harness/debian-registry';
import { corpusFile, pushCorpusImage, pushFallbackTag, pushImage } from '../harness/images';
import type { Programs } from '../harness/process';
import { freePort } from '../../support/free-port';
import { OciRegistry } from '../harness/registry';
import type { Report } from '../harness/report';

const SIGNED = 'kl-gh-sign';

export interface RegistryPrograms {
  /** The registry built from pinned Go modules. */
  readonly registry: string;
  /** Debian's. */
  readonly debian: string;
}

type Start = (programs: Programs, binaries: RegistryPrograms, folder: string) => Promise<OciRegistry>;

/** The registries that are tried: by what they are, and whether signing tools list artifacts under a tag there. */
const KINDS: ReadonlyArray<{ readonly what: string; readonly fallback: boolean; readonly start: Start }> = [
  { what: 'a registry that follows the specification', fallback: false, start: built('referrers') },
  { what: 'go-containerregistry\'s registry with referrers', fallback: false, start: built('partial-referrers') },
  { what: 'go-containerregistry\'s registry without referrers', fallback: true, start: built('fallback') },
  { what: 'Debian\'s docker-registry', fallback: true, start: (programs, { debian }, folder) => startDebianRegistry(debian, programs, folder) },
];

/** The verifier's client reads what signing tools have made from registries that others have written. */
export async function registryCases(report: Report, programs: Programs, binaries: RegistryPrograms, folder: string): Promise<void> {
  for (const { what, fallback, start } of KINDS) {
    const registry = await report.case(`${what} starts`, () => start(programs, binaries, folder));
    if (registry === undefined) {
      continue;
    }
    await report.case(`${what}: an image that nobody signed has no signature, one that is not there is not found`, async () => {
      const digest = await pushImage(registry, 'c/unsigned', 'v1');
      assert.deepEqual(await judge(registry, 'c/unsigned:v1', policy('ok')), { digest, outcome: 'NO_SIGNATURE' });
      assert.equal((await judge(registry, 'c/unsigned:v2', policy('ok'))).outcome, 'IMAGE_NOT_FOUND');
      assert.equal((await judge(registry, 'c/absent:v1', policy('ok'))).outcome, 'IMAGE_NOT_FOUND');
    });
    await report.case(`${what}: a signed image is allowed for its signer, and for no other`, async () => {
      const digest = await pushCorpusImage(registry, 'c/signed', SIGNED);
      if (fallback) {
        assert.deepEqual(await judge(registry, `c/signed@${digest}`, policy('ok')), { digest, outcome: 'NO_SIGNATURE' });
        await pushFallbackTag(registry, 'c/signed', SIGNED);
      }
      assert.deepEqual(await judge(registry, `c/signed@${digest}`, policy('ok')), { digest, outcome: 'allowed' });
      assert.deepEqual(await judge(registry, `c/signed@${digest}`, policy('bad-san')), { digest, outcome: 'WRONG_IDENTITY' });
    });
    await registry.program.stop('SIGKILL');
    await report.case(`${what}: once it is gone, nothing is known`, async () => {
      assert.equal((await judge(registry, 'c/signed:v1', policy('ok'))).outcome, 'REGISTRY_UNAVAILABLE');
    });
  }
}

function built(kind: 'referrers' | 'partial-referrers' | 'fallback'): Start {
  return async (programs, { registry }, folder) =>
    OciRegistry.start({ folder, binaries: { registry } }, programs, { kind, address: '127.0.0.1', port: await freePort() });
}

/** The policy of one check of the corpus. */
function policy(name: string): CorpusPolicy {
  const { cases } = JSON.parse(corpusFile('corpus.json')) as { cases: ReadonlyArray<{ id: string; checks: ReadonlyArray<{ name: string; policy: CorpusPolicy }> }> };
  const found = cases.find(({ id }) => id === SIGNED)?.checks.find((check) => check.name === name)?.policy;
  assert.ok(found, `the corpus has no check ${SIGNED}/${name}`);
  return found;
}

async function judge({ host }: OciRegistry, image: string, of: CorpusPolicy): Promise<{ readonly digest?: string; readonly outcome: string }> {
  const data = join('test', 'corpus', 'data');
  const set = policySet([parseDocument(documentOf(of, host, data))]);
  const client = new Client(new Map([[host, { plainHttp: true }]]));
  const deadline = startDeadline(30_000);
  try {
    const reference = parseReference(`${host}/${image}`);
    const digest = await client.resolve(reference, deadline);
    const store = new TrustStore([{ name: 'corpus', json: corpusFile(join('trust', of.trustedRoot)) }]);
    const evidence = await client.bundles(reference, digest, deadline, async (bundles) =>
      verifyEvidence(bundles, set.policies.flatMap(({ attestors }) => Object.values(attestors)), store));
    const { allowed, reasons } = decide({ set, reference, digest, namespace: { name: 'default' }, evidence, content: { status: 'unread' }, now: Date.now() });
    return { digest, outcome: allowed ? 'allowed' : reasons.map(({ code }) => code).join(' ') };
  } catch (error) {
    if (error instanceof VerifierError) {
      return { outcome: error.code };
    }
    throw error;
  } finally {
    deadline.done();
    client.close();
  }
}
