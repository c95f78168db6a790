import { readFileSync } from 'node:fs';
import { KeyAttestor } from '../policy/document';
import { AttestorPart, judged } from './attestor-part';
import { defined } from './defined';
import { refuseInput } from './input';
import { Check, optional, Properties, required, requireProperties, text } from './properties';
import { Transparency, transparency, transparencyDocument } from './transparency';
import { aTrustRoot, TrustRoot } from './trust-root';

/** What every key may say. */
export interface KeyOptions {
  /**
   * Whose log and timestamps count.
   *
   * @default TrustRoot.publicGood()
   */
  readonly trustRoot?: TrustRoot;

  /**
   * What ties the signature to public view and to a moment.
   *
   * @default - a log entry is required, unless the trust root has no log
   */
  readonly transparency?: Transparency;
}

/** A public key in the program's text. */
export interface KeyAttestorProps extends KeyOptions {
  /** PEM, `PUBLIC KEY`: P-256, P-384, P-521, RSA of at least 2048 bits, or Ed25519. */
  readonly publicKey: string;
}

/** A public key in a file. */
export interface KeyFileProps extends KeyOptions {
  /**
   * Path of the PEM file, such as the `cosign.pub` of `cosign generate-key-pair`, read when the construct is made. A relative one starts at
   * the current directory of the program.
   */
  readonly file: string;
}

/** The document judges the key; that a text is no key but names one, only this says. */
const publicKey: Check = (field) => {
  const pem = field.text();
  if (pem !== undefined && !pem.includes('-----') && /^[^\n]*[./][^\n]*$/.test(pem)) {
    field.problem(`is ${JSON.stringify(pem)}, which looks like the path of a file: use KeyAttestor.fromFile, or pass the PEM itself`);
  }
};

const OPTIONS: Properties<KeyOptions> = { trustRoot: optional(aTrustRoot), transparency: optional(transparency) };

const PROPERTIES: Properties<KeyAttestorProps> = { ...OPTIONS, publicKey: required(publicKey) };

const FILE_PROPERTIES: Properties<KeyFileProps> = { ...OPTIONS, file: required(text) };

/** The properties of a key that a file holds, read now. */
export function keyOfFile(path: string, props: KeyFileProps): KeyAttestorProps {
  requireProperties(path, props, FILE_PROPERTIES);
  const options = defined<KeyOptions>({ trustRoot: props.trustRoot, transparency: props.transparency });
  return { ...options, publicKey: readKey(path, props.file) };
}

/** The attestor that a key is. */
export function keyAttestor(path: string, name: string, props: KeyAttestorProps): AttestorPart<KeyAttestor> {
  requireProperties(path, props, PROPERTIES);
  const trustRoot = props.trustRoot ?? TrustRoot.publicGood();
  const demanded = props.transparency ?? keyTransparency(trustRoot._transparency);
  const document = defined<KeyAttestor>({
    type: 'key',
    publicKey: props.publicKey,
    trustRoot: trustRoot.name,
    transparency: demanded && transparencyDocument(demanded),
  });
  return judged(path, name, { document, trustRoot });
}

/** A key has no certificate whose logging could be proven. */
function keyTransparency(ofRoot: Transparency | undefined): Transparency | undefined {
  return ofRoot && defined<Transparency>({ log: ofRoot.log, timestamp: ofRoot.timestamp, reason: ofRoot.reason, sct: undefined });
}

function readKey(path: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    refuseInput(path, `the public key cannot be read: ${(error as Error).message}`, 'Correct `file`; it is resolved against the current directory.');
  }
}
