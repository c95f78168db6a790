import { Attestor } from '../../../lib/policy/document';
import { BundleJson, CertificateSpec, extension, generalName, GITHUB_ISSUER, githubRun, Identity, OID, SigstoreWorld, signStatement } from '../../support/sigstore';
import { context, integer, oid as identifier, utf8String } from '../../support/sigstore/der';
import { keyless, Rules, Scene, SIGNED, Situation, testTwins, Twins, WORKFLOW } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start();
});
afterAll(() => scene.close());

const RUN = githubRun();
const MAIN = `${WORKFLOW}@refs/heads/main`;

function signedBy(identity: Identity, rules?: Rules): Situation {
  return { evidence: (image, world) => world.signKeyless(identity, signStatement(image)), ...(rules === undefined ? {} : { rules }) };
}

function by(overrides: Parameters<typeof keyless>[0]): Rules {
  return { ...SIGNED, attestors: { signer: keyless(overrides) } };
}

/** The ordinary signer under another subject. */
function named(subject: string, subjectType: Identity['subjectType'] = 'uri'): Identity {
  return { ...RUN, subject, subjectType: subjectType ?? 'uri' };
}

function claiming(claims: { readonly [claim: string]: string }): Identity {
  return githubRun({ claims });
}

const SIGNERS: readonly Twins[] = [
  { id: 'E10', claim: 'the same workflow file in another repository', code: 'WRONG_IDENTITY', denied: signedBy(githubRun({ repository: 'acme/other' })) },
  { id: 'E10', claim: 'another workflow of the repository', code: 'WRONG_IDENTITY', denied: signedBy(githubRun({ workflow: '.github/workflows/test.yml' })) },
  { id: 'E10', claim: 'a repository of the same name in another organization', code: 'WRONG_IDENTITY', denied: signedBy(githubRun({ repository: 'acme-evil/app' })) },
  { id: 'E11', claim: 'the issuer with a slash at its end', code: 'WRONG_ISSUER', denied: signedBy({ ...RUN, issuer: `${GITHUB_ISSUER}/` }) },
  { id: 'E11', claim: 'the issuer in other letters', code: 'WRONG_ISSUER', denied: signedBy({ ...RUN, issuer: GITHUB_ISSUER.toUpperCase() }) },
  { id: 'E11', claim: 'the issuer of an enterprise', code: 'WRONG_ISSUER', denied: signedBy({ ...RUN, issuer: `${GITHUB_ISSUER}/acme` }) },
  { id: 'E11', claim: 'the issuer without encryption', code: 'WRONG_ISSUER', denied: signedBy({ ...RUN, issuer: GITHUB_ISSUER.replace('https:', 'http:') }) },
  { id: 'E11', claim: 'the same subject by somebody else\'s identity provider', code: 'WRONG_ISSUER', denied: signedBy({ ...RUN, issuer: 'https://evil.example' }) },
  { id: 'E11', claim: 'another subject and another issuer', code: 'WRONG_IDENTITY', denied: signedBy({ ...githubRun({ repository: 'evil/app' }), issuer: 'https://evil.example' }) },
  { id: 'E12', claim: 'the trusted subject at the end of another', code: 'WRONG_IDENTITY', denied: signedBy(named(`https://evil.example/${MAIN}`)) },
  { id: 'E12', claim: 'the trusted subject at the start of another', code: 'WRONG_IDENTITY', denied: signedBy(named(`${MAIN}/../x`)) },
  { id: 'E12', claim: 'the trusted subject with a query', code: 'WRONG_IDENTITY', denied: signedBy(named(`${MAIN}?x`)) },
  { id: 'E12', claim: 'the trusted subject in other letters', code: 'WRONG_IDENTITY', denied: signedBy(named(MAIN.replace('acme', 'Acme'))) },
  { id: 'E12', claim: 'the trusted subject, percent-encoded', code: 'WRONG_IDENTITY', denied: signedBy(named(MAIN.replace('acme', '%61cme'))) },
  { id: 'E12', claim: 'the trusted subject and a new line', code: 'UNTRUSTED_CERTIFICATE', denied: signedBy(named(`${MAIN}\n`)) },
  { id: 'E12', claim: 'the trusted subject and a null byte', code: 'UNTRUSTED_CERTIFICATE', denied: signedBy(named(`${MAIN}\0.evil.example`)) },
  { id: 'E12', claim: 'a letter that looks the same', code: 'UNTRUSTED_CERTIFICATE', denied: signedBy(named(MAIN.replace('acme', '\u0430cme'))) },
  { id: 'E12', claim: 'a dot in the policy is a dot', code: 'WRONG_IDENTITY', denied: signedBy(named(MAIN.replace('release.yml', 'releasexyml'))) },
];

