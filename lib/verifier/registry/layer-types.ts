/** Bundles, by the exact media types that are read as such. */
const BUNDLE_TYPES = [
  'application/vnd.dev.sigstore.bundle.v0.3+json',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
];

/** Layers of cosign's older layouts: what is signed are the bytes, and the signature stands in the layer's annotations or in an envelope. */
export const OLDER_LAYER_TYPES = ['application/vnd.dev.cosign.simplesigning.v1+json', 'application/vnd.dsse.envelope.v1+json'];

/** What is read of such a layer's annotations (cosign, specs/SIGNATURE_SPEC.md). The chain of certificates is not: it would be trust that a stranger hands over. */
export const OLDER_ANNOTATIONS = [
  'dev.cosignproject.cosign/signature',
  'dev.sigstore.cosign/bundle',
  'dev.sigstore.cosign/certificate',
  'dev.sigstore.cosign/rfc3161timestamp',
];

/** Layers that are handed over as evidence. */
export const EVIDENCE_TYPES = new Set([...BUNDLE_TYPES, ...OLDER_LAYER_TYPES]);

/** Layers that carry statements in ways that are not judged, and why. */
export const OTHER_EVIDENCE = new Map([
  ['application/vnd.in-toto+json', 'a statement that nobody signed'],
]);
