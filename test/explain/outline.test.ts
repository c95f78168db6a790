import { outlineByName, outlineOf } from '../../lib/explain';
import { Json, NamespaceSelection, PolicyDocument } from '../../lib/policy/document';
import { normalize } from '../../lib/policy/normalize';
import { validateDocument } from '../../lib/policy/validate';
import * as documents from '../policy/documents';

const why = { reason: 'a reason', owner: 'an owner' };

/** Of every kind of attestation that `fullPolicy` does not have. */
const attested: PolicyDocument = {
  ...documents.smallPolicy,
  metadata: { name: 'attested' },
  spec: {
    images: ['ghcr.io/acme/**'],
    namespaces: { except: ['kube-system', 'sandbox'] },
    attestors: { ci: { ...documents.certificate, transparency: { log: 'notRequired', timestamp: 'required', reason: 'a reason' } }, old: { type: 'key', keys: [{ publicKey: documents.PUBLIC_KEY, validFor: { from: '2029-01-01', until: '2030-03-01' } }] } },
    requirements: [
      { type: 'attestation', name: 'sbom', attestors: ['ci', 'old'], multiPlatform: 'child', repository: 'required', predicateType: 'https://spdx.dev/Document', checks: { type: 'sbom' } },
      {
        type: 'attestation', name: 'scan', attestors: ['ci'], predicateType: 'https://in-toto.io/attestation/vulns/v0.2',
        checks: { type: 'vulnerability-scan', maxSeverity: 'medium', maxAge: '2d', maxDatabaseAge: '1d', ignored: [{ id: 'CVE-2026-1', ...why, until: '2030-04-01' }] },
      },
      {
        type: 'attestation', name: 'summary', attestors: ['ci'], predicateType: 'https://slsa.dev/verification_summary/v1', conditions: [{ expression: 'predicate.x == 1', message: 'x' }],
        checks: { type: 'verification-summary', verifierId: 'https://v.example', resourceUris: ['oci://a'], levels: ['SLSA_BUILD_LEVEL_2'], policyDigest: documents.DIGEST, maxAge: '3d' },
      },
    ],
  },
};

/** Of one build, and by a key whose signatures have no time. */
const built: PolicyDocument = {
  ...documents.smallPolicy,
  metadata: { name: 'built' },
  spec: { ...documents.smallPolicy.spec, sameBuild: 'run', requirements: [...documents.smallPolicy.spec.requirements, { type: 'attestation', name: 'sbom', attestors: ['release'], predicateType: 'https://spdx.dev/Document' }] },
};
const untimed: PolicyDocument = {
  ...documents.smallPolicy,
  metadata: { name: 'untimed' },
  spec: { ...documents.smallPolicy.spec, attestors: { release: { ...documents.key, transparency: { log: 'notRequired', untimed: why } } } },
};

const all: readonly PolicyDocument[] = [...Object.values(documents).filter((value): value is PolicyDocument => typeof value === 'object' && 'kind' in value), attested, built, untimed];

/** The same document with one leaf of it changed, for every leaf: other texts, numbers, and without. */
function changed(value: Json): Json[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => [value.filter((_, at) => at !== index), ...changed(item).map((other) => value.with(index, other))]);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, item]) => [
      Object.fromEntries(Object.entries(value).filter(([other]) => other !== key)), ...changed(item).map((other) => ({ ...value, [key]: other })),
    ]);
  }
  if (typeof value === 'number') {
    return [1, 2, 3];
  }
  return typeof value === 'string' ? [`${value}x`, value.replace(/[a-z](?=[^a-z]*$)/, 'q'), value.replace(/[0-9]/, '1'), value.replace('https:', 'https:x'), ...WORDS] : [];
}

const WORDS = ['child', 'either', 'commit', 'run', 'Deny', 'pin', 'deny', 'none', 'low', 'high', 'required', 'notRequired', '2030-02-01', '2031-01-01', '7d', 'refs/heads/next', documents.OTHER_DIGEST, documents.OTHER_PUBLIC_KEY, documents.OTHER_AUTHORITY];

test.each(all.map((document) => [`${document.kind} ${document.metadata.name}`, document] as const))('every change of the meaning of %s shows, and nothing else does', (_name, document) => {
  const outlines = new Map<string, string>();
  for (const other of [document, ...changed(document as unknown as Json)]) {
    if (validateDocument(other).length === 0) {
      const meaning = JSON.stringify(normalize(other as unknown as PolicyDocument));
      const outline = outlineOf([other as unknown as PolicyDocument]);
      expect(outlines.get(outline) ?? meaning).toBe(meaning);
      outlines.set(outline, meaning);
    }
  }
  expect(outlines.size).toBeGreaterThan(3);
  expect(new Set(outlines.values()).size).toBe(outlines.size);
});

test('neither the order of documents nor their spelling shows', () => {
  const spelled = { ...documents.smallPolicy, metadata: { name: 'another' }, spec: { ...documents.smallPolicy.spec, tags: 'pin' as const, action: { type: 'Deny' as const } } };
  const unspelled = { ...spelled, spec: documents.smallPolicy.spec };
  expect(outlineOf([spelled, documents.smallPolicy])).toBe(outlineOf([documents.smallPolicy, unspelled]));
});

test('a text that would make a line of its own, or another one of it, stands in quotes', () => {
  const owner = 'a) \n  otherwise  refused\u2028\u202e"';
  const outline = outlineOf([documents.smallPolicy, {
    apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'old' },
    spec: { image: 'ghcr.io/acme/old', digests: [documents.DIGEST], reason: 'r', owner, until: '2030-01-01' },
  }]);
  expect(outline).toContain('owner="a) \\n  otherwise  refused\\u2028\\u202e\\"" reason=r)');
  expect(outline.split('\n')).toHaveLength(17);
});

test('who must sign what, where, and what happens otherwise', () => {
  expect(outlineOf([documents.smallPolicy])).toMatchInlineSnapshot(`
"policy payments
  images: ghcr.io/acme/payments/**
  namespaces: every namespace but kube-system
  needs signature: signature by release
  by release: https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main
    of https://token.actions.githubusercontent.com
  otherwise: refused, also when nobody answers

images of no policy
  refused: in every namespace but kube-system
"
`);
});

const allowed = (namespaces: NamespaceSelection): PolicyDocument => ({
  apiVersion: 'proofgate.dev/v1', kind: 'ImageExemption', metadata: { name: 'agent' }, spec: { image: 'docker.io/vendor/agent', digests: [documents.DIGEST], until: '2030-01-01', namespaces, ...why },
});
const withdrawn: PolicyDocument = { apiVersion: 'proofgate.dev/v1', kind: 'ImageDenyList', metadata: { name: 'withdrawn' }, spec: { digests: [documents.DIGEST], namespaces: { names: ['bank'] }, ...why } };

test('where the API server decides by name alone, it is told what it closes: to whatever none exempts, and to tags', () => {
  const exempted = allowed({ names: ['agents'] });
  expect(outlineByName([exempted])).toBe(`${outlineOf([exempted])}\nimages of no exemption\n  refused: in agents, and every tag\n`);
  expect(outlineByName([withdrawn])).toBe(`${outlineOf([withdrawn])}\ntags\n  refused: in bank, since nobody looks up what they point to\n`);
  expect(outlineByName([allowed({ except: ['kube-system'] }), withdrawn])).toMatch(/\nimages of no exemption\n {2}refused: in every namespace but kube-system, and every tag\n\ntags\n {2}refused: in bank, [^\n]*\n$/);
});
