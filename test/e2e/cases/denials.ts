import { expectAdmitted, expectDenied } from '../harness/verdict';
import type { Report } from '../harness/report';
import { HOST, Images } from './images';
import type { Scene } from './scene';

/** What is wrong with an image, the image, the code in the refusal, and the image beside it that lacks nothing. */
type Denial = readonly [claim: string, image: (images: Images) => string | undefined, code: string, twin: (images: Images) => string];

const tool = ({ okTool }: Images): string => okTool;
const app = ({ okApp }: Images): string => okApp;
const base = ({ okBase }: Images): string => okBase;

const DENIALS: readonly Denial[] = [
  ['an unsigned image', ({ unsigned }) => unsigned, 'NO_SIGNATURE', tool],
  ['an unsigned image behind a tag', () => `${HOST}/tools/unsigned:v1`, 'NO_SIGNATURE', () => `${HOST}/tools/app:v1`],
  ['an image signed at a branch', ({ branch }) => branch, 'WRONG_IDENTITY', tool],
  ['an image signed in a pull request', ({ pull }) => pull, 'WRONG_IDENTITY', tool],
  ['an image signed by a workflow of another repository', ({ reusable }) => reusable, 'WRONG_IDENTITY', tool],
  ['an image signed by a fork', ({ fork }) => fork, 'WRONG_IDENTITY', tool],
  ['an image signed on a machine of somebody\'s own', ({ selfHosted }) => selfHosted, 'WRONG_CLAIM', tool],
  ['an image whose signer another issuer vouched for', ({ issuer }) => issuer, 'WRONG_ISSUER', tool],
  ['an image with the copied signature of another', ({ copied }) => copied, 'WRONG_SUBJECT', tool],
  ['an image whose statement is not the one that was signed and logged', ({ tampered }) => tampered, 'INVALID_SIGNATURE', tool],
  ['an image signed by the same name, certified by another authority', ({ foreign }) => foreign, 'UNTRUSTED_CERTIFICATE', tool],
  ['an image whose signature is in no log', ({ unlogged }) => unlogged, 'NO_TRANSPARENCY', tool],
  ['an attested image where a signature is asked', ({ attestedTool }) => attestedTool, 'NO_SIGNATURE', tool],
  ['an image signed with a key where a workflow is asked', ({ keyedTool }) => keyedTool, 'WRONG_IDENTITY', tool],
  ['a tag that does not exist', () => `${HOST}/tools/app:v9`, 'TAG_NOT_PINNED', () => `${HOST}/tools/app:v1`],
  ['a signed image without provenance', ({ unproven }) => unproven, 'NO_ATTESTATION', app],
  ['an image with provenance and no signature', ({ attestedApp }) => attestedApp, 'NO_SIGNATURE', app],
  ['a signed image with an attestation of another kind', ({ otherPredicate }) => otherPredicate, 'WRONG_PREDICATE', app],
  ['a signed image whose provenance names another source than its certificate', ({ forgedSource }) => forgedSource, 'WRONG_PROVENANCE', app],
  ['a signed image whose provenance a fork has forged', ({ forgedByFork }) => forgedByFork, 'WRONG_IDENTITY', app],
  ['a signed image with the provenance of another', ({ movedProvenance }) => movedProvenance, 'WRONG_SUBJECT', app],
  ['an image that one of two people signed', ({ onlyAda }) => onlyAda, 'BELOW_THRESHOLD', base],
  ['an image signed with a stranger\'s key', ({ strangerBase }) => strangerBase, 'INVALID_SIGNATURE', base],
  ['an image signed by a certificate where keys are asked', ({ certifiedBase }) => certifiedBase, 'WRONG_IDENTITY', base],
  ['an image signed with a key and logged nowhere', ({ unloggedBase }) => unloggedBase, 'NO_TRANSPARENCY', base],
  ['an image that no policy names', () => 'docker.io/library/nginx:1', 'UNMATCHED_IMAGE', tool],
  ['an image of a repository that only looks like one of a policy', ({ okTool }) => okTool.replace('/tools/', '/toolshed/'), 'UNMATCHED_IMAGE', tool],
];

/** Every way to lack a proof, with its reason in the API error; its twin is admitted; and a dry run is told the same. */
export async function denialCases(report: Report, scene: Scene): Promise<void> {
  for (const [claim, image, code, twin] of DENIALS) {
    await report.case(`${claim} is refused with ${code}, its twin admitted`, async () => {
      const refused = image(scene.images) ?? '';
      expectDenied(await scene.create([refused]), `[${code}]`);
      expectDenied(await scene.create([twin(scene.images), refused]), `[${code}]`);
      expectDenied(await scene.create([refused], { dryRun: true }), `[${code}]`);
      expectAdmitted(await scene.create([twin(scene.images)], { dryRun: true }));
      expectAdmitted(await scene.create([twin(scene.images)]));
    });
  }
}
