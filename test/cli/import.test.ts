import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { importPolicies, ImportResult } from '../../lib/cli/import/policies';
import { readManifests } from '../../lib/cli/manifests/read-manifests';
import { ImagePolicy, ImagePolicySpec } from '../../lib/policy/document';
import { validateDocument } from '../../lib/policy/validate';
import { builtCommand, run } from '../support/command';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8nXRh950IZbRj8Ra/N9sbqOPZrfM
5/KAQN0/KjHcorm/J5yctVd7iEcnessRQjU917hmKO6JWVGHpDguIyakZA==
-----END PUBLIC KEY-----
`;
const OTHER_KEY = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEGj1kl5IRmXQGsRvyk3pt0QfOX+hF
vZX1bGdZLTdXrlU5TkGcIwM6lrKsFOmEtTZnBCo6PTfLuuVVuvrOrWzKxg==
-----END PUBLIC KEY-----
`;
const ISSUER = 'https://token.actions.githubusercontent.com';
const SUBJECT = 'https://github.com/acme/payments/.github/workflows/release.yml@refs/heads/main';
const KEYLESS = { type: 'keyless', issuer: ISSUER, subject: SUBJECT, trustRoot: 'sigstore' };

/** Sound policies in the shape of public ones; what is tested differs from them in one place. */
const CLUSTER_POLICY = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata:
  name: check-image
  annotations:
    policies.kyverno.io/title: Verify images
spec:
  validationFailureAction: Enforce
  background: false
  webhookTimeoutSeconds: 30
  failurePolicy: Fail
  rules:
    - name: check-image
      match:
        any:
          - resources:
              kinds: [Pod]
      verifyImages:
        - imageReferences:
            - "ghcr.io/acme/payments*"
          attestors:
            - count: 1
              entries:
                - keys:
                    publicKeys: |-
${KEY.replace(/^/gm, ' '.repeat(22)).trimEnd()}
                - keyless:
                    issuer: ${ISSUER}
                    subject: ${SUBJECT}
                    rekor:
                      url: https://rekor.sigstore.dev
          attestations:
            - type: https://slsa.dev/provenance/v1
              attestors:
                - entries:
                    - keyless:
                        issuer: ${ISSUER}
                        subject: ${SUBJECT}
`;
const VALIDATING_POLICY = `apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata:
  name: check-image
spec:
  webhookConfiguration:
    timeoutSeconds: 15
  evaluation:
    background:
      enabled: false
  validationActions: [Deny]
  matchConstraints:
    resourceRules:
      - apiGroups: [""]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [pods]
  matchImageReferences:
    - glob: ghcr.io/acme/*
  attestors:
    - name: release
      cosign:
        keyless:
          identities:
            - issuer: ${ISSUER}
              subject: ${SUBJECT}
        ctlog:
          url: https://rekor.sigstore.dev
    - name: security
      cosign:
        key:
          data: |
${KEY.replace(/^/gm, ' '.repeat(12)).trimEnd()}
  attestations:
    - name: sbom
      intoto:
        type: https://cyclonedx.org/bom
  validations:
    - expression: >-
        images.containers.map(image, verifyImageSignatures(image, [attestors.release, attestors.security])).all(e, e > 1)
      message: not signed by both
    - expression: >-
        images.containers.map(image, verifyAttestationSignatures(image, attestations.sbom, [attestors.release])).all(e, e > 0)
`;
const CLUSTER_IMAGE_POLICY = `apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata:
  name: image-policy
spec:
  images:
    - glob: "ghcr.io/acme/payments/**"
  authorities:
    - name: release
      keyless:
        url: https://fulcio.sigstore.dev
        identities:
          - issuer: ${ISSUER}
            subject: ${SUBJECT}
      ctlog:
        url: https://rekor.sigstore.dev
    - name: security
      key:
        hashAlgorithm: sha256
        data: |
${KEY.replace(/^/gm, ' '.repeat(10)).trimEnd()}
      ctlog:
        url: https://rekor.sigstore.dev
`;

/** What is said of every policy of Kyverno, or of every one with validations. */
const ALWAYS = /^(?:Images that no policy names run there|Each looks at one kind of containers)/;

async function everything(text: string): Promise<ImportResult> {
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, text);
  return importPolicies(await readManifests(file));
}

async function imported(text: string): Promise<ImportResult> {
  const result = await everything(text);
  return { ...result, notCarriedOver: result.notCarriedOver.filter(({ message }) => !ALWAYS.test(message)) };
}

async function specOf(text: string): Promise<ImagePolicySpec> {
  const { documents, notCarriedOver } = await imported(text);
  expect(notCarriedOver).toEqual([]);
  expect(documents).toHaveLength(1);
  return (documents[0] as { document: ImagePolicy }).document.spec;
}

