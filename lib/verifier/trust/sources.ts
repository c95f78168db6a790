import { Field } from '../../policy/field';
import { Problem } from '../../policy/problem';
import { checkTufTrustRoot, hostOfMirror, isTufTrustRoot, TUF_TRUST_ROOT, TufTrustRoot } from '../../policy/tuf-trust-root';
import { utf8 } from '../../policy/sha256';
import { parseStrictJson, StrictJsonError } from '../json';
import { RegistryConfig, settingsOf } from '../registry/config';
import { NamedRoot, trustMaterialOf, TrustRootError } from '../sigstore/trust-roots';
import github from '../trust-roots/github.tuf-root.json';
import sigstore from '../trust-roots/sigstore.tuf-root.json';
import { TufClient } from '../tuf/client';
import { Mirror } from '../tuf/mirror';
import { reasonOf } from '../tuf/error';

/** Where the roots that ship are kept up to date; `../trust-roots/README.md` says where the keys are from. */
export const SHIPPED_SOURCES: { readonly [name: string]: TufTrustRoot } = {
  sigstore: { mediaType: TUF_TRUST_ROOT, mirror: 'https://tuf-repo-cdn.sigstore.dev', target: 'trusted_root.json', root: sigstore },
  github: { mediaType: TUF_TRUST_ROOT, mirror: 'https://tuf-repo.github.com', target: 'trusted_root.json', root: github },
};

/** Reads a file that says where a trust root is fetched; `undefined` for one that is the trust root. @throws TrustRootError */
export function tryReadSource({ name, json }: NamedRoot): TufTrustRoot | undefined {
  const value = parse(name, json);
  if (!isTufTrustRoot(value)) {
    return undefined;
  }
  const problems: Problem[] = [];
  checkTufTrustRoot(new Field(value, '', problems));
  if (problems.length > 0) {
    throw new TrustRootError(name, problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  }
  return value as unknown as TufTrustRoot;
}

/** A client for one source; its host is reached as the registry configuration says. @throws TrustRootError when its root does not hold by itself */
export function clientOf(name: string, source: TufTrustRoot, config: RegistryConfig): TufClient {
  const mirror = new Mirror(source.mirror, settingsOf(config, hostOfMirror(source.mirror)));
  try {
    return new TufClient(source, mirror);
  } catch (error) {
    throw new TrustRootError(name, `its root.json cannot be trusted (${reasonOf(error)})`, { cause: error });
  }
}

/** The content of a trust root in its one form. @throws TrustRootError for whatever a pinned one may not be either */
export function readContent(name: string, text: string): string {
  trustMaterialOf(name, text);
  return JSON.stringify(JSON.parse(text));
}

function parse(name: string, json: string): ReturnType<typeof parseStrictJson> {
  try {
    return parseStrictJson(utf8(json));
  } catch (error) {
    throw error instanceof StrictJsonError ? new TrustRootError(name, `cannot be read in exactly one way: ${error.message}`, { cause: error }) : error;
  }
}
