import { requirePeers } from '../../lib/pulumi/peers';

const having = (versions: { readonly [id: string]: string }) => (id: string): unknown => {
  const version = versions[id.replace('/package.json', '')];
  if (version === undefined) {
    throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' });
  }
  return { version };
};

test.each([
  ['the oldest releases that are known to work', { '@pulumi/pulumi': '3.245.0', '@pulumi/kubernetes': '4.25.0' }],
  ['later ones of the same major version', { '@pulumi/pulumi': '3.270.1', '@pulumi/kubernetes': '4.34.2' }],
])('%s will do', (_, versions) => {
  expect(() => requirePeers(having(versions))).not.toThrow();
});

test.each([
  ['is not there', { '@pulumi/pulumi': '3.245.0' }, 'proofgate/pulumi needs @pulumi/kubernetes@^4.25.0, and it is not installed. Run: npm install @pulumi/kubernetes@^4.25.0'],
  ['is older', { '@pulumi/pulumi': '3.244.9', '@pulumi/kubernetes': '4.25.0' }, 'proofgate/pulumi needs @pulumi/pulumi@^3.245.0, and finds 3.244.9. Run: npm install @pulumi/pulumi@^3.245.0'],
  ['is of another major version', { '@pulumi/pulumi': '4.300.0', '@pulumi/kubernetes': '4.25.0' }, 'proofgate/pulumi needs @pulumi/pulumi@^3.245.0, and finds 4.300.0. Run: npm install @pulumi/pulumi@^3.245.0'],
])('a peer that %s is said in one line', (_, versions, said) => {
  expect(() => requirePeers(having(versions))).toThrow(said);
});

test('an error of a peer itself is not taken for its absence', () => {
  expect(() => requirePeers(() => {
    throw new SyntaxError('Unexpected token');
  })).toThrow(SyntaxError);
});
