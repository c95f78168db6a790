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
  private readonly shape: string;

  constructor(roots: readonly NamedRoot[]) {
    this.materials = new Map(roots.map(({ name, json }) => [name, trustMaterialOf(name, json)]));
    this.shape = shapeOf(this.materials);
  }

  /** That nothing was taken out of it since it was made. @throws Error, which is the end of the thread */
  check(): void {
    const shape = shapeOf(this.materials);
    if (shape !== this.shape) {
      throw new Error(`the trust roots were ${this.shape} and are ${shape}`);
    }
  }

  tryGet(name: string): TrustMaterial | undefined {
    return this.materials.get(name);
  }
}

/**
 * Decodes every bundle and asks every anchor about it; synchronous, without side effects, never throws for what a bundle holds.
 *
 * A certificate that names none of the attestors can count for nobody: only of so many bundles from the first on is it checked whether it is genuine.
 *
 * @param attestors - everybody whose word may count; facts are good for no others
 * @throws Error for trust roots that are no longer whole
 */
export function verifyEvidence(attached: AttachedBundles, attestors: readonly NormalAttestor[], store: TrustStore, thorough = Infinity): EvidenceFound {
  store.check();
  const anchors = new Map<string, NormalAttestor[]>();
  attestors.forEach((attestor) => anchors.set(anchorOf(attestor), [...anchors.get(anchorOf(attestor)) ?? [], attestor]));
  const unsupported = attached.unsupported.map(({ digest, code, message }): Evidence => ({ digest, statement: { readable: false, code, message }, facts: {} }));
  return { status: 'found', pieces: [...attached.bundles.map((bundle, index) => verifyOne(bundle, attached.artifact, anchors, store, index < thorough)), ...unsupported] };
}

function verifyOne(
  attached: AttachedBundle, artifact: Uint8Array | undefined, anchors: ReadonlyMap<string, readonly NormalAttestor[]>, store: TrustStore, isThorough: boolean,
): Evidence {
  const { digest } = attached;
  try {
    const decoded = decodeBundle(attached, artifact);
    const facts = Object.fromEntries([...anchors].map(([anchor, attestors]) => [anchor, factOf(decoded, attestors, store, isThorough)]));
    return { digest, statement: decoded.statement, facts };
  } catch (error) {
    return { digest, statement: unreadable(error), facts: {} };
  }
}

/** @param attestors - of one anchor, at least one */
function factOf(decoded: DecodedBundle, attestors: readonly NormalAttestor[], store: TrustStore, isThorough: boolean): SignerFact | Unverified {
  const [anchor] = attestors;
  const material = anchor && store.tryGet(anchor.trustRoot);
  return anchor === undefined || material === undefined
    ? { verified: false, code: 'UNTRUSTED_CERTIFICATE', message: `the verifier was given no trust root ${anchor?.trustRoot}` }
    : verifyBundle(decoded, anchor, material, isThorough ? undefined : attestors);
}

/** How many authorities and logs each root has. */
function shapeOf(materials: ReadonlyMap<string, TrustMaterial>): string {
  return [...materials].map(([name, { certificateAuthorities, timestampAuthorities, tlogs, ctlogs }]) => (
    `${name} ${[certificateAuthorities, timestampAuthorities, tlogs, ctlogs].map(({ length }) => length).join('/')}`
  )).join(', ');
}

function unreadable(error: unknown): Unreadable {
  return error instanceof EvidenceFailure
    ? { readable: false, code: error.code, message: error.message }
    : { readable: false, code: 'MALFORMED', message: 'the bundle cannot be read' };
}
