import { generateKeyPairSync } from 'node:crypto';
import {
  ENVELOPE_TYPE, githubRun, KeylessOptions, OlderLayer, olderAttestation, olderSignature, PROVENANCE_PREDICATE, provenanceStatement, signatureLayer, SIMPLE_SIGNING_TYPE,
  simpleSigning, SigstoreWorld, signStatement, statement,
} from '../../support/sigstore';
import { keyless, ordinary, PATIENCE, Rules, said, Scene, SIGNED, Situation, TRUST_ROOT, testTwins, Twins } from './scene';

let scene: Scene;
const world = SigstoreWorld.create();
const stranger = SigstoreWorld.create({ name: 'stranger.test' });
beforeAll(async () => {
  scene = await Scene.start(world);
});
afterAll(() => scene.close());

const SIGNATURE = 'dev.cosignproject.cosign/signature';
const ENTRY = 'dev.sigstore.cosign/bundle';
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const CHAIN = 'dev.sigstore.cosign/chain';
const STAMP = 'dev.sigstore.cosign/rfc3161timestamp';
const MINUTE = 60_000;

const PROVENANCE: Rules = { attestors: { signer: keyless() }, requirements: [{ type: 'attestation', name: 'built', attestors: ['signer'], predicateType: PROVENANCE_PREDICATE }] };
const STAMPED = { log: 'notRequired', timestamp: 'required', reason: 'a test' } as const;

/** The one layer of a tag, as it should be but for a change. */
function sig(change: (layer: OlderLayer, image: string) => void = (): void => undefined, options: KeylessOptions = {}): Situation {
  return {
    evidence: (image) => {
      const layer = olderSignature(world, githubRun(), simpleSigning(image), options);
      change(layer, image);
      return { tag: 'sig', layers: [layer] };
    },
  };
}

function att(change: (layer: OlderLayer, image: string) => void = (): void => undefined, options: KeylessOptions = {}): Situation {
  return {
    rules: PROVENANCE,
    evidence: (image) => {
      const layer = olderAttestation(world, githubRun(), provenanceStatement(image, githubRun()), options);
      change(layer, image);
      return { tag: 'att', layers: [layer] };
    },
  };
}

/** The same with what stands in the log entry changed. */
function entry(change: (answer: { SignedEntryTimestamp: string; Payload: { body: string; integratedTime: number; logIndex: number; logID: string } }) => void): Situation {
  return sig(({ annotations }) => {
    const answer = JSON.parse(annotations[ENTRY]!) as Parameters<typeof change>[0];
    change(answer);
    annotations[ENTRY] = JSON.stringify(answer);
  });
}

/** Properly signed, whatever it says. */
function saying(payload: (image: string) => string): Situation {
  return { evidence: (image) => ({ tag: 'sig', layers: [olderSignature(world, githubRun(), Buffer.from(payload(image)))] }) };
}

const text = (image: string): string => simpleSigning(image).toString();
const signedBy = (identity = githubRun()): Situation => ({ evidence: (image) => ({ tag: 'sig', layers: [olderSignature(world, identity, simpleSigning(image))] }) });
const allowed = sig();