/** Replaces exactly one place. */
function changed(sound: string, from: string, to: string): string {
  expect(sound.split(from)).toHaveLength(2);
  return sound.replace(from, () => to);
}

describe('what is sound is carried over, with nothing to say', () => {
  test('a ClusterPolicy of Kyverno', async () => {
    expect(await specOf(CLUSTER_POLICY)).toEqual({
      images: ['ghcr.io/acme/payments*', 'ghcr.io/acme/payments*/**'],
      attestors: { key: { type: 'key', publicKey: KEY }, keyless: KEYLESS },
      requirements: [
        { type: 'signature', name: 'signature', attestors: ['key', 'keyless'] },
        { type: 'attestation', name: 'attestation', attestors: ['keyless'], predicateType: 'https://slsa.dev/provenance/v1' },
      ],
    });
  });

  test.each<[string, string, string, string]>([
    ['what Kyverno adds when it is applied', CLUSTER_POLICY, '          attestors:\n            - count', '          mutateDigest: true\n          verifyDigest: true\n          required: true\n          useCache: true\n          type: Cosign\n          attestors:\n            - count'],
    ['lists of nothing', CLUSTER_POLICY, '  failurePolicy: Fail', '  failurePolicy: Fail\n  validationFailureActionOverrides: []\n  admission: true'],
    ['what policy-controller adds when it is applied', CLUSTER_IMAGE_POLICY, '  images:', '  mode: enforce\n  match: []\n  images:'],
  ])('%s changes nothing', async (_what, sound, from, to) => {
    expect(await specOf(changed(sound, from, to))).toEqual(await specOf(sound));
  });

  test('a policy in the list that kubectl prints', async () => {
    const listed = `apiVersion: v1\nkind: List\nitems:\n${CLUSTER_IMAGE_POLICY.replace(/^/gm, '    ').replace('    apiVersion', '  - apiVersion').trimEnd()}\n`;
    expect(await specOf(listed)).toEqual(await specOf(CLUSTER_IMAGE_POLICY));
  });

  test('an ImageValidatingPolicy of Kyverno', async () => {
    expect(await specOf(VALIDATING_POLICY)).toEqual({
      images: ['ghcr.io/acme/**'],
      attestors: { release: KEYLESS, security: { type: 'key', publicKey: KEY } },
      requirements: [
        { type: 'signature', name: 'signature', attestors: ['release', 'security'], threshold: 2 },
        { type: 'attestation', name: 'attestation', attestors: ['release'], predicateType: 'https://cyclonedx.org/bom' },
      ],
    });
  });

  test('a ClusterImagePolicy of policy-controller, in the namespaces that are labelled for it', async () => {
    expect(await specOf(CLUSTER_IMAGE_POLICY)).toEqual({
      images: ['ghcr.io/acme/payments/**'],
      namespaces: { labels: { 'policy.sigstore.dev/include': 'true' } },
      attestors: { release: KEYLESS, security: { type: 'key', publicKey: KEY } },
      requirements: [{ type: 'signature', name: 'signature', attestors: ['release', 'security'] }],
    });
  });
});

describe.each([['kyverno', CLUSTER_POLICY, '"ghcr.io/acme/payments*"'], ['policy-controller', CLUSTER_IMAGE_POLICY, '"ghcr.io/acme/payments/**"']] as const)('images of %s', (engine, sound, place) => {
  test.each<[string, string[] | RegExp, (string[] | RegExp)?]>([
    ['ghcr.io/acme/app', ['ghcr.io/acme/app']],
    ['ghcr.io/acme/app:*', ['ghcr.io/acme/app']],
    ['ghcr.io/acme/app@*', ['ghcr.io/acme/app']],
    ['ghcr.io/acme/*', ['ghcr.io/acme/**'], ['ghcr.io/acme/*']],
    ['ghcr.io/*/app', ['ghcr.io/**/app'], ['ghcr.io/*/app']],
    ['ghcr.io/acme/app-*', ['ghcr.io/acme/app-*', 'ghcr.io/acme/app-*/**'], ['ghcr.io/acme/app-*']],
    ['ghcr.io/acme/app**', ['ghcr.io/acme/app*', 'ghcr.io/acme/app*/**']],
    ['index.docker.io/library/nginx', ['docker.io/library/nginx']],
    ['ghcr.io/acme/*-app', /a star within a name/, ['ghcr.io/acme/*-app']],
    ['ghcr.io/acme*', /look-alikes/],
    ['*', /no registry/],
    ['**', /no registry/],
    ['*.example.com/acme/**', /no registry/],
    ['nginx', /no registry/],
    ['acme/app', /no registry/],
    ['ghcr.io/acme/app:v1', /some tags only/],
    ['ghcr.io/acme/*:latest', /some tags only/],
    [`ghcr.io/acme/app@sha256:${'ab'.repeat(32)}`, /names a digest/],
    ['ghcr.io/acme/app?', /other wildcards/],
    ['ghcr.io/{{ request.object.metadata.name }}/app', /variable/],
  ])('%s', async (glob, kyverno, other = kyverno) => {
    const expected = engine === 'kyverno' ? kyverno : other;
    const { documents, notCarriedOver } = await imported(changed(sound, place, JSON.stringify(glob)));
    expect(documents.map(({ document }) => document.spec.images)).toEqual(expected instanceof RegExp ? [] : [expected]);
    expect(notCarriedOver.map(({ effect }) => effect)).toEqual(expected instanceof RegExp ? ['omitted', 'omitted'] : []);
    if (expected instanceof RegExp) {
      expect(notCarriedOver[0]?.message).toMatch(expected);
    }
  });
});

