import { canonicalJson } from '../../policy/canonical-json';
import { Attestor, ImagePolicy } from '../../policy/document';
import { isLabelValue } from '../../policy/label';
import { Part } from './part';
import { problemOf } from './problem-of';

/** Somebody who can vouch, under the name that the policy gives, if it does. */
export interface Voter {
  readonly name?: string;
  readonly attestor: Attestor;
}

const REKOR = 'https://rekor.sigstore.dev';

/** The keys that stand in a text, each as an attestor of its own. @throws LeftOut for what is no such key */
export function keyVoters(pem: Part, name?: string): Voter[] {
  const text = pem.text() ?? '';
  const blocks = text.match(/-----BEGIN [A-Z ]+-----[^-]*-----END [A-Z ]+-----/g) ?? [];
  const rest = blocks.reduce((left, block) => left.replace(block, ''), text).trim();
  const keys = blocks.length === 0 || rest !== '' ? [text] : blocks;
  return keys.map((publicKey) => checked(pem, { type: 'key', publicKey: `${publicKey.trim()}\n` }, name));
}

/** One exact identity; `others` are fields that the caller reads. @throws LeftOut where it is none */
export function keylessVoter(part: Part, name?: string, others: readonly string[] = []): Voter {
  const { issuer, subject, issuerRegExp, subjectRegExp } = part.fields(['issuer', 'subject', 'issuerRegExp', 'subjectRegExp'], others);
  for (const [pattern, exact] of [[issuerRegExp, issuer], [subjectRegExp, subject]] as const) {
    if (!pattern.absent && pattern.value !== '') {
      throw pattern.leftOut(`is a regular expression, which documents do not have: write the exact ${exact.path.split('.').at(-1)}, for several refs of a workflow { workflow, refs }`);
    }
    if (exact.absent || exact.value === '') {
      throw exact.leftOut('is missing, so that anybody could be meant: write the exact one');
    }
  }
  return checked(part, { type: 'keyless', issuer: issuer.text() ?? '', subject: subject.text() ?? '', trustRoot: 'sigstore' }, name);
}

/** What a policy says of the log: left out where it is not that of the public Sigstore, noted where it is less than what documents demand. */
export function readLog(part: Part, type: 'key' | 'keyless'): void {
  const { url, ignoreTlog, insecureIgnoreTlog, ignoreSCT, insecureIgnoreSCT, ...own } = part.fields([
    'url', 'ignoreTlog', 'insecureIgnoreTlog', 'ignoreSCT', 'insecureIgnoreSCT', 'pubkey', 'pubKey', 'rekorPubKey', 'ctLogPubKey', 'tsaCertChain', 'trustRootRef',
  ]);
  const other = Object.values(own).find(({ absent, value }) => !absent && value !== '');
  if (other !== undefined) {
    throw other.leftOut('is trust in a log or an authority of your own: write the attestor by hand, with a trustRoot of its own');
  }
  const text = url.text()?.replace(/\/+$/, '') ?? '';
  if (text !== '' && text !== REKOR) {
    throw url.leftOut(`is another log than ${REKOR}: write the attestor by hand, with a trustRoot of its own`);
  }
  for (const ignore of [ignoreTlog, insecureIgnoreTlog]) {
    ignore.noteUnless(false, NO_LOG);
  }
  // A key has no certificate, and so no proof of the logging of one.
  if (type === 'keyless') {
    [ignoreSCT, insecureIgnoreSCT].forEach((ignore) => ignore.noteUnless(false, NO_SCT));
  }
}

/** What is said where a policy does not ask for an entry in the log. */
export const NO_LOG = 'The document demands an entry in the log. Where signatures have none, write transparency with log: notRequired, and a required timestamp or untimed with reason and owner.';

const NO_SCT = 'The document demands the certificate\'s proof of its own logging (SCT).';

/** A name that nobody has yet, for everybody who is somebody else. */
export function named(voters: readonly Voter[]): { readonly attestors: ImagePolicy['spec']['attestors']; readonly nameOf: (voter: Voter) => string } {
  const names = new Map<string, string>();
  const attestors: { [name: string]: Attestor } = {};
  for (const { name, attestor } of voters) {
    const identity = canonicalJson(attestor);
    if (!names.has(identity)) {
      const wanted = name !== undefined && name !== '' && isLabelValue(name) && !(name in Object.prototype) ? name : attestor.type;
      const free = unused(wanted.slice(0, 60), (text) => Object.hasOwn(attestors, text));
      names.set(identity, free);
      attestors[free] = attestor;
    }
  }
  return { attestors, nameOf: ({ attestor }) => names.get(canonicalJson(attestor)) ?? '' };
}

/** The name itself, or with the first number that makes it one that is not used. */
export function unused(name: string, used: (name: string) => boolean): string {
  for (let number = 1; ; number += 1) {
    const text = number === 1 ? name : `${name}-${number}`;
    if (!used(text)) {
      return text;
    }
  }
}

function checked(part: Part, attestor: Attestor, name: string | undefined): Voter {
  const problem = problemOf({
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'probe' },
    spec: { images: ['registry.example/probe'], attestors: { probe: attestor }, requirements: [{ type: 'signature', name: 'probe', attestors: ['probe'] }] },
  });
  if (problem !== undefined) {
    throw part.leftOut(problem.replace(/^spec\.attestors\.probe\.?/, ''));
  }
  return name === undefined ? { attestor } : { name, attestor };
}