describe('E08 what simple signing says', () => testTwins(() => scene, ([
  { id: 'E08', claim: 'another digest', code: 'WRONG_SUBJECT', denied: saying(() => text(`sha256:${'0'.repeat(64)}`)) },
  { id: 'E08', claim: 'a digest in upper case', code: 'MALFORMED', denied: saying((image) => text(`sha256:${image.slice(7).toUpperCase()}`)) },
  { id: 'E08', claim: 'a digest of another algorithm', code: 'MALFORMED', denied: saying((image) => text(`sha512:${image.slice(7)}${image.slice(7)}`)) },
  { id: 'E08', claim: 'no digest', code: 'MALFORMED', denied: saying((image) => text(image).replace('docker-manifest-digest', 'manifest-digest')) },
  { id: 'E08', claim: 'another type', code: 'UNSUPPORTED', denied: saying((image) => text(image).replace('cosign container image signature', 'atomic container signature')) },
  { id: 'E08', claim: 'a critical key twice', code: 'MALFORMED', denied: saying((image) => text(image).replace('"critical":{', '"critical":{"type":"x",')) },
  { id: 'E08', claim: 'critical twice', code: 'MALFORMED', denied: saying((image) => text(image).replace('"optional":', '"critical":{},"optional":')) },
  { id: 'E08', claim: 'something critical that is not known', code: 'MALFORMED', denied: saying((image) => text(image).replace('"critical":{', '"critical":{"unless":"tuesday",')) },
  { id: 'E08', claim: 'something of the image that is not known', code: 'MALFORMED', denied: saying((image) => text(image).replace('"image":{', '"image":{"unless":"tuesday",')) },
  { id: 'E08', claim: 'something else beside it', code: 'MALFORMED', denied: saying((image) => text(image).replace('{"critical"', '{"Critical":{},"critical"')) },
  { id: 'E08', claim: 'a reference that is no text', code: 'MALFORMED', denied: saying((image) => text(image).replace('"docker-reference":""', '"docker-reference":1')) },
  { id: 'E08', claim: 'nothing', code: 'MALFORMED', denied: saying(() => '{}') },
  { id: 'E08', claim: 'no JSON', code: 'MALFORMED', denied: saying((image) => `${text(image)} x`) },
  { id: 'E08', claim: 'options that are no object', code: 'MALFORMED', denied: saying((image) => text(image).replace('"optional":null', '"optional":"x"')) },
  { id: 'E42', claim: 'a statement, which is no image signature', code: 'MALFORMED', denied: saying((image) => JSON.stringify(signStatement(image))) },
] satisfies Twins[]).map((twin) => ({ ...twin, allowed }))));