/** Sound, a place in it, what stands there instead, the path that is named, what becomes of the document, what is said. */
type Change = readonly [what: string, sound: string, from: string, to: string, path: string, effect: 'omitted' | 'stricter', said: RegExp];

const ENTRY = 'spec.rules[0].verifyImages[0]';
const SET = `${ENTRY}.attestors[0]`;

const CHANGES: readonly Change[] = [
  // Kyverno, ClusterPolicy.
  ['Audit mode', CLUSTER_POLICY, 'validationFailureAction: Enforce', 'validationFailureAction: Audit', 'spec.validationFailureAction', 'stricter', /the document denies/],
  ['Audit mode by default', CLUSTER_POLICY, '  validationFailureAction: Enforce\n', '', 'spec.validationFailureAction', 'stricter', /the document denies/],
  ['Audit mode of an entry', CLUSTER_POLICY, '        - imageReferences:', '        - failureAction: Audit\n          imageReferences:', `${ENTRY}.failureAction`, 'stricter', /the document denies/],
  ['failurePolicy Ignore', CLUSTER_POLICY, 'failurePolicy: Fail', 'failurePolicy: Ignore', 'spec.failurePolicy', 'stricter', /Fail/],
  ['an alternative that is a pattern of subjects', CLUSTER_POLICY, `subject: ${SUBJECT}\n                    rekor`, 'subject: https://github.com/acme/*\n                    rekor', `${SET}.entries[1].keyless`, 'stricter', /pattern/],
  ['an alternative that is a regular expression', CLUSTER_POLICY, `subject: ${SUBJECT}\n                    rekor`, 'subjectRegExp: https://github.com/acme/.*\n                    rekor', `${SET}.entries[1].keyless.subjectRegExp`, 'stricter', /regular expression/],
  ['an alternative without an issuer', CLUSTER_POLICY, `issuer: ${ISSUER}\n                    subject: ${SUBJECT}\n                    rekor`, `subject: ${SUBJECT}\n                    rekor`, `${SET}.entries[1].keyless.issuer`, 'stricter', /anybody/],
  ['an alternative with a log of its own', CLUSTER_POLICY, 'url: https://rekor.sigstore.dev', 'url: https://rekor.acme.example', `${SET}.entries[1].keyless.rekor.url`, 'stricter', /another log/],
  ['a signature without an entry in the log', CLUSTER_POLICY, 'url: https://rekor.sigstore.dev', 'ignoreTlog: true', `${SET}.entries[1].keyless.rekor.ignoreTlog`, 'stricter', /demands an entry in the log/],
  ['an alternative in a key server', CLUSTER_POLICY, `publicKeys: |-\n${KEY.replace(/^/gm, ' '.repeat(22)).trimEnd()}`, 'publicKeys: k8s://cosign/key', `${SET}.entries[0].keys.publicKeys`, 'stricter', /PEM/],
  ['all of several, of which one is unclear', CLUSTER_POLICY, 'count: 1\n              entries:\n                - keys:\n                    publicKeys', 'entries:\n                - keys:\n                    kms: awskms:///alias/a\n                    publicKeys', `${SET}.entries`, 'omitted', /2 of them have to vouch, and 1/],
  ['an attestation that anybody may sign', CLUSTER_POLICY, `attestors:\n                - entries:\n                    - keyless:\n                        issuer: ${ISSUER}\n                        subject: ${SUBJECT}\n`, 'attestors: []\n', `${ENTRY}.attestations[0]`, 'omitted', /anybody/],
  ['conditions', CLUSTER_POLICY, '            - type: https://slsa.dev/provenance/v1', '            - conditions: [{ all: [{ key: "{{ builder.id }}", operator: Equals, value: x }] }]\n              type: https://slsa.dev/provenance/v1', `${ENTRY}.attestations[0].conditions`, 'omitted', /CEL/],
  ['conditions of an entry', CLUSTER_POLICY, '          attestors:\n            - count', '          validate: { deny: {} }\n          attestors:\n            - count', `${ENTRY}.validate`, 'omitted', /CEL/],
  ['images of other resources', CLUSTER_POLICY, '      verifyImages:', '      imageExtractors: { Task: [{ path: /spec/steps/*/image }] }\n      verifyImages:', 'spec.rules[0].imageExtractors', 'omitted', /other resources/],
  ['images that are skipped', CLUSTER_POLICY, '          attestors:\n            - count', '          skipImageReferences: [ghcr.io/acme/payments-test]\n          attestors:\n            - count', `${ENTRY}.skipImageReferences`, 'stricter', /ImageExemption/],
  ['proof that is not required', CLUSTER_POLICY, '          attestors:\n            - count', '          required: false\n          attestors:\n            - count', `${ENTRY}.required`, 'stricter', /may run there/],
  ['tags as they are', CLUSTER_POLICY, '          attestors:\n            - count', '          mutateDigest: false\n          verifyDigest: false\n          attestors:\n            - count', `${ENTRY}.verifyDigest`, 'stricter', /pinned/],
  ['signatures of Notary', CLUSTER_POLICY, '          attestors:\n            - count', '          type: Notary\n          attestors:\n            - count', `${ENTRY}.type`, 'omitted', /no signature of Sigstore/],
  ['signatures elsewhere', CLUSTER_POLICY, '          attestors:\n            - count', '          repository: ghcr.io/acme/signatures\n          attestors:\n            - count', `${ENTRY}.repository`, 'omitted', /another repository/],
  ['a field that nobody knows', CLUSTER_POLICY, '          attestors:\n            - count', '          atestors: []\n          attestors:\n            - count', `${ENTRY}.atestors`, 'omitted', /not known/],
  ['a precondition', CLUSTER_POLICY, '      verifyImages:', '      preconditions: { all: [] }\n      verifyImages:', 'spec.rules[0].preconditions', 'stricter', /narrows/],
  ['a rule for labelled Pods', CLUSTER_POLICY, 'kinds: [Pod]', 'kinds: [Pod]\n              selector: { matchLabels: { app: api } }', 'spec.rules[0].match.any[0].resources.selector', 'stricter', /every Pod/],
  ['namespaces by a pattern', CLUSTER_POLICY, 'kinds: [Pod]', 'kinds: [Pod]\n              namespaces: ["team-*"]', 'spec.rules[0].match.any[0].resources.namespaces', 'omitted', /pattern of names/],
  ['Pods that are excluded', CLUSTER_POLICY, '      verifyImages:', '      exclude: { any: [{ resources: { kinds: [Pod], names: [debug] } }] }\n      verifyImages:', 'spec.rules[0].exclude.any[0]', 'stricter', /excludes nothing but/],
  ['YAML that is read in two ways', CLUSTER_POLICY, 'background: false', 'background: no', 'spec.background', 'omitted', /truth value/],
  // Kyverno, ImageValidatingPolicy.
  ['Audit mode of an ImageValidatingPolicy', VALIDATING_POLICY, 'validationActions: [Deny]', 'validationActions: [Audit]', 'spec.validationActions', 'stricter', /the document denies/],
  ['an expression of another form', VALIDATING_POLICY, '.all(e, e > 1)', '.exists(e, e > 1)', 'spec.validations[0].expression', 'omitted', /another expression/],
  ['an expression that is always true', VALIDATING_POLICY, '.all(e, e > 1)', '.all(e, e >= 0)', 'spec.validations[0].expression', 'omitted', /whoever vouches/],
  ['an expression about another variable', VALIDATING_POLICY, '.all(e, e > 1)', '.all(e, f > 1)', 'spec.validations[0].expression', 'omitted', /another expression/],
  ['one of two who both have to vouch', VALIDATING_POLICY, `subject: ${SUBJECT}`, 'subject: https://github.com/acme/*', 'spec.validations[0].expression', 'omitted', /demands 2 of 2 attestors, and 1/],
  ['an attestor that is not there', VALIDATING_POLICY, 'name: security', 'name: safety', 'spec.validations[0].expression', 'omitted', /names security/],
  ['images by an expression', VALIDATING_POLICY, 'glob: ghcr.io/acme/*', 'expression: image.startsWith("ghcr.io")', 'spec.matchImageReferences', 'omitted', /names no images/],
  ['every image', VALIDATING_POLICY, '  matchImageReferences:\n    - glob: ghcr.io/acme/*\n', '', 'spec.matchImageReferences', 'omitted', /names no images/],
  ['a policy that demands nothing', VALIDATING_POLICY, VALIDATING_POLICY.slice(VALIDATING_POLICY.indexOf('  validations:')), '  validations: []\n', 'spec.validations', 'omitted', /demands nothing/],
  ['an artifact that is no statement', VALIDATING_POLICY, 'intoto:\n        type: https://cyclonedx.org/bom', 'referrer:\n        type: sbom/cyclonedx', 'spec.attestations[0].referrer', 'omitted', /in-toto/],
  ['a match condition', VALIDATING_POLICY, '  validationActions', '  matchConditions: [{ name: a, expression: "true" }]\n  validationActions', 'spec.matchConditions', 'stricter', /not judged there/],
  ['an alias for a predicate type', VALIDATING_POLICY, 'type: https://cyclonedx.org/bom', 'type: sbom', '', 'omitted', /not a URI/],
  ['changes that are not asked about', VALIDATING_POLICY, 'operations: [CREATE, UPDATE]', 'operations: [CREATE]', 'spec.matchConstraints.resourceRules', 'stricter', /does not ask about UPDATE of Pods; .*ephemeral containers/],
  ['changes that are asked about for workloads alone', VALIDATING_POLICY, 'operations: [CREATE, UPDATE]\n        resources: [pods]\n', 'operations: [CREATE]\n        resources: [pods]\n      - apiGroups: [apps]\n        apiVersions: [v1]\n        operations: [UPDATE]\n        resources: [deployments]\n', 'spec.matchConstraints.resourceRules', 'stricter', /does not ask about UPDATE of Pods/],
  ['workloads that are not looked at', VALIDATING_POLICY, '  validationActions', '  autogen: { podControllers: { controllers: [deployments] } }\n  validationActions', 'spec.autogen', 'stricter', /every workload/],
  ['workloads that a ClusterPolicy does not look at', CLUSTER_POLICY, '    policies.kyverno.io/title: Verify images', '    pod-policies.kyverno.io/autogen-controllers: none', 'metadata.annotations["pod-policies.kyverno.io/autogen-controllers"]', 'stricter', /every workload/],
  // policy-controller.
  ['a mode that warns', CLUSTER_IMAGE_POLICY, '  images:', '  mode: warn\n  images:', 'spec.mode', 'stricter', /the document denies/],
  ['an authority that always passes', CLUSTER_IMAGE_POLICY, '    - name: security', '    - static: { action: pass }\n    - name: security', 'spec.authorities[1].static', 'stricter', /without any proof/],
  ['one identity that is a regular expression', CLUSTER_IMAGE_POLICY, `          - issuer: ${ISSUER}\n`, `          - { issuer: "${ISSUER}", subjectRegExp: ".*" }\n          - issuer: ${ISSUER}\n`, 'spec.authorities[0].keyless.identities[0].subjectRegExp', 'stricter', /regular expression/],
  ['an authority of identities that are all regular expressions', CLUSTER_IMAGE_POLICY, `subject: ${SUBJECT}`, 'subjectRegExp: .*', 'spec.authorities[0].keyless.identities', 'stricter', /anybody/],
  ['a Fulcio of one\'s own', CLUSTER_IMAGE_POLICY, 'https://fulcio.sigstore.dev', 'https://fulcio.acme.example', 'spec.authorities[0].keyless.url', 'stricter', /another authority/],
  ['a key in a secret', CLUSTER_IMAGE_POLICY, `data: |\n${KEY.replace(/^/gm, ' '.repeat(10)).trimEnd()}`, 'secretRef: { name: key }', 'spec.authorities[1].key.secretRef', 'stricter', /lies elsewhere/],
  ['a policy in CUE', CLUSTER_IMAGE_POLICY, '  images:', '  policy: { type: cue, data: "true" }\n  images:', 'spec.policy', 'omitted', /CUE or Rego/],
  ['alternatives of different demands', CLUSTER_IMAGE_POLICY, '    - name: security', '      attestations: [{ name: sbom, predicateType: cyclonedx }]\n    - name: security', 'spec.authorities', 'omitted', /different demands/],
  ['signatures elsewhere, of one authority', CLUSTER_IMAGE_POLICY, '    - name: security', '      source: [{ oci: ghcr.io/acme/signatures }]\n    - name: security', 'spec.authorities[0].source[0].oci', 'stricter', /another repository/],
  ['a rule for labelled Pods in policy-controller', CLUSTER_IMAGE_POLICY, '  images:', '  match: [{ resource: pods, version: v1 }]\n  images:', 'spec.match', 'stricter', /every Pod/],
];

