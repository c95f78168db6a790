import { createHash } from 'node:crypto';
import { ConfigurationDigests, ConfigurationError, FoundConfiguration, requireDigests } from '../../../lib/verifier/policies/digests';

const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;

const FOUND: FoundConfiguration = { policies: sha256('policies'), trustRoots: [{ name: 'corp', json: '{"a":1}' }, { name: 'lab', json: '{}' }], registryConfig: '{"reg.test":{}}' };
const SAID: ConfigurationDigests = {
  policies: FOUND.policies, trustRoots: new Map([['corp', sha256('{"a":1}')], ['lab', sha256('{}')]]), registryConfig: sha256('{"reg.test":{}}'),
};
const NO_REGISTRIES: FoundConfiguration = { policies: FOUND.policies, trustRoots: FOUND.trustRoots };
const NOT_SAID: ConfigurationDigests = { policies: SAID.policies, trustRoots: SAID.trustRoots };

function problemsOf(said: ConfigurationDigests, found: FoundConfiguration): string {
  try {
    requireDigests(said, found);
    return '';
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.message;
    }
    throw error;
  }
}

test('what was rendered is what may be read, with trust roots and registries or without', () => {
  expect(problemsOf(SAID, FOUND)).toBe('');
  expect(problemsOf({ ...NOT_SAID, trustRoots: new Map() }, { ...NO_REGISTRIES, trustRoots: [] })).toBe('');
});

test.each<[string, ConfigurationDigests, FoundConfiguration, RegExp]>([
  ['other policies', SAID, { ...FOUND, policies: sha256('others') }, /^the policies: not what .*--policy-digest says sha256:\w+, the files hold sha256:/],
  ['another content of a trust root', SAID, { ...FOUND, trustRoots: [{ name: 'corp', json: '{"a":2}' }, { name: 'lab', json: '{}' }] }, /^the trust root corp: not what/],
  ['two trust roots in each other\'s place', SAID, { ...FOUND, trustRoots: [{ name: 'lab', json: '{"a":1}' }, { name: 'corp', json: '{}' }] }, /^the trust root corp: .*\nthe trust root lab: /],
  ['a trust root that nobody spoke of', SAID, { ...FOUND, trustRoots: [...FOUND.trustRoots, { name: 'sigstore', json: '{}' }] }, /^the trust root sigstore: .*says nothing of it, the files hold sha256:/],
  ['a trust root that is missing', SAID, { ...FOUND, trustRoots: [{ name: 'lab', json: '{}' }] }, /^the trust root corp: .*the files hold none/],
  ['another registry configuration', SAID, { ...FOUND, registryConfig: '{}' }, /^the registry configuration: not what .*--registry-config-digest says sha256:/],
  ['a registry configuration that nobody spoke of', NOT_SAID, FOUND, /^the registry configuration: .*says nothing of it/],
  ['a registry configuration that is missing', SAID, NO_REGISTRIES, /^the registry configuration: .*the files hold none/],
])('%s is refused, saying which part and what to do', (_what, said, found, told) => {
  const problems = problemsOf(said, found);
  expect(problems).toMatch(told);
  expect(problems).toMatch(/apply what the synthesis wrote, ConfigMaps and Deployment$/);
});
