import { X509Certificate } from 'node:crypto';
import { ServingCertificate } from '../server/server';
import type { Authority } from './mint';

export type { Authority } from './mint';

/** Certificates begin this much earlier than they are made: clocks of nodes differ. In milliseconds. */
export const BACKDATE = 5 * 60_000;

/** The library that makes certificates is evaluated for the first of them: whoever is given one starts without. */
export const loadMint = (): Promise<typeof import('./mint')> => import('./mint');

/** Makes a self-signed P-256 authority that may sign server certificates only and ends `lifetime` milliseconds from now. */
export async function mintAuthority(lifetime: number, now: number): Promise<Authority> {
  const { mintAuthority: mint } = await loadMint();
  return mint(now - BACKDATE, now + lifetime);
}

/**
 * Issues a serving certificate for these DNS names that ends `lifetime` milliseconds from now, at the latest with its authority.
 *
 * @throws Error for an authority whose key is not one of P-256
 */
export async function mintServing(authority: Authority, dnsNames: readonly string[], lifetime: number, now: number): Promise<ServingCertificate> {
  const { mintServing: mint } = await loadMint();
  return mint(authority, dnsNames, now - BACKDATE, Math.min(now + lifetime, endOf(authority.certificate)));
}

/** When a PEM certificate ends, in milliseconds since the epoch. */
export function endOf(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validTo);
}

/** When it was made, in milliseconds since the epoch. */
export function madeAt(certificate: string): number {
  return Date.parse(new X509Certificate(certificate).validFrom) + BACKDATE;
}