const LOGIN = 'https://login.acme.example';
const PEOPLE = by({ issuer: LOGIN, subject: 'dev@acme.example' });
const PERSON: Identity = { issuer: LOGIN, subject: 'dev@acme.example', subjectType: 'email' };
const USER = 'dev!acme.example';

/** The ordinary signer with exactly these general names. */
function names(...all: Buffer[]): Situation {
  return certificate(naming(...all));
}

function naming(...all: Buffer[]): (spec: CertificateSpec) => void {
  return (spec) => {
    spec.extensions = spec.extensions.map((one) => (one.oid === OID.subjectAltName ? extension.subjectAltName(...all) : one));
  };
}

function certificate(alterCertificate: (spec: CertificateSpec) => void, identity: Identity = RUN): Situation {
  return { evidence: (image, world): BundleJson => world.signKeyless(identity, signStatement(image), { alterCertificate }) };
}

const NAMES: readonly Twins[] = [
  { id: 'E14', claim: 'an e-mail address that spells the trusted URI', code: 'WRONG_IDENTITY', denied: names(generalName.email(MAIN)), allowed: names(generalName.uri(MAIN)) },
  { id: 'E14', claim: 'a DNS name that spells the trusted URI', code: 'UNTRUSTED_CERTIFICATE', denied: names(generalName.dns(MAIN)), allowed: names(generalName.uri(MAIN)) },
  { id: 'E14', claim: 'a user name that spells the trusted URI', code: 'WRONG_IDENTITY', denied: names(generalName.username(MAIN)), allowed: names(generalName.uri(MAIN)) },
  { id: 'E14', claim: 'an other name of an unknown type', code: 'UNTRUSTED_CERTIFICATE', denied: { ...certificate(naming(generalName.username(USER, '1.3.6.1.4.1.311.20.2.3')), PERSON), rules: by({ issuer: LOGIN, subject: USER }) },
    allowed: { ...certificate(naming(generalName.username(USER)), PERSON), rules: by({ issuer: LOGIN, subject: USER }) } },
  { id: 'E14', claim: 'two subjects, the trusted one second', code: 'UNTRUSTED_CERTIFICATE', denied: names(generalName.uri('https://evil.example'), generalName.uri(MAIN)) },
  { id: 'E14', claim: 'two subjects, the trusted one first', code: 'UNTRUSTED_CERTIFICATE', denied: names(generalName.uri(MAIN), generalName.email('dev@acme.example')) },
  { id: 'E14', claim: 'the trusted subject twice', code: 'UNTRUSTED_CERTIFICATE', denied: names(generalName.uri(MAIN), generalName.uri(MAIN)) },
  { id: 'E14', claim: 'an empty list of subjects', code: 'UNTRUSTED_CERTIFICATE', denied: names() },
  { id: 'E14', claim: 'a list of subjects that something follows', code: 'UNTRUSTED_CERTIFICATE', denied: certificate((spec) => {
    const behind = (one: CertificateSpec['extensions'][number]): typeof one => ({ ...one, value: Buffer.concat([one.value, Buffer.from([5, 0])]) });
    spec.extensions = spec.extensions.map((one) => (one.oid === OID.subjectAltName ? behind(one) : one));
  }) },
  { id: 'E14', claim: 'a user name that something follows', code: 'UNTRUSTED_CERTIFICATE',
    denied: { ...certificate(naming(context(0, identifier(`${OID.fulcio}.7`), context(0, utf8String(USER)), integer(1))), PERSON), rules: by({ issuer: LOGIN, subject: USER }) },
    allowed: { ...certificate(naming(generalName.username(USER)), PERSON), rules: by({ issuer: LOGIN, subject: USER }) } },
  { id: 'E14', claim: 'no subject', code: 'UNTRUSTED_CERTIFICATE', denied: certificate((spec) => {
    spec.extensions = spec.extensions.filter(({ oid }) => oid !== OID.subjectAltName);
  }) },
  { id: 'E14', claim: 'a URI that spells the trusted e-mail address', code: 'WRONG_IDENTITY', denied: signedBy({ ...PERSON, subjectType: 'uri' }, PEOPLE), allowed: signedBy(PERSON, PEOPLE) },
  { id: 'E14', claim: 'the address of somebody with a longer name', code: 'WRONG_IDENTITY', denied: signedBy({ ...PERSON, subject: `x${PERSON.subject}` }, PEOPLE), allowed: signedBy(PERSON, PEOPLE) },
];

