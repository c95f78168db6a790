import { keyFingerprint } from '../decide/key-fingerprint';
import { Subject } from '../policy/document';
import { NormalAttestor, NormalKey, NormalKeylessAttestor, NormalTransparency } from '../policy/normal';
import { textDigest } from '../policy/sha256';
import { anyOf, pairs, word } from './words';

/** Who an attestor is, and what its signature needs beside being genuine. */
export function attestorLines(attestor: NormalAttestor): string[] {
  return [...identityLines(attestor), ...transparencyLines(attestor)];
}

function identityLines(attestor: NormalAttestor): string[] {
  switch (attestor.type) {
    case 'keyless': return [subjectText(attestor.subject), `of ${word(attestor.issuer)}`, ...claimLines(attestor)];
    case 'key': return attestor.keys.map(keyText);
    case 'certificate': return [`${word(attestor.subject)} of the authority ${textDigest(attestor.authority)}`];
  }
}

/** What repeats the subject is no news, but that it is bound is. */
function claimLines({ subject, certificate, topLevel }: NormalKeylessAttestor): string[] {
  const claims = Object.entries<string>({ ...certificate });
  const [repeated, further] = [claims.filter(([, value]) => value === subject), claims.filter(([, value]) => value !== subject)];
  return [
    ...(topLevel === undefined ? [] : ['called by no other workflow']),
    ...(repeated.length === 0 ? [] : [`also in ${repeated.map(([claim]) => claim).join(', ')}`]),
    ...(further.length === 0 ? [] : [`with ${pairs(Object.fromEntries(further))}`]),
  ];
}

function subjectText(subject: Subject): string {
  return typeof subject === 'string' ? word(subject) : `${word(subject.workflow)} at ${anyOf(subject.refs)}`;
}

function keyText({ publicKey, from, until }: NormalKey): string {
  return [`key ${keyFingerprint(publicKey)}`, ...(from === undefined ? [] : [`from ${from}`]), ...(until === undefined ? [] : [`until ${until}`])].join(' ');
}

function transparencyLines({ type, trustRoot, transparency }: NormalAttestor): string[] {
  return [...(trustRoot === 'sigstore' ? [] : [`trust root ${word(trustRoot)}`]), ...demands(transparency, type === 'keyless')];
}

function demands({ log, timestamp, sct, reason, untimed }: NormalTransparency, hasSct: boolean): string[] {
  const without = [...(log === 'required' ? [] : ['log']), ...(hasSct && sct !== 'required' ? ['SCT'] : [])];
  return [
    ...(timestamp === 'required' ? ['timestamp required'] : []),
    ...(without.length === 0 ? [] : [`${without.join(' and ')} not required (${pairs({ reason })})`]),
    ...(untimed === undefined ? [] : [`without any trusted time (${pairs({ owner: untimed.owner, reason: untimed.reason })})`]),
  ];
}