describe('who signed it, and when', () => testTwins(() => scene, ([
  { id: 'E10', claim: 'another workflow', code: 'WRONG_IDENTITY', denied: signedBy(githubRun({ workflow: '.github/workflows/other.yml' })) },
  { id: 'E11', claim: 'another issuer', code: 'WRONG_ISSUER', denied: signedBy({ ...githubRun(), issuer: 'https://issuer.test' }) },
  { id: 'E08', claim: 'other bytes than the layer\'s', code: 'INVALID_SIGNATURE', denied: sig((layer, image) => {
    layer.bytes = Buffer.from(`${simpleSigning(image).toString()} `);
  }) },
  { id: 'E50', claim: 'a signature in the alphabet of addresses', code: 'MALFORMED', denied: sig(({ annotations }) => {
    annotations[SIGNATURE] = annotations[SIGNATURE]!.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }) },
  { id: 'E48', claim: 'no signature', code: 'MALFORMED', denied: sig(({ annotations }) => {
    delete annotations[SIGNATURE];
  }) },
  { id: 'E53', claim: 'no certificate', code: 'WRONG_IDENTITY', denied: sig(({ annotations }) => {
    delete annotations[CERTIFICATE];
  }) },
  { id: 'E53', claim: 'another certificate of the same identity', code: 'INVALID_SIGNATURE', denied: sig(({ annotations }, image) => {
    annotations[CERTIFICATE] = olderSignature(world, githubRun(), simpleSigning(image)).annotations[CERTIFICATE]!;
  }) },
  { id: 'E50', claim: 'two certificates in one text', code: 'MALFORMED', denied: sig(({ annotations }) => {
    annotations[CERTIFICATE] += annotations[CERTIFICATE]!;
  }) },
  { id: 'E50', claim: 'a certificate with words before it', code: 'MALFORMED', denied: sig(({ annotations }) => {
    annotations[CERTIFICATE] = `subject=x\n${annotations[CERTIFICATE]!}`;
  }) },
  { id: 'E23', claim: 'a stranger\'s certificate that brings its own authority', code: 'UNTRUSTED_CERTIFICATE', denied: {
    evidence: (image) => {
      const layer = olderSignature(world, githubRun(), simpleSigning(image), { certificateAuthority: stranger.certificateAuthority });
      layer.annotations[CHAIN] = olderSignature(stranger, githubRun(), simpleSigning(image)).annotations[CERTIFICATE]!;
      return { tag: 'sig', layers: [layer] };
    },
  } },
  { id: 'E30', claim: 'the log entry of another signature', code: 'NO_TRANSPARENCY', denied: sig(({ annotations }, image) => {
    annotations[ENTRY] = olderSignature(world, githubRun(), simpleSigning(image)).annotations[ENTRY]!;
  }) },
  { id: 'E32', claim: 'no log entry, and no other time', code: 'NO_TRUSTED_TIME', denied: sig(({ annotations }) => {
    delete annotations[ENTRY];
  }) },
  { id: 'E32', claim: 'another time than the log promised', code: 'NO_TRANSPARENCY', denied: entry(({ Payload }) => {
    Payload.integratedTime += 1;
  }) },
  { id: 'E32', claim: 'another place than the log promised', code: 'NO_TRANSPARENCY', denied: entry(({ Payload }) => {
    Payload.logIndex += 1;
  }) },
  { id: 'E32', claim: 'another log than promised', code: 'NO_TRANSPARENCY', denied: entry(({ Payload }) => {
    Payload.logID = world.rekor2.id.toString('hex');
  }) },
  { id: 'E32', claim: 'a log\'s id in upper case', code: 'MALFORMED', denied: entry(({ Payload }) => {
    Payload.logID = Payload.logID.toUpperCase();
  }) },
  { id: 'E32', claim: 'a time that is a fraction', code: 'MALFORMED', denied: entry(({ Payload }) => {
    Payload.integratedTime += 0.5;
  }) },
  { id: 'E32', claim: 'a log entry without a promise', code: 'MALFORMED', denied: entry((answer) => {
    answer.SignedEntryTimestamp = '';
  }) },
  { id: 'E32', claim: 'a promise twice', code: 'MALFORMED', denied: sig(({ annotations }) => {
    annotations[ENTRY] = annotations[ENTRY]!.replace('{"Signed', '{"SignedEntryTimestamp":"","Signed');
  }) },
  { id: 'E22', claim: 'a time after the certificate', code: 'UNTRUSTED_CERTIFICATE', denied: sig(undefined, { integratedAt: new Date(world.now.getTime() + 11 * MINUTE) }) },
  { id: 'E32', claim: 'a stranger\'s log', code: 'NO_TRANSPARENCY', denied: {
    evidence: (image) => {
      const layer = olderSignature(stranger, githubRun(), simpleSigning(image), { certificateAuthority: world.certificateAuthority, ctLogs: [world.ctLog] });
      return { tag: 'sig', layers: [layer] };
    },
  } },
  { id: 'E08', claim: 'an annotation that is no text', code: 'MALFORMED', denied: {
    evidence: (image) => ({ tag: 'sig', layers: [{ ...olderSignature(world, githubRun(), simpleSigning(image)), annotations: { [SIGNATURE]: 1 } }] }),
  } },
] satisfies Twins[]).map((twin) => ({ ...twin, allowed }))));

