import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { Attestor, ImagePolicy, Requirement } from '../../../lib/policy/document';
import { TestRegistry } from '../../support/registry';
import { bundleBytes, BundleJson, SigstoreWorld, signStatement, statement, StatementJson } from '../../support/sigstore';
import type { Manifest } from '../../../lib/engines/manifest';
import type { Fixture } from './fixture';
import { podWith, PodImages } from './pod';

const SLSA = 'https://slsa.dev/provenance/v1';
const CYCLONE_DX = 'https://cyclonedx.org/bom';

/** Who vouches in a fixture, and the policy's word for it. */
interface Signer {
  readonly attestor: Attestor;
  readonly sign: (about: object) => BundleJson;
}

/** Statements by a key, without a log, which no engine needs anybody else for; or by certificates of a Sigstore of this process, with everything that witnesses them. */
export class MadeFixtures {
  private readonly world = SigstoreWorld.create();
  private readonly signer: Signer;
  private readonly second: Signer;
  private readonly stranger: Signer;
  private images = 0;

  constructor(private readonly registry: TestRegistry, private readonly by: 'key' | 'certificate') {
    this.signer = this.newSigner('signer');
    this.second = this.newSigner('second');
    this.stranger = this.newSigner('stranger');
  }

  all(): Fixture[] {
    const trustedRoot = JSON.stringify(this.world.trustedRoot);
    // With a certificate a provenance is about more than its predicate.
    const provenance = this.by === 'key' ? this.provenance() : [];
    return [...this.positions(), ...this.statements(), ...provenance, ...this.thresholds(), ...this.routing()].map((fixture) => ({
      ...fixture,
      about: this.by === 'key' ? fixture.about : `${fixture.about}; by a certificate`,
      allowed: { ...fixture.allowed, trustedRoot },
      denied: { ...fixture.denied, trustedRoot },
    }));
  }

  /** Where an image stands in a Pod. */
  private positions(): Fixture[] {
    const good = this.signed();
    const other = this.signed();
    const bad = this.image();
    const policy = this.policy();
    const at = (id: string, about: string, place: (image: string) => PodImages): Fixture => ({
      id, about, allowed: { policy, pod: podWith(place(other)) }, denied: { policy, pod: podWith(place(bad)) },
      ...place(other).volumes === undefined ? {} : { stricter: { 'policy-controller': 'it does not look at image volumes, so that the floor refuses them' } },
    });
    return [
      at('A03', 'the only container', (image) => ({ containers: [image] })),
      at('A03', 'the last of three containers', (image) => ({ containers: [good, good, image] })),
      at('A01', 'an init container', (image) => ({ containers: [good], initContainers: [image] })),
      at('A02', 'an ephemeral container', (image) => ({ containers: [good], ephemeralContainers: [image] })),
      at('A03', 'an image volume', (image) => ({ containers: [good], volumes: [image] })),
      at('A03', 'an image volume beside a container of the same image', (image) => ({ containers: [good, image], volumes: [image] })),
    ];
  }