describe('what is not carried over', () => {
  test.each(CHANGES)('is said by path: %s', async (_what, sound, from, to, path, effect, said) => {
    const { documents, notCarriedOver } = await imported(changed(sound, from, to));
    expect(documents).toHaveLength(effect === 'omitted' ? 0 : 1);
    expect(notCarriedOver).toContainEqual(expect.objectContaining({ path, effect, message: expect.stringMatching(said) as unknown }));
    expect(new Set(notCarriedOver.map((note) => note.effect))).toEqual(new Set([effect]));
    documents.forEach(({ document }) => expect(validateDocument(document)).toEqual([]));
  });

  test.each<[string, string, readonly string[]]>([
    ['a ClusterPolicy', CLUSTER_POLICY, ['spec']],
    ['an ImageValidatingPolicy', VALIDATING_POLICY, ['spec.validations', 'spec']],
    ['a ClusterImagePolicy, beside which policy-controller denies what no policy matches', CLUSTER_IMAGE_POLICY, []],
  ])('that images which nobody names are refused is said of %s', async (_what, policy, paths) => {
    const { notCarriedOver } = await everything(policy);
    expect(notCarriedOver.map(({ path, effect }) => `${path} ${effect}`)).toEqual(paths.map((path) => `${path} stricter`));
    expect(notCarriedOver.filter(({ message }) => /refused \(UNMATCHED_IMAGE\)/.test(message))).toHaveLength(Math.min(paths.length, 1));
  });

  test('what a document would do otherwise is not said where there is none', async () => {
    const audited = changed(CLUSTER_POLICY, 'validationFailureAction: Enforce', 'validationFailureAction: Audit');
    const said = async (policy: string): Promise<string[]> => (await imported(policy)).notCarriedOver.map(({ path }) => path);
    expect(await said(audited)).toEqual(['spec.validationFailureAction']);
    expect(await said(changed(audited, '      verifyImages:', '      imageExtractors: { Task: [] }\n      verifyImages:'))).toEqual(['spec.rules[0].imageExtractors']);
  });

  test('alternatives that are left out are in no document', async () => {
    const { documents } = await imported(changed(CLUSTER_POLICY, `subject: ${SUBJECT}\n                    rekor`, 'subject: https://github.com/acme/*\n                    rekor'));
    expect(documents[0]?.document.spec.requirements[0]).toEqual({ type: 'signature', name: 'signature', attestors: ['key'] });
  });

  test('images that are left out are said to be, since another document may decide about them', async () => {
    const { documents, notCarriedOver } = await imported(changed(CLUSTER_POLICY, '            - "ghcr.io/acme/payments*"', '            - ghcr.io/acme/app\n            - "*.acme.example/**"'));
    expect(documents[0]?.document.spec.images).toEqual(['ghcr.io/acme/app']);
    expect(notCarriedOver).toMatchObject([{ path: `${ENTRY}.imageReferences[1]`, effect: 'omitted' }]);
  });

  test('a log that is not asked for is said of keys, and demanded', async () => {
    const { documents, notCarriedOver } = await imported(CLUSTER_IMAGE_POLICY.replace(/ {6}ctlog:\n {8}url: \S+\n$/, ''));
    expect(notCarriedOver).toMatchObject([{ path: 'spec.authorities[1].ctlog', effect: 'stricter' }]);
    expect(documents[0]?.document.spec.attestors['security']).toEqual({ type: 'key', publicKey: KEY });
  });

  test('an object of another kind is said, beside what is read', async () => {
    const { documents, notCarriedOver } = await imported(`${CLUSTER_POLICY}---\napiVersion: kyverno.io/v2\nkind: PolicyException\nmetadata: { name: all }\n`);
    expect(documents).toHaveLength(1);
    expect(notCarriedOver).toMatchObject([{ object: 'PolicyException all', effect: 'omitted', path: '' }]);
  });

  test('a rule about something else is said, beside the one about images', async () => {
    const other = changed(CLUSTER_POLICY, '  rules:\n', '  rules:\n    - name: labels\n      match: {}\n      validate: { message: none }\n');
    const { documents, notCarriedOver } = await imported(other);
    expect(documents.map(({ document }) => document.metadata.name)).toEqual(['check-image']);
    expect(notCarriedOver).toMatchObject([{ path: 'spec.rules[0].validate', effect: 'omitted' }]);
  });
});

