import { TrustMaterial } from '@sigstore/verify';
import { Evidence, EvidenceFound, SignerFact, Unreadable, Unverified } from '../../decide/evidence';
import { anchorOf } from '../../policy/anchor';
import { NormalAttestor } from '../../policy/normal';
import { AttachedBundle, AttachedBundles } from '../ports';
import { DecodedBundle, decodeBundle } from './bundle';
import { EvidenceFailure } from './failure';
import { NamedRoot, trustMaterialOf } from './trust-roots';
import { verifyBundle } from './verify-bundle';

/** Trust material by name, made once for each root. */
export class TrustStore {
  private readonly materials: ReadonlyMap<string, TrustMaterial>;

  constructor(roots: readonly NamedRoot[]) {
    this.materials = new Map(roots.map(({ name, json }) => [name, trustMaterialOf(name, json)]));
  }

  tryGet(name: string): TrustMaterial | undefined {
    return this.materials.get(name);
  }
}

/** Decodes every bundle and asks every anchor about it; synchronous, without side effects, never throws for what a bundle holds. */
export function verifyEvidence(attached: AttachedBundles, attestors: readonly NormalAttestor[], store: TrustStore): EvidenceFound {
  const unsupported = attached.unsupported.map(({ digest, code, message }): Evidence => ({ digest, statement: { readable: false, code, message }, facts: {} }));
  return { status: 'found', pieces: [...attached.bundles.map((bundle) => verifyOne(bundle, attached.artifact, attestors, store)), ...unsupported] };
}

function verifyOne(attached: AttachedBundle, artifact: Uint8Array | undefined, attestors: readonly NormalAttestor[], store: TrustStore): Evidence {
  const { digest } = attached;
  try {
    const decoded = decodeBundle(attached, artifact);
    const facts = Object.fromEntries(attestors.map((attestor) => [anchorOf(attestor), factOf(decoded, attestor, store)]));
    return { digest, statement: decoded.statement, facts };
  } catch (error) {
    return { digest, statement: unreadable(error), facts: {} };
  }
}

function factOf(decoded: DecodedBundle, attestor: NormalAttestor, store: TrustStore): SignerFact | Unverified {
  const material = store.tryGet(attestor.trustRoot);
  return material === undefined
    ? { verified: false, code: 'UNTRUSTED_CERTIFICATE', message: `the verifier was given no trust root ${attestor.trustRoot}` }
    : verifyBundle(decoded, attestor, material);
}

function unreadable(error: unknown): Unreadable {
  return error instanceof EvidenceFailure
    ? { readable: false, code: error.code, message: error.message }
    : { readable: false, code: 'MALFORMED', message: 'the bundle cannot be read' };
}