  /** What a statement says, and about what. */
  private statements(): Fixture[] {
    const policy = this.policy();
    const differ = (id: string, about: string, sound: (digest: string) => object, forged: (digest: string) => object): Fixture => (
      { id, about, allowed: this.ask(policy, this.attested(sound)), denied: this.ask(policy, this.attested(forged)) }
    );
    const sbom = this.policy({ requirements: [{ type: 'attestation', name: 'sbom', attestors: ['signer'], predicateType: CYCLONE_DX, checks: { type: 'sbom' } }] });
    const bom = (digest: string, predicate: object = { bomFormat: 'CycloneDX', specVersion: '1.6' }): StatementJson => statement(digest, CYCLONE_DX, predicate);
    const strange = this.policy({ attestors: { signer: this.stranger.attestor } });
    const image = this.signed();
    return [
      differ('E01', 'the subject is another image', signStatement, () => signStatement(`sha256:${'0'.repeat(63)}1`)),
      differ('E02', 'a second algorithm in the subject', signStatement, (digest) => withSubject(signStatement(digest), { sha512: '0'.repeat(128) })),
      differ('E02', 'the digest in capitals', signStatement, (digest) => ({ ...signStatement(digest), subject: [{ digest: { sha256: digest.slice(7).toUpperCase() } }] })),
      differ('E02', 'the last of 1,024 subjects, or of 1,025', (digest) => many(signStatement(digest), 1023), (digest) => many(signStatement(digest), 1024)),
      differ('E41', 'a statement of an unknown version', signStatement, (digest) => ({ ...signStatement(digest), _type: 'https://in-toto.io/Statement/v2' })),
      differ('E45', 'an attestation in place of a signature', signStatement, (digest) => bom(digest)),
      { id: 'E43', about: 'a signature in place of an attestation', allowed: this.ask(sbom, this.attested(bom)), denied: this.ask(sbom, this.signed()) },
      { id: 'E43', about: 'a bill of materials of another form', allowed: this.ask(sbom, this.attested(bom)), denied: this.ask(sbom, this.attested((digest) => bom(digest, { bomFormat: 'other', specVersion: '1.6' }))) },
      { id: 'E10', about: 'a signer that the policy does not name', allowed: this.ask(policy, image), denied: this.ask(strange, image) },
      { id: 'E46', about: 'nothing is attached', allowed: this.ask(policy, this.signed()), denied: this.ask(policy, this.image()) },
      { id: 'E72', about: 'junk beside the signature, or alone', allowed: this.ask(policy, this.withJunk(this.signed())), denied: this.ask(policy, this.withJunk(this.image())) },
    ];
  }

  private provenance(): Fixture[] {
    const sound = {
      buildDefinition: {
        buildType: 'https://acme.test/build/v1', externalParameters: { target: 'release', depth: 2 }, internalParameters: {},
        resolvedDependencies: [{ uri: 'git+https://git.acme.test/app@refs/heads/main', digest: { gitCommit: 'a'.repeat(40) } }],
      },
      runDetails: { builder: { id: 'https://acme.test/builder@v1' }, metadata: {} },
    };
    const policy = this.policy({
      requirements: [{
        type: 'attestation', name: 'provenance', attestors: ['signer'], predicateType: SLSA,
        checks: {
          type: 'slsa-provenance', source: 'https://git.acme.test/app', sourceRefs: ['refs/heads/main', 'refs/tags/v*'], builderIds: ['https://acme.test/builder@v1'],
          buildTypes: ['https://acme.test/build/v1'], externalParameters: { target: 'release', depth: 2 },
        },
      }],
    });
    const made = this.ask(policy, this.attested((digest) => statement(digest, SLSA, sound)));
    const forge = (id: string, about: string, change: (predicate: typeof sound) => unknown, allowed = made): Fixture => (
      { id, about, allowed, denied: this.ask(policy, this.attested((digest) => statement(digest, SLSA, changed(sound, change)))) }
    );
    const tagged = this.ask(policy, this.attested((digest) => statement(digest, SLSA, changed(sound, (predicate) => {
      predicate.buildDefinition.resolvedDependencies[0]!.uri = 'https://git.acme.test/app@refs/tags/v1.2';
    }))));
    return [
      forge('E60', 'another builder', (predicate) => predicate.runDetails.builder.id += '.1'),
      forge('E60', 'another build type', (predicate) => predicate.buildDefinition.buildType = 'https://acme.test/build/v10'),
      forge('E62', 'another source', (predicate) => predicate.buildDefinition.resolvedDependencies[0]!.uri = 'git+https://git.acme.test/app-evil@refs/heads/main'),
      forge('E15', 'another ref', (predicate) => predicate.buildDefinition.resolvedDependencies[0]!.uri = 'git+https://git.acme.test/app@refs/heads/main-x'),
      forge('E15', 'a ref below the pattern', (predicate) => predicate.buildDefinition.resolvedDependencies[0]!.uri = 'git+https://git.acme.test/app@refs/tags/v1/x', tagged),
      forge('E62', 'a parameter that the policy does not name', (predicate) => Object.assign(predicate.buildDefinition.externalParameters, { extra: true })),
      forge('E62', 'another parameter', (predicate) => predicate.buildDefinition.externalParameters.depth = 3),
      forge('E62', 'a parameter left out', (predicate) => Reflect.deleteProperty(predicate.buildDefinition.externalParameters, 'target')),
      forge('E42', 'members of another version', (predicate) => Object.assign(predicate, { materials: [] })),
      forge('E41', 'no builder', (predicate) => Reflect.deleteProperty(predicate.runDetails, 'builder')),
      {
        id: 'E62', about: 'checks that only two statements meet together', allowed: made,
        denied: this.ask(policy, this.attested(
          (digest) => statement(digest, SLSA, changed(sound, (predicate) => predicate.runDetails.builder.id = 'https://evil.test')),
          (digest) => statement(digest, SLSA, changed(sound, (predicate) => predicate.buildDefinition.buildType = 'https://evil.test')),
        )),
      },
    ];
  }

