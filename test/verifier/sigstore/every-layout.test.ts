import { BundleJson, githubRun, Identity, KeylessOptions, olderAttestation, olderSignature, PROVENANCE_PREDICATE, provenanceStatement, signStatement, simpleSigning, SigstoreWorld } from '../../support/sigstore';
import { Attachment, keyless, PATIENCE, Rules, Scene, SIGNED } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

/** Who witnesses a signature, and whether a log is asked for. */
const WITNESSES: ReadonlyArray<readonly [string, KeylessOptions]> = [
  ['Rekor v1', { log: 'rekor1' }],
  ['Rekor v1 and a timestamp', { log: 'rekor1', timestamp: true }],
  ['Rekor v2 and a timestamp', { log: 'rekor2' }],
  ['a timestamp alone', { log: 'none' }],
];

const VERSIONS: ReadonlyArray<readonly [mediaType: string, isChain: boolean]> = [
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', true],
  ['application/vnd.dev.sigstore.bundle+json;version=0.2', true],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', false],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', false],
];

/** Evidence about an image by somebody. */
interface Layout {
  readonly title: string;
  readonly options: KeylessOptions;
  readonly says: 'signature' | 'attestation';
  readonly evidence: (image: string, identity: Identity) => Attachment;
}

const layouts: readonly Layout[] = [
  ...VERSIONS.flatMap(([mediaType, isChain]) => WITNESSES
    // Version 0.1 wants the log's promise, which Rekor v2 does not make.
    .filter(([, { log }]) => !(mediaType.endsWith('0.1') && log === 'rekor2'))
    .flatMap(([witness, options]): Layout[] => {
      const as = (bundle: BundleJson): Attachment => ({ bytes: Buffer.from(JSON.stringify(written(bundle, mediaType, isChain))), as: { artifactType: mediaType } });
      return [
        { title: `${mediaType} with a statement, ${witness}`, options, says: 'signature', evidence: (image, identity) => as(world.signKeyless(identity, signStatement(image), options)) },
        { title: `${mediaType} with a provenance, ${witness}`, options, says: 'attestation', evidence: (image, identity) => as(world.signKeyless(identity, provenanceStatement(image, identity), options)) },
        { title: `${mediaType} of the image's bytes, ${witness}`, options, says: 'signature', evidence: (image, identity) => as(world.signMessage(identity, manifestOf(image), options)) },
      ];
    })),
  ...WITNESSES.filter(([, { log }]) => log !== 'rekor2').flatMap(([witness, options]): Layout[] => [
    { title: `a layer of the tag .sig, ${witness}`, options, says: 'signature', evidence: (image, identity) => ({ tag: 'sig', layers: [olderSignature(world, identity, simpleSigning(image), options)] }) },
    { title: `a layer of the tag .att, ${witness}`, options, says: 'attestation', evidence: (image, identity) => ({ tag: 'att', layers: [olderAttestation(world, identity, provenanceStatement(image, identity), options)] }) },
  ]),
];

/** As bundles of that version are written. */
function written(bundle: BundleJson, mediaType: string, isChain: boolean): BundleJson {
  const { certificate, ...material } = bundle.verificationMaterial;
  return { ...bundle, mediaType, verificationMaterial: isChain ? { ...material, x509CertificateChain: { certificates: [certificate!] } } : bundle.verificationMaterial };
}

function manifestOf(image: string): Buffer {
  return scene.registry.repository('acme/app').tryGet(image)!.bytes;
}

function rulesOf({ options, says }: Layout): Rules {
  const signer = keyless(options.log === 'none' ? { transparency: { log: 'notRequired', timestamp: 'required', reason: 'a test' } } : {});
  return says === 'signature' ? { ...SIGNED, attestors: { signer } } : {
    attestors: { signer }, requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: PROVENANCE_PREDICATE }],
  };
}

test('there is one of each version, content and witness', () => {
  expect(layouts).toHaveLength(4 * 4 * 3 - 3 + 3 * 2);
});

test.each(layouts)('$title: allowed, and denied for another image, by another workflow and where another kind of proof is wanted', async (layout) => {
  const rules = rulesOf(layout);
  const other = githubRun({ workflow: '.github/workflows/other.yml' });
  const wanted = layout.says === 'signature' ? 'attestation' : 'signature';
  expect({
    right: await scene.outcome({ rules, evidence: (image) => layout.evidence(image, githubRun()) }),
    otherImage: await scene.outcome({ rules, evidence: () => layout.evidence(scene.image(), githubRun()) }),
    otherWorkflow: await scene.outcome({ rules, evidence: (image) => layout.evidence(image, other) }),
    otherKind: await scene.outcome({ rules: rulesOf({ ...layout, says: wanted }), evidence: (image) => layout.evidence(image, githubRun()) }),
  }).toEqual({ right: 'allowed', otherImage: 'WRONG_SUBJECT', otherWorkflow: 'WRONG_IDENTITY', otherKind: wanted === 'signature' ? 'NO_SIGNATURE' : 'NO_ATTESTATION' });
}, PATIENCE);