describe('namespaces', () => {
  const scoped = (resources: string, exclude = ''): string => changed(CLUSTER_POLICY, 'kinds: [Pod]\n', `kinds: [Pod]\n${resources}${exclude}`);

  test.each<[string, string, unknown]>([
    ['names', scoped('              namespaces: [a, b]\n'), { names: ['a', 'b'] }],
    ['a label', scoped('              namespaceSelector: { matchLabels: { team: a } }\n'), { labels: { team: 'a' } }],
    ['one value of a label', scoped('              namespaceSelector: { matchExpressions: [{ key: team, operator: In, values: [a] }] }\n'), { labels: { team: 'a' } }],
    ['a name as a label', scoped('              namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: a } }\n'), { names: ['a'] }],
    ['a name as a label beside another one', scoped('              namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: a, team: b } }\n'), { labels: { 'kubernetes.io/metadata.name': 'a', 'team': 'b' } }],
    ['names by their label', scoped('              namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [b] }] }\n'), { except: ['kube-system', 'b'] }],
    ['all', scoped('              namespaces: ["*"]\n'), undefined],
    ['all but some', scoped('', '      exclude: { any: [{ resources: { namespaces: [kube-system, b] } }] }\n'), { except: ['kube-system', 'b'] }],
    ['names but one', scoped('              namespaces: [a, b]\n', '      exclude: { any: [{ resources: { namespaces: [b] } }] }\n'), { names: ['a'] }],
    ['names in an ImageValidatingPolicy', changed(VALIDATING_POLICY, '  matchConstraints:\n', '  matchConstraints:\n    namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: In, values: [a] }] }\n'), { names: ['a'] }],
    ['all but some in an ImageValidatingPolicy', changed(VALIDATING_POLICY, '  matchConstraints:\n', '  matchConstraints:\n    namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [b] }] }\n'), { except: ['kube-system', 'b'] }],
  ])('%s', async (_what, text, namespaces) => {
    expect((await specOf(text)).namespaces).toEqual(namespaces);
  });

  test.each(['[{ key: team, operator: In, values: [a, b] }]', '[{ key: team, operator: NotIn, values: [a] }]', '[{ key: team, operator: Exists }]', '[{ key: team, operator: In, values: [a] }, { key: tier, operator: In, values: [b] }]'])(
    'that are selected by %s are no list of names or labels', async (expressions) => {
      const { documents, notCarriedOver } = await imported(scoped(`              namespaceSelector: { matchExpressions: ${expressions} }\n`));
      expect([documents, notCarriedOver.map(({ path, message }) => `${path} ${message}`)]).toEqual([[], [expect.stringMatching(/namespaceSelector is more than a list of names or labels/)]]);
    },
  );
});