  private thresholds(): Fixture[] {
    const both: ImagePolicy['spec']['attestors'] = { first: this.signer.attestor, second: this.second.attestor };
    const policy = (threshold: number): ImagePolicy => this.policy({ attestors: both, requirements: [{ type: 'signature', name: 'signature', attestors: ['first', 'second'], threshold }] });
    const one = this.image();
    this.attach(one, this.second, signStatement(digestOf(one)));
    const two = this.image();
    [this.signer, this.second].forEach((key) => this.attach(two, key, signStatement(digestOf(two))));
    const twice = this.image();
    [this.signer, this.signer].forEach((key) => this.attach(twice, key, signStatement(digestOf(twice))));
    const apart = this.policy({
      attestors: both,
      requirements: [{ type: 'signature', name: 'signature', attestors: ['first'] }, { type: 'attestation', name: 'sbom', attestors: ['second'], predicateType: CYCLONE_DX }],
    });
    const bom = (image: string): object => statement(digestOf(image), CYCLONE_DX, {});
    const proper = this.signed();
    this.attach(proper, this.second, bom(proper));
    const crossed = this.signed();
    this.attach(crossed, this.signer, bom(crossed));
    return [
      { id: 'E47', about: 'one of two attestors signed, and one or two have to', allowed: this.ask(policy(1), one), denied: this.ask(policy(2), one) },
      { id: 'E47', about: 'two attestors signed, or one of them twice', allowed: this.ask(policy(2), two), denied: this.ask(policy(2), twice) },
      { id: 'E10', about: 'who may sign what: an attestation by the signer of the image', allowed: this.ask(apart, proper), denied: this.ask(apart, crossed) },
    ];
  }

  /** Which images a policy is about, and where it holds. */
  private routing(): Fixture[] {
    const good = this.signed();
    const policy = this.policy();
    const where = (namespaces: NonNullable<ImagePolicy['spec']['namespaces']>): ImagePolicy => this.policy({ namespaces });
    const bad = podWith({ containers: [this.image()] });
    const elsewhere = this.signed('acme-evil/app');
    const deep = this.signed('acme/team/app');
    const patterned = (pattern: string): ImagePolicy => this.policy({ images: [`${this.registry.host}/${pattern}`] });
    const upper = `${good.slice(0, good.indexOf('@sha256:') + 8)}${digestOf(good).slice(7).toUpperCase()}`;
    return [
      { id: 'S04', about: 'an image that no policy names, signed', allowed: this.ask(policy, good), denied: this.ask(policy, elsewhere) },
      { id: 'R06', about: 'a repository that begins like the pattern', allowed: this.ask(patterned('acme-evil/**'), elsewhere), denied: this.ask(patterned('acme/**'), elsewhere) },
      { id: 'R08', about: '"*" does not cross a slash', allowed: this.ask(patterned('acme/**'), deep), denied: this.ask(patterned('acme/*'), deep) },
      { id: 'R14', about: 'a digest in capitals', allowed: this.ask(policy, good), denied: this.ask(policy, upper) },
      { id: 'A20', about: 'a space after the reference', allowed: this.ask(policy, good), denied: this.ask(policy, `${good} `) },
      { id: 'A38', about: 'a namespace that the policy leaves out', allowed: { policy: where({ except: ['kube-system', 'shop'] }), pod: bad }, denied: { policy: where({ except: ['kube-system', 'shop-x'] }), pod: bad } },
      { id: 'A38', about: 'a namespace that the policy names', allowed: { policy: where({ names: ['shop-x'] }), pod: bad }, denied: { policy: where({ names: ['shop'] }), pod: bad } },
      { id: 'A16', about: 'labels of the namespace', allowed: { policy: where({ labels: { team: 'other' } }), pod: bad }, denied: { policy: where({ labels: { team: 'shop' } }), pod: bad } },
    ];
  }

