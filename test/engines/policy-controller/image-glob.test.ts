import { imageGlob, isImageGlob } from '../../../lib/kubernetes/policy-controller/image-glob';
import { matchesImage } from '../../../lib/policy/image-pattern';

const DIGEST = `@sha256:${'a1'.repeat(32)}`;

/** As policy-controller translates a glob (pkg/apis/glob/glob.go). */
function matches(glob: string, reference: string): boolean {
  const expression = glob.replaceAll('.', '\\.').replaceAll('**', '#').replaceAll('*', '[^/]*').replaceAll('#', '.*');
  return new RegExp(`^${expression}$`).test(reference);
}

/** As it writes out a name: Docker Hub is `index.docker.io`. */
const written = (name: string): string => `${name.replace(/^docker\.io\//, 'index.docker.io/')}${DIGEST}`;

const PATTERNS = ['ghcr.io/acme/**', 'ghcr.io/acme/*', 'ghcr.io/acme/app-*', 'ghcr.io/acme/**/app', 'ghcr.io/acme/*/app', 'reg.test:5000/acme/app', 'docker.io/library/nginx', 'docker.io/acme/**', 'registry.test/**'];
const NAMES = [
  'ghcr.io/acme/app', 'ghcr.io/acme/team/app', 'ghcr.io/acme/team/deep/app', 'ghcr.io/acme/app-web', 'ghcr.io/acme', 'ghcr.io/acme-evil/app', 'ghcr.io/acmex/app', 'ghcr.io/acme/app-x/y',
  'ghcrxio/acme/app', 'evil.test/ghcr.io/acme/app', 'reg.test:5000/acme/app', 'reg.test/acme/app', 'docker.io/library/nginx', 'docker.io/library/nginx-evil', 'docker.io/acme/app', 'registry.test/a',
  'registry.test/a/b', 'evil.test/registry.test/a',
];

test.each(PATTERNS)('%s matches the same names as the bundled verifier', (pattern) => {
  expect(NAMES.filter((name) => matches(imageGlob(pattern), written(name)))).toEqual(NAMES.filter((name) => matchesImage(pattern, name)));
});

test.each([
  ['no digest', 'ghcr.io/acme/app:v1'],
  ['capitals', `GHCR.io/acme/app${DIGEST}`],
  ['another port', `ghcr.io:8443/acme/app${DIGEST}`],
])('%s matches nothing', (_, reference) => {
  expect(matches(imageGlob('ghcr.io/acme/**'), reference)).toBe(false);
});

test('what is written is what policy-controller takes for a glob, but for literal addresses', () => {
  expect(PATTERNS.map((pattern) => isImageGlob(imageGlob(pattern)))).toEqual(PATTERNS.map(() => true));
  expect(isImageGlob(imageGlob('[::1]:5000/acme/app'))).toBe(false);
});
