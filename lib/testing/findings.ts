import { Finding } from '../refusals';

/** What the rules found, one line each. */
export function describeFindings(findings: readonly Finding[]): string {
  return findings.map(({ code, object, path, message, remedy }) => `  [${code}] ${object}${path === '' ? '' : ` ${path}`}: ${message} ${remedy}`).join('\n');
}
