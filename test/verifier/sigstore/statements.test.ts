import { generateKeyPairSync } from 'node:crypto';
import { bundleBytes, githubRun, PROVENANCE_PREDICATE, provenanceStatement, SIGN_PREDICATE, signStatement, statement, StatementJson } from '../../support/sigstore';
import { keyless, Rules, Scene, SIGNED, Situation, testTwins, Twins } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
});
afterAll(() => scene.close());

const SCAN = 'https://cosign.sigstore.dev/attestation/vuln/v1';

const SCANNED: Rules = { attestors: { signer: keyless() }, requirements: [{ type: 'attestation', name: 'scanned', attestors: ['signer'], predicateType: SCAN }] };

/** The ordinary statement, changed before it is signed. */
function says(change: (statement: StatementJson, image: string) => unknown): Situation {
  return {
    evidence: (image, world) => {
      const changed = signStatement(image);
      return world.signKeyless(githubRun(), (change(changed, image) ?? changed));
    },
  };
}

/** The ordinary statement with other digests of its one subject. */
function digests(change: (hex: string) => unknown): Situation {
  return says((signed, image) => {
    signed.subject = [{ digest: change(image.slice('sha256:'.length)) as { [algorithm: string]: string } }];
  });
}

function signedBytes(change: (text: string) => string | Buffer): Situation {
  return { evidence: (image, world) => world.signKeyless(githubRun(), Buffer.from(change(JSON.stringify(signStatement(image))))) };
}

const other = (count: number): StatementJson['subject'] => Array.from({ length: count }, (_, index) => ({ digest: { sha256: index.toString(16).padStart(64, '0') } }));

const SUBJECTS: readonly Twins[] = [
  {
    id: 'E01', claim: 'a signature of another image, attached to this one, is not one of this image', code: 'WRONG_SUBJECT',
    denied: { evidence: (_image, world) => world.signKeyless(githubRun(), signStatement(scene.image())) },
  },
  {
    id: 'E02', claim: 'more subjects than are read deny; the last of as many as are read counts', code: 'LIMIT',
    denied: says((signed) => {
      signed.subject = [...other(1_024), ...signed.subject];
    }),
    allowed: says((signed) => {
      signed.subject = [...other(1_023), ...signed.subject];
    }),
  },
  { id: 'E02', claim: 'no subject at all', code: 'WRONG_SUBJECT', denied: says((signed) => ({ ...signed, subject: [] })) },
  { id: 'E02', claim: 'no list of subjects', code: 'MALFORMED', denied: says((signed) => ({ ...signed, subject: undefined })) },
  { id: 'E02', claim: 'subjects that are null', code: 'MALFORMED', denied: says((signed) => ({ ...signed, subject: null })) },
  { id: 'E02', claim: 'a null among the subjects', code: 'MALFORMED', denied: says((signed) => ({ ...signed, subject: [null, ...signed.subject] })) },
  { id: 'E02', claim: 'a subject without digests', code: 'WRONG_SUBJECT', denied: digests(() => ({})) },
  { id: 'E02', claim: 'a subject whose digests are a list', code: 'MALFORMED', denied: digests((hex) => [hex]) },
  { id: 'E02', claim: 'a digest that is a list', code: 'MALFORMED', denied: digests((hex) => ({ sha256: [hex] })) },
  { id: 'E02', claim: 'another algorithm with the same digits', code: 'WRONG_SUBJECT', denied: digests((hex) => ({ sha1: hex })) },
  { id: 'E02', claim: 'the right sha256 beside a wrong sha512', code: 'WRONG_SUBJECT', denied: digests((hex) => ({ sha256: hex, sha512: hex + hex })) },
  { id: 'E02', claim: 'the digest in capitals', code: 'WRONG_SUBJECT', denied: digests((hex) => ({ sha256: hex.toUpperCase() })) },
  { id: 'E02', claim: 'the first half of the digest', code: 'WRONG_SUBJECT', denied: digests((hex) => ({ sha256: hex.slice(0, 32) })) },
  { id: 'E02', claim: 'the digest and one digit more', code: 'WRONG_SUBJECT', denied: digests((hex) => ({ sha256: `${hex}0` })) },
  { id: 'E02', claim: 'the digest with its algorithm in front', code: 'WRONG_SUBJECT', denied: digests((hex) => ({ sha256: `sha256:${hex}` })) },
  { id: 'E02', claim: 'the digest as the subject\'s name', code: 'WRONG_SUBJECT', denied: says((_, image) => ({ ...signStatement(`sha256:${'0'.repeat(64)}`), subject: [{ name: image, digest: { sha256: '0'.repeat(64) } }] })) },
];