describe('who has to vouch', () => {
  test('of several keys in one text all, as in Kyverno, where no count says otherwise', async () => {
    const both = CLUSTER_POLICY.replace(/count: 1\n/, 'entries:\n').replace(/ {14}entries:\n {16}- keys/, '                - keys')
      .replace(/-----END PUBLIC KEY-----\n {16}- keyless:[^]*?attestations/, `-----END PUBLIC KEY-----\n${OTHER_KEY.replace(/^/gm, ' '.repeat(22)).trimEnd()}\n          attestations`);
    const { attestors, requirements } = await specOf(both);
    expect(attestors).toMatchObject({ 'key': { publicKey: KEY }, 'key-2': { publicKey: OTHER_KEY } });
    expect(requirements[0]).toEqual({ type: 'signature', name: 'signature', attestors: ['key', 'key-2'], threshold: 2 });
  });

  test('annotations of the only one who can vouch', async () => {
    const { requirements } = await specOf(CLUSTER_POLICY.replace(/ {16}- keyless:\n {20}issuer[^]*?( {10}attestations)/, '                  annotations: { env: prod }\n$1'));
    expect(requirements[0]).toEqual({ type: 'signature', name: 'signature', attestors: ['key'], annotations: { env: 'prod' } });
  });

  test('the signatures that cosign 3 writes as attestations are signatures', async () => {
    const text = CLUSTER_IMAGE_POLICY.slice(0, CLUSTER_IMAGE_POLICY.indexOf('    - name: security'));
    const { requirements } = await specOf(`${text}      signatureFormat: bundle\n      attestations: [{ name: signed, predicateType: https://sigstore.dev/cosign/sign/v1 }]\n`);
    expect(requirements).toEqual([{ type: 'signature', name: 'signature', attestors: ['release'] }]);
  });

  test('every attestation of the only authority', async () => {
    const text = CLUSTER_IMAGE_POLICY.slice(0, CLUSTER_IMAGE_POLICY.indexOf('    - name: security'));
    const { requirements } = await specOf(`${text}      attestations: [{ name: a, predicateType: spdx }, { name: b, predicateType: slsaprovenance1 }]\n`);
    expect(requirements).toMatchObject([
      { type: 'attestation', predicateType: 'https://spdx.dev/Document' }, { type: 'attestation', predicateType: 'https://slsa.dev/provenance/v1' },
    ]);
  });
});