const ON_MAIN = by({ subject: { workflow: WORKFLOW, refs: ['refs/heads/main', 'refs/tags/v*'] } });

function at(ref: string): Situation {
  return signedBy(githubRun({ ref }), ON_MAIN);
}

const REFS: readonly Twins[] = [
  { id: 'E15', claim: 'a tag of the branch\'s name', code: 'WRONG_IDENTITY', denied: at('refs/tags/main'), allowed: at('refs/heads/main') },
  { id: 'E15', claim: 'a branch of a tag\'s name', code: 'WRONG_IDENTITY', denied: at('refs/heads/v1'), allowed: at('refs/tags/v1') },
  { id: 'E15', claim: 'a branch that begins like the trusted one', code: 'WRONG_IDENTITY', denied: at('refs/heads/main-x'), allowed: at('refs/heads/main') },
  { id: 'E15', claim: 'a pull request', code: 'WRONG_IDENTITY', denied: at('refs/pull/7/merge'), allowed: at('refs/heads/main') },
  { id: 'E15', claim: 'a commit in place of a ref', code: 'WRONG_IDENTITY', denied: at('5b1e0c3a9d5f4f0e8b7a6c5d4e3f2a1b0c9d8e7f'), allowed: at('refs/heads/main') },
  { id: 'E15', claim: 'a tag below the pattern', code: 'WRONG_IDENTITY', denied: at('refs/tags/v1/evil'), allowed: at('refs/tags/v1') },
  { id: 'E15', claim: 'a workflow whose path goes on behind the trusted one', code: 'WRONG_IDENTITY',
    denied: signedBy(named(`${WORKFLOW}.evil@refs/heads/main`), ON_MAIN), allowed: at('refs/heads/main') },
  { id: 'E15', claim: 'a second @, with the trusted ref behind it', code: 'WRONG_IDENTITY',
    denied: signedBy(named(`${WORKFLOW}@refs/heads/evil@refs/heads/main`), ON_MAIN), allowed: at('refs/heads/main') },
  { id: 'E15', claim: 'no ref', code: 'WRONG_IDENTITY', denied: signedBy(named(`${WORKFLOW}@`), ON_MAIN), allowed: at('refs/heads/main') },
];

/** Each claim, and a value that the trusted run does not have. */
const CLAIMS: ReadonlyArray<[claim: string, other: string, what: string]> = [
  ['buildTrigger', 'pull_request', 'a pull request'],
  ['buildTrigger', 'pull_request_target', 'a pull request that runs with the target\'s rights'],
  ['runnerEnvironment', 'self-hosted', 'a runner of their own'],
  ['sourceRepositoryUri', 'https://github.com/fork/app', 'a fork'],
  ['sourceRepositoryId', '7002', 'a repository created anew under the same name'],
  ['sourceRepositoryOwnerUri', 'https://github.com/acme2', 'another owner'],
  ['sourceRepositoryOwnerId', '9002', 'an owner created anew under the same name'],
  ['sourceRepositoryRef', 'refs/heads/main-x', 'a ref that begins like the trusted one'],
  ['sourceRepositoryDigest', '0'.repeat(40), 'another commit'],
  ['buildConfigUri', `${WORKFLOW}@refs/heads/evil`, 'another calling workflow'],
  ['buildConfigDigest', '0'.repeat(40), 'a workflow of another commit'],
  ['buildSignerUri', `${MAIN}x`, 'another build signer'],
  ['buildSignerDigest', '0'.repeat(40), 'a build signer of another commit'],
  ['sourceRepositoryVisibility', 'public', 'a repository that became public'],
  ['workflowName', 'release', 'a workflow of another display name'],
];