  private policy(spec: Partial<ImagePolicy['spec']> = {}): ImagePolicy {
    const requirements: Requirement[] = [{ type: 'signature', name: 'signature', attestors: ['signer'] }];
    return {
      apiVersion: 'proofgate.dev/v1', kind: 'ImagePolicy', metadata: { name: 'acme' },
      spec: { images: [`${this.registry.host}/acme/**`], attestors: { signer: this.signer.attestor }, requirements, ...spec },
    };
  }

  private newSigner(name: string): Signer {
    if (this.by === 'certificate') {
      const identity = { issuer: 'https://issuer.acme.test', subject: `https://acme.test/${name}` };
      return { attestor: { type: 'keyless', trustRoot: 'test', ...identity }, sign: (about) => this.world.signKeyless(identity, about) };
    }
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    return {
      attestor: { type: 'key', trustRoot: 'test', publicKey, transparency: { log: 'notRequired', untimed: { reason: 'no log in this test', owner: 'the test' } } },
      sign: (about) => this.world.signWithKey(privateKey, about, { log: 'none', timestamp: false }),
    };
  }

  private ask(policy: ImagePolicy, image: string): { policy: ImagePolicy; pod: Manifest } {
    return { policy, pod: podWith({ containers: [image] }) };
  }

  private image(repository = 'acme/app'): string {
    return `${this.registry.host}/${repository}@${this.registry.pushImage(repository, `image ${this.images += 1}, signed by a ${this.by}`)}`;
  }

  private signed(repository?: string): string {
    const image = this.image(repository);
    this.attach(image, this.signer, signStatement(digestOf(image)));
    return image;
  }

  private attested(...statements: ReadonlyArray<(digest: string) => object>): string {
    const image = this.image();
    statements.forEach((about) => this.attach(image, this.signer, about(digestOf(image))));
    return image;
  }

  private withJunk(image: string): string {
    this.registry.attach(this.repositoryOf(image), digestOf(image), Buffer.from('{"mediaType":"junk"}'));
    return image;
  }

  private attach(image: string, signer: Signer, about: object): void {
    this.registry.attach(this.repositoryOf(image), digestOf(image), bundleBytes(signer.sign(about)), { annotations: { 'dev.sigstore.bundle.content': 'dsse-envelope' } });
  }

  private repositoryOf(image: string): string {
    return image.slice(this.registry.host.length + 1, image.indexOf('@'));
  }
}

function digestOf(image: string): string {
  return image.slice(image.indexOf('@') + 1);
}

function withSubject(said: StatementJson, further: { readonly [algorithm: string]: string }): StatementJson {
  return { ...said, subject: said.subject.map(({ digest }) => ({ digest: { ...digest, ...further } })) };
}

/** The subject after that many others. */
function many(said: StatementJson, others: number): StatementJson {
  return { ...said, subject: [...Array.from({ length: others }, (_, index) => ({ digest: { sha256: index.toString(16).padStart(64, '0') } })), ...said.subject] };
}

function changed<T>(sound: T, change: (copy: T) => unknown): T {
  const copy = structuredClone(sound);
  change(copy);
  return copy;
}
