import { PolicyDocument } from '../../lib/policy/document';
import { policySet } from '../../lib/policy/policy-set';
import { startDeadline } from '../../lib/verifier/deadline';
import { Gate } from '../../lib/verifier/gate';
import { ImageAnswer, ImageJudge, ImageQuestion } from '../../lib/verifier/judge/image-judge';
import { VerdictCache } from '../../lib/verifier/judge/verdict-cache';
import { WaitingRoom } from '../../lib/verifier/waiting-room';
import { OciRegistry } from '../../lib/verifier/registry';
import { NamedRoot } from '../../lib/verifier/sigstore/trust-roots';
import { TrustStore, verifyEvidence } from '../../lib/verifier/sigstore/verify-evidence';
import { ownReaders } from './readers';
import { fixedTrust } from './trust';

/** Milliseconds for all questions. */
const PATIENCE = 30_000;

export interface FreshJudge {
  readonly documents: readonly PolicyDocument[];
  readonly trustRoots: readonly NamedRoot[];
  /** Registries that are read without TLS. */
  readonly hosts: readonly string[];
}

/** Asks a verifier that nobody has asked before, the way requests do; only the threads are left out. */
export async function withFreshJudge<T>(
  { documents, trustRoots, hosts }: FreshJudge, ask: (judge: (question: Pick<ImageQuestion, 'reference' | 'namespace'>) => Promise<ImageAnswer>) => Promise<T>,
): Promise<T> {
  const store = new TrustStore(trustRoots);
  const client = new OciRegistry(new Map(hosts.map((host) => [host, { plainHttp: true }])));
  const judge = new ImageJudge({
    set: policySet(documents),
    readers: ownReaders(client),
    trust: fixedTrust({ verify: (bundles, _digest, attestors) => Promise.resolve(verifyEvidence(bundles, attestors, store)) }),
    cache: new VerdictCache(),
    gate: new Gate(), room: new WaitingRoom(),
    budget: PATIENCE,
    now: Date.now,
    unexpected: (error) => {
      throw error;
    },
  });
  const deadline = startDeadline(PATIENCE);
  try {
    return await ask((question) => judge.judge({ ...question, tags: 'resolve', policies: 'all', remember: false }, deadline));
  } finally {
    deadline.done();
    client.close();
  }
}