const STATEMENTS: readonly Twins[] = [
  { id: 'E41', claim: 'a statement of an unknown version', code: 'UNSUPPORTED', denied: says((signed) => ({ ...signed, _type: 'https://in-toto.io/Statement/v2' })),
    allowed: says((signed) => ({ ...signed, _type: 'https://in-toto.io/Statement/v0.1' })) },
  { id: 'E41', claim: 'a statement without type', code: 'UNSUPPORTED', denied: says((signed) => ({ ...signed, _type: undefined })) },
  { id: 'E41', claim: 'a statement without predicate type', code: 'MALFORMED', denied: says((signed) => ({ ...signed, predicateType: undefined })) },
  { id: 'E41', claim: 'a predicate type that is a list', code: 'MALFORMED', denied: says((signed) => ({ ...signed, predicateType: [SIGN_PREDICATE] })) },
  { id: 'E41', claim: 'a payload that is a list', code: 'MALFORMED', denied: says((signed) => [signed]) },
  { id: 'E43', claim: 'signed without predicate, as older tools do, is signed; another predicate type is not', code: 'NO_SIGNATURE',
    denied: says((signed) => ({ ...signed, predicateType: `${SIGN_PREDICATE}/` })), allowed: says((signed) => ({ ...signed, predicate: undefined })) },
  { id: 'E50', claim: 'a payload with a key twice', code: 'MALFORMED', denied: signedBytes((text) => text.replace('{', '{"subject":[],')), allowed: signedBytes((text) => text.replace('{', '{"other":[],')) },
  { id: 'E50', claim: 'a payload with a byte order mark', code: 'MALFORMED', denied: signedBytes((text) => `\ufeff${text}`), allowed: signedBytes((text) => ` ${text}`) },
  { id: 'E50', claim: 'a payload that something follows', code: 'MALFORMED', denied: signedBytes((text) => `${text}{}`), allowed: signedBytes((text) => `${text}\n`) },
  { id: 'E50', claim: 'a payload that is not UTF-8', code: 'MALFORMED', denied: signedBytes((text) => Buffer.from(text.replace('{', '{"\u00ff":1,'), 'latin1')), allowed: signedBytes((text) => text.replace('{', '{"\u00ff":1,')) },
  { id: 'E50', claim: 'a payload in UTF-16', code: 'MALFORMED', denied: signedBytes((text) => Buffer.from(text, 'utf16le')) },
];

const KINDS: readonly Twins[] = [
  { id: 'E40', claim: 'another payload type', code: 'UNSUPPORTED', denied: { evidence: (image, world) => world.signKeyless(githubRun(), signStatement(image), { payloadType: 'application/json' }) } },
  { id: 'E40', claim: 'a payload type whose characters end in the right bytes', code: 'UNSUPPORTED',
    denied: { evidence: (image, world) => world.signKeyless(githubRun(), signStatement(image), { payloadType: 'application/vnd.in-toto+jso\u016e' }) } },
  { id: 'E40', claim: 'a signature of the payload without its type', code: 'INVALID_SIGNATURE',
    denied: { evidence: (image, world) => world.signKeyless(githubRun(), signStatement(image), { signed: (_type, payload) => payload, log: 'rekor1' }) },
    allowed: { evidence: (image, world) => world.signKeyless(githubRun(), signStatement(image), { log: 'rekor1' }) } },
  { id: 'E40', claim: 'a payload type changed after signing', code: 'UNSUPPORTED',
    denied: { evidence: (image, world) => {
      const bundle = world.signKeyless(githubRun(), signStatement(image));
      bundle.dsseEnvelope!.payloadType = 'application/vnd.in-toto+json ';
      return bundle;
    } } },
  { id: 'E43', claim: 'an attestation of another predicate type', code: 'WRONG_PREDICATE', denied: { rules: SCANNED, evidence: (image, world) => world.signKeyless(githubRun(), statement(image, `${SCAN}.1`, {})) },
    allowed: { rules: SCANNED, evidence: (image, world) => world.signKeyless(githubRun(), statement(image, SCAN, {})) } },
  { id: 'E43', claim: 'an attestation of the right type that cannot be read', code: 'MALFORMED',
    denied: { rules: SCANNED, evidence: (image, world) => world.signKeyless(githubRun(), Buffer.from(`${JSON.stringify(statement(image, SCAN, {}))}}`)) },
    allowed: { rules: SCANNED, evidence: (image, world) => world.signKeyless(githubRun(), statement(image, SCAN, {})) } },
  { id: 'E43', claim: 'no attestation', code: 'NO_ATTESTATION', denied: { rules: SCANNED, evidence: () => [] }, allowed: { rules: SCANNED, evidence: (image, world) => world.signKeyless(githubRun(), statement(image, SCAN, null)) } },
  { id: 'E45', claim: 'an attestation by the right signer is no signature', code: 'NO_SIGNATURE', denied: { evidence: (image, world) => [
    world.signKeyless(githubRun(), statement(image, SCAN, {})), world.signKeyless(githubRun(), provenanceStatement(image, githubRun())),
  ] } },
  { id: 'E45', claim: 'a signature is no attestation, whatever type a policy asks for', code: 'NO_ATTESTATION', denied: { rules: SCANNED },
    allowed: { rules: SCANNED, evidence: (image, world) => world.signKeyless(githubRun(), statement(image, SCAN, {})) } },
  { id: 'E46', claim: 'nothing attached', code: 'NO_SIGNATURE', denied: { evidence: () => [] } },
  { id: 'E48', claim: 'a signed envelope without bundle', code: 'UNSUPPORTED', denied: { evidence: (image, world) => ({
    bytes: Buffer.from(JSON.stringify(world.signKeyless(githubRun(), signStatement(image)).dsseEnvelope)), as: { artifactType: 'application/vnd.dsse.envelope.v1+json' },
  }) } },
  { id: 'E48', claim: 'a statement that nobody signed', code: 'UNSUPPORTED', denied: { evidence: (image) => ({
    bytes: Buffer.from(JSON.stringify(signStatement(image))), as: { artifactType: 'application/vnd.in-toto+json' },
  }) } },
  { id: 'E48', claim: 'an envelope called a bundle', code: 'MALFORMED', denied: { evidence: (image, world) => ({
    bytes: Buffer.from(JSON.stringify(world.signKeyless(githubRun(), signStatement(image)).dsseEnvelope)),
  }) } },
  { id: 'E48', claim: 'a bundle without verification material', code: 'MALFORMED', denied: { evidence: (image, world) => {
    const { mediaType, dsseEnvelope } = world.signKeyless(githubRun(), signStatement(image));
    return { bytes: Buffer.from(JSON.stringify({ mediaType, dsseEnvelope })) };
  } } },
  { id: 'E48', claim: 'a signature of other bytes than the image\'s', code: 'WRONG_SUBJECT', denied: { evidence: (image, world) => world.signMessage(githubRun(), Buffer.from(image)) } },
  { id: 'E48', claim: 'a good bundle of a type that is no bundle\'s', code: 'NO_SIGNATURE', denied: { evidence: (image, world) => ({
    bytes: bundleBytes(world.signKeyless(githubRun(), signStatement(image))), as: { artifactType: 'application/json' },
  }) } },
];