function demanding(claim: string): Rules {
  return by({ certificate: { [claim]: RUN.claims?.[claim] ?? '' } });
}

const without = (claim: string): Identity => ({ ...RUN, claims: Object.fromEntries(Object.entries(RUN.claims ?? {}).filter(([name]) => name !== claim)) });

const CLAIMED: readonly Twins[] = CLAIMS.flatMap(([claim, other, what]): Twins[] => [
  { id: 'E17', claim: `${what}, where the policy demands ${claim}`, code: 'WRONG_CLAIM', denied: signedBy(claiming({ [claim]: other }), demanding(claim)), allowed: signedBy(RUN, demanding(claim)) },
  { id: 'E17', claim: `a certificate that does not say ${claim} (${what})`, code: 'WRONG_CLAIM', denied: signedBy(without(claim), demanding(claim)), allowed: signedBy(RUN, demanding(claim)) },
]);

/** Replaces an extension of Fulcio, by its last arc. */
function arc(number: number, ...others: ReturnType<typeof extension.claim>[]): Situation {
  return certificate((spec) => {
    const place = spec.extensions.findIndex(({ oid }) => oid === `${OID.fulcio}.${number}`);
    spec.extensions.splice(place, 1, ...others);
  });
}

const REUSABLE = 'platform/workflows/.github/workflows/build.yml@refs/tags/v1';
const CALLED = by({ subject: `https://github.com/${REUSABLE}`, certificate: { sourceRepositoryUri: 'https://github.com/acme/app' } });

const OWN = by({ subject: { workflow: WORKFLOW, refs: ['refs/heads/main', 'refs/tags/v*'] }, topLevel: 'required' });
const EVIL = `${WORKFLOW.replace(/[^/]+$/, 'evil.yml')}@refs/heads/evil`;

