import { imageExpression } from '../../../lib/kubernetes/kyverno/image-expression';
import { matchesImage } from '../../../lib/policy/image-pattern';

const DIGEST = `@sha256:${'a1'.repeat(32)}`;

const PATTERNS = ['ghcr.io/acme/**', 'ghcr.io/acme/*', 'ghcr.io/acme/app-*', 'ghcr.io/acme/**/app', 'ghcr.io/acme/*/app', 'reg.test:5000/acme/app', 'docker.io/library/nginx', 'docker.io/acme/**'];
const NAMES = [
  'ghcr.io/acme/app', 'ghcr.io/acme/team/app', 'ghcr.io/acme/team/deep/app', 'ghcr.io/acme/app-web', 'ghcr.io/acme', 'ghcr.io/acme-evil/app', 'ghcr.io/acmex/app',
  'ghcrxio/acme/app', 'evil.test/ghcr.io/acme/app', 'reg.test:5000/acme/app', 'reg.test/acme/app', 'docker.io/library/nginx', 'docker.io/library/nginx-evil', 'docker.io/acme/app',
];

test.each(PATTERNS)('%s matches the same names as the bundled verifier, written out', (pattern) => {
  const matches = (name: string): boolean => new RegExp(imageExpression([pattern], 'required')).test(`${name}${DIGEST}`);
  expect(NAMES.filter(matches)).toEqual(NAMES.filter((name) => matchesImage(pattern, name)));
});

test.each([
  ['a tag beside the digest', `ghcr.io/acme/app:v1${DIGEST}`, true],
  ['no digest', 'ghcr.io/acme/app:v1', false],
  ['a short digest', `ghcr.io/acme/app${DIGEST.slice(0, -1)}`, false],
  ['a long digest', `ghcr.io/acme/app${DIGEST}a`, false],
  ['a digest in capitals', `ghcr.io/acme/app${DIGEST.toUpperCase()}`, false],
  ['two digests', `ghcr.io/acme/app${DIGEST}${DIGEST}`, false],
  ['a line after it', `ghcr.io/acme/app${DIGEST}\n`, false],
  ['a line before it', `\nghcr.io/acme/app${DIGEST}`, false],
  ['a parent folder', `ghcr.io/acme/../evil/app${DIGEST}`, false],
  ['an empty segment', `ghcr.io/acme//app${DIGEST}`, false],
  ['a user', `u:p@ghcr.io/acme/app${DIGEST}`, false],
  ['another port', `ghcr.io:8443/acme/app${DIGEST}`, false],
  ['capitals', `GHCR.io/acme/app${DIGEST}`, false],
])('%s', (_, reference, matches) => {
  expect(new RegExp(imageExpression(['ghcr.io/acme/**'], 'required')).test(reference)).toBe(matches);
});

test('a tag alone is enough where Kyverno has yet to pin it', () => {
  const expression = new RegExp(imageExpression(['ghcr.io/acme/**'], 'optional'));
  expect(['ghcr.io/acme/app:v1', 'ghcr.io/acme/app', `ghcr.io/acme/app${DIGEST}`, 'ghcr.io/other/app:v1'].map((reference) => expression.test(reference))).toEqual([true, true, true, false]);
});

test('what Kyverno makes of a short name of Docker Hub is matched, as long as it is no other image', () => {
  const nginx = new RegExp(imageExpression(['docker.io/library/nginx'], 'required'));
  expect([`docker.io/nginx${DIGEST}`, `docker.io/library/nginx${DIGEST}`, `docker.io/acme/nginx${DIGEST}`].map((reference) => nginx.test(reference))).toEqual([true, true, false]);
});
