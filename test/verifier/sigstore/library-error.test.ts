import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { VerificationError } from '@sigstore/verify';
import { describeLibraryError } from '../../../lib/verifier/sigstore/library-error';
import { githubRun, signStatement, SigstoreWorld, SignOptions } from '../../support/sigstore';
import { keyless, PATIENCE, Scene, SIGNED } from './scene';

/** Every message of the library, as its sources have it, with what is filled in left out. */
const library = dirname(require.resolve('@sigstore/verify'));
const messages = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))
  .flatMap((file) => [...readFileSync(join(library, file), 'utf8').matchAll(/VerificationError\(\{\s*code: '([A-Z_]+)',\s*message: ['`](.*?)['`],/g)])
  .map(([, code = '', message = '']) => ({ code, message: message.replace(/\$\{[^}]*\}/g, '7') }));

/** Of these only the library's own next sentence reaches anybody, or none: keys of documents are always valid, and duplicates of SCTs are one SCT. */
const INSIDE = new RegExp('^(certificate (chain must|is not valid)|incorrect certificate name|intermediate certificate|path length'
  + '|no (trusted|valid) certificate path|duplicate SCT|key not found|Public key is not)');

function wordsOf(code: string, message: string): string {
  const error = new VerificationError({ code, message } as ConstructorParameters<typeof VerificationError>[0]);
  return describeLibraryError(error, 'corp').message;
}

test('every message of the library has words of our own', () => {
  expect(messages.length).toBeGreaterThan(35);
  const unknown = messages.filter(({ message }) => !INSIDE.test(message)).filter(({ code, message }) => !wordsOf(code, message).startsWith('expected '));
  expect(unknown).toEqual([]);
});

test('one that is not known is shown with the trust root', () => {
  expect(wordsOf('CERTIFICATE_ERROR', 'something new')).toBe('something new (by the trust root corp)');
});

describe('an image of another Sigstore than the policy names', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await Scene.start();
  }, PATIENCE);
  afterAll(() => scene.close());
  const other = SigstoreWorld.create();

  const said = async (options: SignOptions, rules = SIGNED): Promise<unknown> => {
    const image = scene.image();
    scene.attach(image, other.signKeyless(githubRun(), signStatement(image), options));
    return (await scene.judge(image, { rules })).reasons.map(({ code, message }) => `[${code}] ${message}`);
  };

  test.each<[string, SignOptions, RegExp]>([
    ['whose time an authority vouches for', { log: 'rekor2' }, /^\[NO_TRUSTED_TIME\] .*expected a timestamp of this signature by an authority of the trust root test, found one that none of them vouches for/],
    ['whose time the log vouches for', { log: 'rekor1' }, /^\[UNTRUSTED_CERTIFICATE\] .*expected a certificate that an authority of the trust root test issued, for the time of signing/],
  ])('%s is refused with the name of the trust root that was asked', async (_what, options, words) => {
    expect(await said(options)).toEqual([expect.stringMatching(words)]);
  }, PATIENCE);

  test('is refused by the name that the attestor gives the root', async () => {
    const rules = { ...SIGNED, attestors: { signer: keyless({ trustRoot: 'missing' }) } };
    expect(await said({}, rules)).toEqual([expect.stringContaining('missing')]);
  }, PATIENCE);
});
