import { VerifierError } from '../../../lib/verifier/ports';
import { parseListing } from '../../../lib/verifier/registry/listing';
import { checkUnambiguous, parseArtifact } from '../../../lib/verifier/registry/manifest';
import { Target } from '../fuzz';
import { JSON_TEXT } from '../json-mutations';
import { corpusBlobs } from '../seeds';
import { expectSame, read } from './refusal';

interface LooseManifest {
  readonly subject?: { readonly digest?: unknown } | null;
  readonly layers?: ReadonlyArray<{ readonly digest: string; readonly size: number; readonly mediaType: string }> | null;
  readonly manifests?: ReadonlyArray<{ readonly digest?: unknown; readonly size?: unknown; readonly mediaType?: unknown } | null> | null;
  readonly config?: unknown;
}

/** Manifests of artifacts and listings of them, against JSON.parse. */
export const manifest: Target = {
  name: 'manifest',
  seeds: [...corpusBlobs((text) => /"application\/vnd\.(?:oci\.image|docker\.distribution)\.(?:manifest|index)/.test(text) && text.startsWith('{')), listing()],
  mutations: JSON_TEXT,
  judge: (input) => {
    const loose = (): LooseManifest => JSON.parse(input.toString('utf8')) as LooseManifest;
    const isOne = read(() => checkUnambiguous(input, 'the manifest'), VerifierError) !== undefined;
    const artifact = read(() => parseArtifact(input, 'the artifact'), VerifierError)?.value;
    const entries = read(() => parseListing(input, 1_000, 'index'), VerifierError)?.value;
    if (isOne && Object.hasOwn(loose(), 'manifests') === (Object.hasOwn(loose(), 'layers') || Object.hasOwn(loose(), 'config'))) {
      throw new Error('one document is an index and a manifest, or neither');
    }
    if (artifact !== undefined && entries !== undefined) {
      throw new Error('one document is read as an artifact and as a listing');
    }
    if (artifact !== undefined) {
      const { subject, layers } = loose();
      const digest = typeof subject === 'object' && subject !== null && !Array.isArray(subject) ? subject.digest : '';
      expectSame('subject', artifact.subject, typeof digest === 'string' ? digest : '');
      expectSame('layers', artifact.layers.map(described), (layers ?? []).map(described));
    }
    if (entries !== undefined) {
      // An entry that cannot be read is set aside, so that the whole need not be JSON.
      const whole = read(loose, SyntaxError)?.value;
      const listed = (whole?.manifests ?? []).map((entry) => JSON.stringify(entry === null ? null : described(entry)));
      const foreign = entries.descriptors.filter((entry) => (whole === undefined ? !input.includes(entry.digest) : !listed.includes(JSON.stringify(described(entry)))));
      expectSame('entries that nobody listed', foreign, []);
    }
    return isOne || artifact !== undefined || entries !== undefined ? 'accepted' : 'refused';
  },
};

function described({ digest, size, mediaType }: { readonly digest?: unknown; readonly size?: unknown; readonly mediaType?: unknown }): object {
  return { digest, size: Object.is(size, -0) ? 0 : size, mediaType };
}

function listing(): Buffer {
  const entry = (digit: string): object => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: `sha256:${digit.repeat(64)}`, size: 700, artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json', annotations: { 'a': '"]},{"' },
  });
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: ['1', '2', '3'].map(entry) }));
}