describe('the command', () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('prints documents that lint accepts, and nothing else, where all is carried over', async () => {
    const source = file('sound.yaml', [CLUSTER_IMAGE_POLICY, CLUSTER_IMAGE_POLICY.replace('name: image-policy', 'name: check-image')].join('---\n'));
    const { code, out, err } = await run(['import', source]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^# ClusterImagePolicy image-policy, .*sound\.yaml:1\napiVersion: proofgate\.dev\/v1\nkind: ImagePolicy\n/);
    expect(parseAllDocuments(out).map((document) => (document.toJS() as ImagePolicy).metadata.name)).toEqual(['image-policy', 'check-image']);
    expect(await run(['lint', '-'], { input: out })).toMatchObject({ code: 0 });
  });

  test('--out writes the same into a file; what is not carried over is on standard error, with exit code 1', async () => {
    const source = file('audit.yaml', CLUSTER_POLICY.replace('Enforce', 'Audit'));
    const plain = await run(['import', source]);
    expect(plain.code).toBe(1);
    expect(plain.err).toMatch(/audit\.yaml:8: ClusterPolicy check-image spec\.validationFailureAction\n {2}\[stricter\] Audit mode.*\n/);
    expect(plain.err).toMatch(/\n1 of 1 policy written, as 1 document; 2 differences above\n$/);
    const out = join(folder, 'documents.yaml');
    expect(await run(['import', source, '--out', out])).toEqual({ code: 1, out: '', err: plain.err });
    expect(readFileSync(out, 'utf8')).toBe(plain.out);
  });

  test('what --out wrote before stays whole where no more can be written; a link is followed, and what is no file is written to', async () => {
    const source = file('whole-source.yaml', CLUSTER_IMAGE_POLICY);
    const below = mkdtempSync(join(folder, 'whole-'));
    const [out, link] = [join(below, 'policies.yaml'), join(below, 'link.yaml')];
    expect((await run(['import', source, '--out', out])).code).toBe(0);
    const before = readFileSync(out, 'utf8');
    // No file of this process may be longer than one block.
    const limited = (blocks: string, to: string): ReturnType<typeof spawnSync> => spawnSync('sh', ['-c', 'trap "" XFSZ; ulimit -f "$0"; exec "$@"', blocks, process.execPath, builtCommand(), 'import', source, '--out', to], { encoding: 'utf8' });
    expect(limited('1', out)).toMatchObject({ status: 2, stderr: expect.stringMatching(/^proofgate: --out .*: cannot be written \(/) as unknown });
    expect([readdirSync(below), readFileSync(out, 'utf8')]).toEqual([['policies.yaml'], before]);
    symlinkSync(out, link);
    writeFileSync(out, '');
    expect(limited('unlimited', link)).toMatchObject({ status: 0, stderr: '' });
    expect([readFileSync(out, 'utf8'), lstatSync(link).isSymbolicLink()]).toEqual([before, true]);
    // By a name in which nothing can be put beside it, whatever mistake is made: /dev/stdout is the machine's.
    const piped = spawnSync('sh', ['-c', '"$@" | cat', 'sh', process.execPath, builtCommand(), 'import', source, '--out', '/dev/fd/1'], { encoding: 'utf8' });
    expect(piped).toMatchObject({ stdout: before, stderr: '' });
    // Open, and without a name any more: what is written has to go there, and no link to it may be replaced.
    const gone = join(below, 'gone');
    const nameless = spawnSync('sh', ['-c', 'exec 3<>"$0"; rm "$0"; "$@" && cat /dev/fd/3', gone, process.execPath, builtCommand(), 'import', source, '--out', '/dev/fd/3'], { encoding: 'utf8', stdio: 'pipe' });
    expect(nameless).toMatchObject({ status: 0, stdout: before, stderr: '' });
  });

  test('--output json holds both', async () => {
    const { code, out, err } = await run(['import', file('warn.yaml', CLUSTER_IMAGE_POLICY.replace('  images:', '  mode: warn\n  images:')), '--output', 'json']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      documents: [{ kind: 'ImagePolicy', metadata: { name: 'image-policy' } }],
      notCarriedOver: [{ object: 'ClusterImagePolicy image-policy', file: expect.stringMatching(/warn\.yaml$/) as unknown, line: 6, path: 'spec.mode', effect: 'stricter' }],
    });
  });

  test('two policies of one name become documents of two', async () => {
    const { out } = await run(['import', file('two.yaml', `${CLUSTER_POLICY}---\n${VALIDATING_POLICY}`)]);
    expect(parseAllDocuments(out).map((document) => (document.toJS() as ImagePolicy).metadata.name)).toEqual(['check-image', 'check-image-2']);
  });

  test.each<[string, () => string, RegExp]>([
    ['a file that is not there', () => '/nowhere.yaml', /nowhere\.yaml: cannot be read/],
    ['a template', () => file('template.yaml', '{{ if .Values.x }}\nkind: a\n'), /template\.yaml/],
    ['a file without any policy', () => file('pod.yaml', stringify({ apiVersion: 'v1', kind: 'Pod' })), /holds no policy that is read here; expected ClusterPolicy of kyverno\.io/],
    ['two values for one key', () => file('twice.yaml', CLUSTER_POLICY.replace('background: false', 'background: false\n  background: true')), /twice\.yaml/],
  ])('cannot run: %s', async (_what, path, said) => {
    expect(await run(['import', path()])).toMatchObject({ code: 2, out: '', err: expect.stringMatching(said) as unknown });
  });
});