describe('E08 what it is annotated with', () => {
  const rules: Rules = { ...SIGNED, requirements: [{ type: 'signature', name: 'signed', attestors: ['signer'], annotations: { env: 'prod', n: '1' } }] };
  const optional = (...each: ReadonlyArray<object | null>): Situation => ({
    rules, evidence: (image) => ({ tag: 'sig', layers: each.map((value) => olderSignature(world, githubRun(), simpleSigning(image, value))) }),
  });
  const statement3 = (annotations: object, more: readonly object[] = []): Situation => ({
    rules, evidence: (image) => {
      const { subject: [subject], ...rest } = signStatement(image);
      return world.signKeyless(githubRun(), { ...rest, subject: [{ ...subject, annotations }, ...more] });
    },
  });
  const good = { env: 'prod', n: '1', more: { any: 'thing' } };

  testTwins(() => scene, [
    { id: 'E08', claim: 'nothing', code: 'WRONG_ANNOTATION', denied: optional(null), allowed: optional(good) },
    { id: 'E08', claim: 'another value', code: 'WRONG_ANNOTATION', denied: optional({ ...good, env: 'dev' }), allowed: optional(good) },
    { id: 'E08', claim: 'a number in place of a text', code: 'WRONG_ANNOTATION', denied: optional({ ...good, n: 1 }), allowed: optional(good) },
    { id: 'E08', claim: 'by two signatures each with a half', code: 'WRONG_ANNOTATION', denied: optional({ env: 'prod' }, { n: '1' }), allowed: optional({ env: 'prod' }, { n: '1' }, good) },
    { id: 'E08', claim: 'in a statement: nothing', code: 'WRONG_ANNOTATION', denied: statement3({}), allowed: statement3(good) },
    { id: 'E08', claim: 'in a statement: another value', code: 'WRONG_ANNOTATION', denied: statement3({ ...good, env: 'dev' }), allowed: statement3(good) },
    { id: 'E08', claim: 'in a statement about two things', code: 'WRONG_ANNOTATION', denied: statement3(good, [{ name: 'x', digest: { sha256: '0'.repeat(64) } }]), allowed: statement3(good) },
    { id: 'E08', claim: 'in a statement: no object', code: 'MALFORMED', denied: statement3('x' as unknown as object), allowed: statement3(good) },
  ]);
});

test('a chain of certificates beside it is not looked at, whatever it is', async () => {
  expect(await scene.outcome(sig(({ annotations }) => {
    annotations[CHAIN] = 'no certificate at all';
  }))).toBe('allowed');
}, PATIENCE);

describe('an attestation in an .att tag', () => testTwins(() => scene, ([
  { id: 'E01', claim: 'about another image', code: 'WRONG_SUBJECT', denied: { ...att(), evidence: () => (
    { tag: 'att', layers: [olderAttestation(world, githubRun(), provenanceStatement(`sha256:${'0'.repeat(64)}`, githubRun()))] }) } },
  { id: 'E45', claim: 'where a signature is wanted', code: 'NO_SIGNATURE', denied: { ...att(), rules: SIGNED } },
  { id: 'E43', claim: 'of another type than is wanted', code: 'WRONG_PREDICATE', denied: { ...att(), evidence: (image) => (
    { tag: 'att', layers: [olderAttestation(world, githubRun(), statement(image, 'https://spdx.dev/Document', {}))] }) } },
  { id: 'E48', claim: 'without cosign\'s mark', code: 'UNSUPPORTED', denied: att((layer) => {
    layer.annotations = {};
  }) },
  { id: 'E47', claim: 'with a second signature beside it', code: 'MALFORMED', denied: att((layer) => {
    layer.annotations[SIGNATURE] = 'AAAA';
  }) },
  { id: 'E47', claim: 'with a second signature in it', code: 'MALFORMED', denied: att((layer) => {
    layer.bytes = Buffer.from(layer.bytes.toString().replace('"signatures":[', '"signatures":[{"sig":"AAAA"},'));
  }) },
  { id: 'E40', claim: 'of another payload type', code: 'UNSUPPORTED', denied: att((layer) => {
    layer.bytes = Buffer.from(layer.bytes.toString().replace('vnd.in-toto+json', 'vnd.other+json'));
  }) },
  { id: 'E30', claim: 'with the log entry of another', code: 'NO_TRANSPARENCY', denied: att((layer, image) => {
    layer.annotations[ENTRY] = olderAttestation(world, githubRun(), provenanceStatement(image, githubRun())).annotations[ENTRY]!;
  }) },
  { id: 'E08', claim: 'that is called simple signing', code: 'MALFORMED', denied: att((layer) => {
    layer.mediaType = SIMPLE_SIGNING_TYPE;
  }) },
] satisfies Twins[]).map((twin) => ({ ...twin, allowed: att() }))));

