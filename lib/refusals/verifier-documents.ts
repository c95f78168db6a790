import { ImageExemption, ImagePolicy, PolicyDocument } from '../policy/document';
import { EngineId, isEngine } from './capabilities';
import { LocatedDocument, Subject } from './rule';

/** A document of one kind, and where it is. */
export interface Located<D extends PolicyDocument> extends LocatedDocument {
  readonly document: D;
}

/** The documents that belong together. */
export interface VerifierDocuments {
  readonly policies: ReadonlyArray<Located<ImagePolicy>>;
  readonly exemptions: ReadonlyArray<Located<ImageExemption>>;
}

/** The documents of each verifier, which its namespace tells, and of each object of another engine; bare ones count as one verifier's. */
export function verifierDocuments({ documents }: Subject): VerifierDocuments[] {
  const owners = new Map<string, LocatedDocument[]>();
  for (const located of documents) {
    const { source, engine } = located;
    const owner = source.kind === 'ConfigMap' ? source.namespace : engine === undefined ? '' : source.id;
    owners.set(owner, [...owners.get(owner) ?? [], located]);
  }
  return [...owners.values()].map((all) => ({
    policies: all.filter((located): located is Located<ImagePolicy> => located.document.kind === 'ImagePolicy'),
    exemptions: all.filter((located): located is Located<ImageExemption> => located.document.kind === 'ImageExemption'),
  }));
}

/** What enforces a document: the bundled verifier's are in ConfigMaps, those of other engines are labelled; nobody knows who enforces a bare one. */
export function engineOf({ engine, source }: LocatedDocument): EngineId | undefined {
  return isEngine(engine) ? engine : source.kind === 'ConfigMap' ? 'webhook' : undefined;
}
