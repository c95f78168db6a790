import { createPrivateKey, X509Certificate } from 'node:crypto';
import { Authority, endOf, madeAt, mintAuthority } from './authority';

/**
 * The authorities that replicas share: the one that signs, the one that will sign next, the one that signed before.
 *
 * All three are trusted at the same time, so that a certificate of any of them is good on every API server.
 */
export interface Authorities {
  readonly current: Authority;
  readonly next?: Authority;
  /** Only its certificate is kept. */
  readonly previous?: string;
}

/**
 * What the authorities should be now. Over the life L of an authority: at L/2 its successor is published, at 3/4 L the
 * successor begins to sign, at L the old one is forgotten. What cannot be read, or is over, is replaced at once.
 *
 * @param lifetime - L in milliseconds
 * @returns the same object when nothing has to change
 */
export async function advance(state: Authorities | undefined, lifetime: number, now: number): Promise<Authorities> {
  if (state === undefined || endOf(state.current.certificate) <= now) {
    const { next } = state ?? {};
    return { current: next !== undefined && endOf(next.certificate) > now ? next : await mintAuthority(lifetime, now) };
  }
  if (state.previous !== undefined && endOf(state.previous) <= now) {
    return advance({ current: state.current, ...(state.next === undefined ? {} : { next: state.next }) }, lifetime, now);
  }
  const { current, next } = state;
  const age = now - madeAt(current.certificate);
  const life = endOf(current.certificate) - madeAt(current.certificate);
  if (next !== undefined && age >= life * 3 / 4) {
    return { current: next, previous: current.certificate };
  }
  if (next === undefined && age >= life / 2) {
    return { ...state, next: await mintAuthority(lifetime, now) };
  }
  return state;
}

/**
 * What takes the place of authorities that were shared and are lost: a new one signs, and what signed before stays trusted as after any
 * change, since other replicas still show certificates of it.
 *
 * @param held - what this replica knew last; `undefined` when it has just started
 */
export async function replaceLost(held: Authorities | undefined, lifetime: number, now: number): Promise<Authorities> {
  const fresh = await advance(undefined, lifetime, now);
  return held === undefined || endOf(held.current.certificate) <= now ? fresh : { ...fresh, previous: held.current.certificate };
}

/** All trusted certificates as one PEM bundle, in an order that does not change when the next one takes over. */
export function bundleOf({ current, next, previous }: Authorities): string {
  return [previous, current.certificate, next?.certificate].filter((pem) => pem !== undefined).join('');
}

/** As the data of a Secret, base64. */
export function toSecretData({ current, next, previous }: Authorities): { [key: string]: string } {
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  return {
    'ca.crt': encode(current.certificate),
    'ca.key': encode(current.key),
    ...(next === undefined ? {} : { 'next-ca.crt': encode(next.certificate), 'next-ca.key': encode(next.key) }),
    ...(previous === undefined ? {} : { 'previous-ca.crt': encode(previous) }),
  };
}

/** From the data of a Secret; `undefined` when it holds no usable authority: empty, incomplete, or a key that does not belong. */
export function fromSecretData(data: { [key: string]: string } | undefined): Authorities | undefined {
  const decode = (key: string): string => Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
  const current = authority(decode('ca.crt'), decode('ca.key'));
  if (current === undefined) {
    return undefined;
  }
  const next = authority(decode('next-ca.crt'), decode('next-ca.key'));
  const previous = decode('previous-ca.crt');
  return { current, ...(next === undefined ? {} : { next }), ...(isCertificate(previous) ? { previous } : {}) };
}

function authority(certificate: string, key: string): Authority | undefined {
  if (!isCertificate(certificate)) {
    return undefined;
  }
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key)) ? { certificate, key } : undefined;
  } catch {
    // An unreadable key is the same as none: a new authority is made.
    return undefined;
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    // Not a certificate at all.
    return false;
  }
}