describe('an attestation that was logged as cosign 1 did', () => {
  const INTOTO = { entry: 'intoto 0.0.1' } as const;
  const promised = (change: (answer: { Payload: { integratedTime: number; logIndex: number; logID: string } }) => void): Situation => att(({ annotations }) => {
    const answer = JSON.parse(annotations[ENTRY]!) as Parameters<typeof change>[0];
    change(answer);
    annotations[ENTRY] = JSON.stringify(answer);
  }, INTOTO);

  testTwins(() => scene, ([
    { id: 'E30', claim: 'the entry of another envelope', code: 'NO_TRANSPARENCY', denied: att((layer, image) => {
      layer.annotations[ENTRY] = olderAttestation(world, githubRun(), provenanceStatement(image, githubRun()), INTOTO).annotations[ENTRY]!;
    }, INTOTO) },
    { id: 'E30', claim: 'the entry of another signer', code: 'NO_TRANSPARENCY', denied: att(undefined, {
      ...INTOTO, alterLogged: (logged) => ({ ...logged, signer: { ...logged.signer, der: stranger.certificateAuthority.root.certificate } }),
    }) },
    { id: 'E30', claim: 'an envelope that is spelled otherwise', code: 'NO_TRANSPARENCY', denied: att((layer) => {
      layer.bytes = Buffer.concat([layer.bytes, Buffer.from(' ')]);
    }, INTOTO) },
    { id: 'E32', claim: 'another time than the log promised', code: 'NO_TRANSPARENCY', denied: promised(({ Payload }) => {
      Payload.integratedTime += 1;
    }) },
    { id: 'E32', claim: 'another place than the log promised', code: 'NO_TRANSPARENCY', denied: promised(({ Payload }) => {
      Payload.logIndex += 1;
    }) },
    { id: 'E32', claim: 'another log than promised', code: 'NO_TRANSPARENCY', denied: promised(({ Payload }) => {
      Payload.logID = world.rekor2.id.toString('hex');
    }) },
    { id: 'E22', claim: 'a log that was no longer trusted', code: 'NO_TRANSPARENCY', denied: { ...att(undefined, INTOTO), trust: (root) => {
      root.tlogs[0]!.publicKey.validFor.end = new Date(world.now.getTime() - MINUTE).toISOString();
    } } },
    { id: 'E22', claim: 'a time after the certificate', code: 'UNTRUSTED_CERTIFICATE', denied: att(undefined, { ...INTOTO, integratedAt: new Date(world.now.getTime() + 11 * MINUTE) }) },
    { id: 'E30', claim: 'a changed statement', code: 'INVALID_SIGNATURE', denied: att((layer) => {
      const envelope = JSON.parse(layer.bytes.toString()) as { payload: string };
      const original = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as object;
      layer.bytes = Buffer.from(JSON.stringify({ ...envelope, payload: Buffer.from(JSON.stringify({ ...original, more: 1 })).toString('base64') }));
    }, INTOTO) },
  ] satisfies Twins[]).map((twin) => ({ ...twin, allowed: att(undefined, INTOTO) })));

  test('in a bundle it is not judged: what was uploaded is not there', async () => {
    const evidence = (image: string): ReturnType<SigstoreWorld['signKeyless']> =>
      world.signKeyless(githubRun(), provenanceStatement(image, githubRun()), { log: 'rekor1', ...INTOTO });
    expect(await scene.outcome({ rules: PROVENANCE, evidence })).toBe('UNSUPPORTED');
  }, PATIENCE);
});

describe('E39 what a timestamp is of', () => {
  const signatureRules: Rules = { ...SIGNED, attestors: { signer: keyless({ transparency: STAMPED }) } };
  const provenanceRules: Rules = { ...PROVENANCE, attestors: signatureRules.attestors };
  const stamped = { log: 'none', timestamp: true } as const;

  testTwins(() => scene, [
    { id: 'E39', claim: 'the payload in place of the signature', code: 'NO_TRUSTED_TIME',
      denied: { ...sig(undefined, { ...stamped, stamped: () => Buffer.from('the payload') }), rules: signatureRules }, allowed: { ...sig(undefined, stamped), rules: signatureRules } },
    { id: 'E39', claim: 'of an attestation the signature in place of the envelope', code: 'NO_TRUSTED_TIME',
      denied: { ...att(undefined, { ...stamped, stamped: (signature) => signature }), rules: provenanceRules }, allowed: { ...att(undefined, stamped), rules: provenanceRules } },
    { id: 'E39', claim: 'a token under another name', code: 'MALFORMED', denied: { ...sig(({ annotations }) => {
      annotations[STAMP] = annotations[STAMP]!.replace('SignedRFC3161Timestamp', 'Timestamp');
    }, stamped), rules: signatureRules }, allowed: { ...sig(undefined, stamped), rules: signatureRules } },
  ]);
});