describe('what a statement is about', () => testTwins(() => scene, SUBJECTS));
describe('how a statement reads', () => testTwins(() => scene, STATEMENTS));
describe('what kind of evidence it is', () => testTwins(() => scene, KINDS));

const JUNK: ReadonlyArray<[title: string, junk: Situation['evidence']]> = [
  ['a stranger\'s signature', (image, world) => world.signKeyless(githubRun({ repository: 'evil/app' }), signStatement(image))],
  ['a signature of another image', (_image, world) => world.signKeyless(githubRun(), signStatement(`sha256:${'0'.repeat(64)}`))],
  ['bytes that are no bundle', () => ({ bytes: Buffer.from('{') })],
  ['a key\'s signature', (image, world) => world.signWithKey(generateKeyPairSync('ed25519').privateKey, signStatement(image))],
  ['an envelope without bundle', () => ({ bytes: Buffer.from('{}'), as: { artifactType: 'application/vnd.dsse.envelope.v1+json' } })],
  ['a bundle without log entry', (image, world) => world.signKeyless(githubRun(), signStatement(image), { log: 'none' })],
];

test.each(JUNK)('E72 %s beside the good signature changes nothing, before it or after it; alone it does not do', async (_title, junk = () => []) => {
  const all = (image: string): Array<Parameters<Scene['attach']>[1]> => [junk(image, scene.world)].flat();
  const good = (image: string): Parameters<Scene['attach']>[1] => scene.world.signKeyless(githubRun(), signStatement(image));
  expect(await scene.outcome({ evidence: (image) => [...all(image), good(image)] })).toBe('allowed');
  expect(await scene.outcome({ evidence: (image) => [good(image), ...all(image)] })).toBe('allowed');
  expect(await scene.outcome({ evidence: all })).not.toBe('allowed');
});

test('E46 a policy whose list of attestors or requirements is empty is no policy', async () => {
  await expect(scene.outcome({ rules: { ...SIGNED, requirements: [] } })).rejects.toThrow(/requirements/);
  await expect(scene.outcome({ rules: { ...SIGNED, requirements: [{ type: 'signature', name: 'signed', attestors: [] }] } })).rejects.toThrow(/attestors/);
  await expect(scene.outcome({ rules: SIGNED })).resolves.toBe('allowed');
});

test('E43 an attestation of provenance does for a policy that asks for one', async () => {
  const rules: Rules = { ...SIGNED, requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: PROVENANCE_PREDICATE }] };
  expect(await scene.outcome({ rules, evidence: (image, world) => world.signKeyless(githubRun(), provenanceStatement(image, githubRun())) })).toBe('allowed');
});
