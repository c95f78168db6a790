import * as pulumi from '@pulumi/pulumi';
import { AttestorPart } from '../authoring/attestor-part';
import { named } from '../authoring/named';
import { Names } from '../authoring/place';
import { Check, instance, list } from '../authoring/properties';
import { TrustRoot } from '../authoring/trust-root';
import { Attestor as AttestorDocument } from '../policy/document';
import { Declarations } from './declarations';

/**
 * One party that can vouch for an image: a `KeylessAttestor`, a `KeyAttestor` or a `CertificateAttestor`.
 *
 * It takes effect through the policies and requirements that name it; one that nothing names is refused.
 *
 * @example
 *
 * const signers: Attestor[] = [
 *   KeylessAttestor.email('ada', { email: 'ada@acme.example', issuer: 'https://accounts.google.com' }),
 *   KeyAttestor.fromFile('build-host', { file: 'keys/build-host.pub' }),
 * ];
 *
 * new SignedImagePolicy('base', { images: ['ghcr.io/acme/base/**'], attestors: signers, threshold: 2 });
 */
export abstract class Attestor extends pulumi.ComponentResource {
  /** Its name in policies, verdicts and messages: the name of the resource. */
  public readonly attestorName: string;

  /** @internal */
  public readonly _document: AttestorDocument;

  /** @internal */
  public readonly _trustRoot: TrustRoot;

  /**
   * What the program calls its properties.
   * @internal
   */
  public readonly _names: Names;

  /** @internal */
  constructor(what: string, name: string, opts: pulumi.ComponentResourceOptions | undefined, part: (path: string) => AttestorPart) {
    super(`proofgate:index:${what}`, name, {}, opts);
    const declarations = Declarations.current();
    const declared = { path: name, what };
    const { document, trustRoot, names = {} } = declarations.declare(this, declared, () => part(name));
    this.attestorName = name;
    this._document = document;
    this._trustRoot = trustRoot;
    this._names = names;
    declarations.expectUse(this, declared);
    this.registerOutputs({ document });
  }
}

/** At least one attestor. */
export const anyAttestors: Check = list(instance(Attestor, 'Attestor', 'pass a KeylessAttestor, KeyAttestor or CertificateAttestor of proofgate/pulumi'), { named: true });

/** Attestors by name, each once, in the order in which they are first named; two that share a name are refused. */
export function namedAttestors(path: string, attestors: readonly Attestor[]): Map<string, Attestor> {
  return named(path, attestors, ({ attestorName, constructor }) => ({ name: attestorName, place: `${constructor.name} ${attestorName}` }));
}