describe('a key', () => {
  const [key, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }));
  const rules = (pair: typeof key, log: 'required' | 'notRequired' = 'required'): Rules => ({
    attestors: { signer: { type: 'key', publicKey: pair!.publicKey.export({ type: 'spki', format: 'pem' }).toString(), trustRoot: TRUST_ROOT, ...(log === 'required' ? {} : { transparency: { log, untimed: { reason: 'a test', owner: 'a test' } } }) } },
    requirements: SIGNED.requirements,
  });
  const evidence = (log: 'rekor1' | 'none'): NonNullable<Situation['evidence']> => (image) => {
    const payload = simpleSigning(image);
    return { tag: 'sig', layers: [signatureLayer(world.signMessageWithKey(key!.privateKey, payload, { log, timestamp: false }), payload)] };
  };

  testTwins(() => scene, [
    { id: 'E53', claim: 'another key than the policy\'s', code: 'INVALID_SIGNATURE', denied: { evidence: evidence('rekor1'), rules: rules(other) }, allowed: { evidence: evidence('rekor1'), rules: rules(key) } },
    { id: 'E32', claim: 'without a log where one is required', code: 'NO_TRANSPARENCY', denied: { evidence: evidence('none'), rules: rules(key) }, allowed: { evidence: evidence('none'), rules: rules(key, 'notRequired') } },
  ]);
});

describe('several signatures', () => {
  const strangers = (image: string, count: number): OlderLayer[] => Array.from({ length: count }, (_, index) =>
    olderSignature(world, githubRun({ workflow: `.github/workflows/${index}.yml` }), simpleSigning(image)));
  const junk = (): OlderLayer => ({ mediaType: SIMPLE_SIGNING_TYPE, bytes: Buffer.from('junk'), annotations: { [SIGNATURE]: 'AAAA' } });
  const good = (image: string): OlderLayer => olderSignature(world, githubRun(), simpleSigning(image));

  test.each<[string, (image: string) => OlderLayer[]]>([
    ['junk before it', (image) => [junk(), good(image)]],
    ['junk after it', (image) => [good(image), junk()]],
    ['those of strangers around it, over the same bytes', (image) => [...strangers(image, 3), good(image), ...strangers(image, 3)]],
    ['a layer that no one can read', (image) => [{ ...junk(), annotations: { [SIGNATURE]: 1 as unknown as string } }, good(image)]],
    ['itself', (image) => {
      const layer = good(image);
      return [layer, layer];
    }],
  ])('one is not hidden by %s', async (_what, layers) => {
    expect(await scene.outcome({ evidence: (image) => ({ tag: 'sig', layers: layers(image) }) })).toBe('allowed');
    expect(await scene.outcome({ evidence: (image) => ({ tag: 'sig', layers: layers(image).filter(({ bytes, annotations }) => bytes.toString() === 'junk' || annotations[SIGNATURE] === 'x') }) })).not.toBe('allowed');
  }, PATIENCE);

  test('two parties in one tag are two parties; one party twice is one', async () => {
    const attestors = { signer: keyless(), second: keyless({ subject: 'https://github.com/acme/app/.github/workflows/0.yml@refs/heads/main' }) };
    const rules: Rules = { attestors, requirements: [{ type: 'signature', name: 'signed', attestors: ['signer', 'second'], threshold: 2 }] };
    expect(await scene.outcome({ rules, evidence: (image) => ({ tag: 'sig', layers: [good(image), ...strangers(image, 1)] }) })).toBe('allowed');
    expect(await scene.outcome({ rules, evidence: (image) => ({ tag: 'sig', layers: [good(image), good(image)] }) })).toBe('BELOW_THRESHOLD WRONG_IDENTITY');
  }, PATIENCE);
});