const EXTENSIONS: readonly Twins[] = [
  { id: 'E17', claim: 'the trusted workflow, called from another one at another ref of its repository', code: 'WRONG_CLAIM',
    denied: signedBy(claiming({ buildConfigUri: EVIL, sourceRepositoryRef: 'refs/heads/evil' }), OWN), allowed: signedBy(RUN, OWN) },
  { id: 'E17', claim: 'the trusted workflow at a trusted ref, called from itself at another trusted one', code: 'WRONG_CLAIM',
    denied: signedBy(claiming({ buildConfigUri: `${WORKFLOW}@refs/tags/v1`, sourceRepositoryRef: 'refs/tags/v1' }), OWN), allowed: signedBy(githubRun({ ref: 'refs/tags/v1' }), OWN) },
  { id: 'E17', claim: 'a shared workflow that somebody else called', code: 'WRONG_CLAIM', denied: signedBy(githubRun({ repository: 'evil/app', reusable: REUSABLE }), CALLED),
    allowed: signedBy(githubRun({ reusable: REUSABLE }), CALLED) },
  { id: 'E20', claim: 'two versions of the issuer that differ', code: 'UNTRUSTED_CERTIFICATE', denied: arc(1, extension.oldClaim(1, 'https://evil.example')), allowed: arc(1) },
  { id: 'E20', claim: 'two versions of the issuer that differ, the older one trusted', code: 'UNTRUSTED_CERTIFICATE', denied: arc(8, extension.claim(8, 'https://evil.example')), allowed: arc(8) },
  { id: 'E20', claim: 'the issuer twice, alike', code: 'UNTRUSTED_CERTIFICATE', denied: arc(8, extension.claim(8, GITHUB_ISSUER), extension.claim(8, GITHUB_ISSUER)) },
  { id: 'E20', claim: 'the issuer twice, different', code: 'UNTRUSTED_CERTIFICATE', denied: arc(8, extension.claim(8, GITHUB_ISSUER), extension.claim(8, 'https://evil.example')) },
  { id: 'E20', claim: 'no issuer', code: 'UNTRUSTED_CERTIFICATE', denied: certificate((spec) => {
    spec.extensions = spec.extensions.filter(({ oid }) => oid !== `${OID.fulcio}.1` && oid !== `${OID.fulcio}.8`);
  }) },
  { id: 'E20', claim: 'the issuer as bare bytes where a string is due', code: 'UNTRUSTED_CERTIFICATE', denied: arc(8, { ...extension.oldClaim(1, GITHUB_ISSUER), oid: `${OID.fulcio}.8` }) },
  { id: 'E20', claim: 'the issuer as a string of another kind', code: 'UNTRUSTED_CERTIFICATE',
    denied: arc(8, { oid: `${OID.fulcio}.8`, value: Buffer.concat([Buffer.from([0x13]), extension.claim(8, GITHUB_ISSUER).value.subarray(1)]) }) },
  { id: 'E20', claim: 'a string and something behind it', code: 'UNTRUSTED_CERTIFICATE', denied: arc(8, { oid: `${OID.fulcio}.8`, value: Buffer.concat([extension.claim(8, GITHUB_ISSUER).value, Buffer.from([5, 0])]) }) },
  { id: 'E20', claim: 'a string whose length is written longer than it need be', code: 'UNTRUSTED_CERTIFICATE', denied: arc(8, { oid: `${OID.fulcio}.8`, value: longForm(extension.claim(8, GITHUB_ISSUER).value) }) },
  { id: 'E20', claim: 'a string of 128 bytes whose length is that of one without end', code: 'UNTRUSTED_CERTIFICATE',
    denied: arc(11, { oid: `${OID.fulcio}.11`, value: Buffer.concat([Buffer.from([0x0c, 0x80]), Buffer.alloc(128, 'x')]) }), allowed: arc(11, extension.claim(11, 'x'.repeat(128))) },
  { id: 'E20', claim: 'a string that is not UTF-8', code: 'UNTRUSTED_CERTIFICATE', denied: arc(11, { oid: `${OID.fulcio}.11`, value: Buffer.from([0x0c, 1, 0xff]) }), allowed: arc(11, extension.claim(11, '\u00ff')) },
  { id: 'E20', claim: 'an old trigger that contradicts the new one', code: 'UNTRUSTED_CERTIFICATE', denied: arc(2, extension.oldClaim(2, 'pull_request')), allowed: arc(2) },
  { id: 'E20', claim: 'an old commit that contradicts the new one', code: 'UNTRUSTED_CERTIFICATE', denied: arc(3, extension.oldClaim(3, '0'.repeat(40))), allowed: arc(3) },
  { id: 'E20', claim: 'an old ref that contradicts the new one', code: 'UNTRUSTED_CERTIFICATE', denied: arc(6, extension.oldClaim(6, 'refs/heads/evil')), allowed: arc(6) },
  { id: 'E20', claim: 'an old repository that contradicts the new one', code: 'UNTRUSTED_CERTIFICATE', denied: arc(5, extension.oldClaim(5, 'evil/app')), allowed: arc(5) },
];

/** The same DER value with its length in two octets where one is enough. */
function longForm(value: Buffer): Buffer {
  return Buffer.concat([value.subarray(0, 1), Buffer.from([0x81]), value.subarray(1)]);
}

describe('who signed', () => testTwins(() => scene, SIGNERS));
describe('which name the certificate carries', () => testTwins(() => scene, NAMES));
describe('at which ref', () => testTwins(() => scene, REFS));
describe('what else the certificate claims', () => testTwins(() => scene, CLAIMED));
describe('how the certificate writes it', () => testTwins(() => scene, EXTENSIONS));

test('E10 a keyless attestor without subject is no attestor', async () => {
  await expect(scene.outcome({ rules: by({ subject: '' }) })).rejects.toThrow(/subject/);
});

test('E53 two signatures by one identity are one party, whatever its attestors are called', async () => {
  const twoOf = (second: Attestor): Rules => ({
    attestors: { signer: keyless(), second }, requirements: [{ type: 'signature', name: 'signed', attestors: ['signer', 'second'], threshold: 2 }],
  });
  const signatures = (image: string, world: SigstoreWorld): BundleJson[] => [RUN, RUN, githubRun({ repository: 'acme/audit' })].map((run) => world.signKeyless(run, signStatement(image)));
  const auditor = githubRun({ repository: 'acme/audit' }).subject;
  const sameByClaim = keyless({ certificate: { buildTrigger: 'push' } });
  expect(await scene.outcome({ evidence: signatures, rules: twoOf(sameByClaim) })).toBe('BELOW_THRESHOLD');
  expect(await scene.outcome({ evidence: signatures, rules: twoOf(keyless({ subject: auditor })) })).toBe('allowed');
});