describe('beside bundles', () => {
  const sbom = (image: string): ReturnType<SigstoreWorld['signKeyless']> => world.signKeyless(githubRun(), statement(image, 'https://spdx.dev/Document', {}));

  test.each<[string, NonNullable<Situation['evidence']>]>([
    ['a bundle that says something else', (image) => [sbom(image), { tag: 'sig', layers: [olderSignature(world, githubRun(), simpleSigning(image))] }]],
    ['a bundle that cannot be read', (image) => [{ bytes: Buffer.from('{') }, { tag: 'sig', layers: [olderSignature(world, githubRun(), simpleSigning(image))] }]],
  ])('a signature in the older layout is not hidden by %s', async (_what, evidence) => {
    expect(await scene.outcome({ evidence })).toBe('allowed');
    expect(await scene.outcome({ evidence: (image, ...rest) => [evidence(image, ...rest)].flat().slice(0, 1) })).not.toBe('allowed');
  }, PATIENCE);

  test('nor is a bundle hidden by what stands in the tags', async () => {
    expect(await scene.outcome({ evidence: (image) => [ordinary(image, world), { tag: 'sig', layers: [{ mediaType: SIMPLE_SIGNING_TYPE, bytes: Buffer.from('junk') }] }] })).toBe('allowed');
    expect(await scene.outcome({ evidence: () => ({ tag: 'sig', layers: [{ mediaType: SIMPLE_SIGNING_TYPE, bytes: Buffer.from('junk') }] }) })).toBe('MALFORMED');
  }, PATIENCE);

  test('one requirement may be met by a bundle and another by a tag', async () => {
    const rules: Rules = { attestors: PROVENANCE.attestors, requirements: [...SIGNED.requirements, ...PROVENANCE.requirements] };
    const layers = (image: string): OlderLayer[] => [olderAttestation(world, githubRun(), provenanceStatement(image, githubRun()))];
    expect(await scene.outcome({ rules, evidence: (image) => [ordinary(image, world), { tag: 'att', layers: layers(image) }] })).toBe('allowed');
    expect(await scene.outcome({ rules, evidence: (image) => ordinary(image, world) })).toBe('NO_ATTESTATION');
  }, PATIENCE);
});

describe('as a referrer', () => {
  /** What cosign 2 pushed with its first support of referrers. */
  function refer(image: string, { mediaType, bytes, annotations }: OlderLayer, subject = image): void {
    const store = scene.registry.repository('acme/app');
    const manifest = store.artifact(subject, bytes, { artifactType: 'application/vnd.dev.cosign.artifact.sig.v1+json', layerType: mediaType }) as { layers: object[] };
    scene.registry.attachManifest('acme/app', image, { ...manifest, layers: manifest.layers.map((layer) => ({ ...layer, annotations })) });
  }

  test('simple signing counts; of another image it does not', async () => {
    const [image, other] = [scene.image(), scene.image()];
    refer(other, olderSignature(world, githubRun(), simpleSigning(image)));
    expect(said(await scene.judge(other))).toBe('WRONG_SUBJECT');
    refer(image, olderSignature(world, githubRun(), simpleSigning(image)));
    expect(said(await scene.judge(image))).toBe('allowed');
  }, PATIENCE);

  test('E48 an envelope without anything beside it counts for nothing, not even for a key without a log', async () => {
    const image = scene.image();
    const layer = olderAttestation(world, githubRun(), provenanceStatement(image, githubRun()));
    refer(image, { ...layer, mediaType: ENVELOPE_TYPE, annotations: {} });
    expect(said(await scene.judge(image, { rules: PROVENANCE }))).toBe('UNSUPPORTED');
    refer(image, layer);
    expect(said(await scene.judge(image, { rules: PROVENANCE }))).toBe('allowed');
  }, PATIENCE);
});
