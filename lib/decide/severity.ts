import { AllowedSeverity, Json } from '../policy/document';
import { Fields, fields, own } from './json-fields';

/** From harmless to worst; what is not known stands with the worst. */
export const SEVERITIES = ['none', 'low', 'medium', 'high', 'critical', 'unknown'] as const;

export type Severity = typeof SEVERITIES[number];

/** The words of the scanners that are read, in lower case. */
const WORDS = new Map<string, Severity>([
  ['none', 'none'], ['negligible', 'low'], ['low', 'low'], ['moderate', 'medium'], ['medium', 'medium'], ['important', 'high'], ['high', 'high'], ['critical', 'critical'],
]);

/** Whether a severity is worse than what is allowed. */
export function isWorse(severity: Severity, allowed: AllowedSeverity): boolean {
  return SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(allowed);
}

/** A severity as a word in any case. */
export function severityOfWord(word: Json | undefined): Severity {
  return typeof word === 'string' ? WORDS.get(word.toLowerCase()) ?? 'unknown' : 'unknown';
}

/**
 * The worst of several scores by different methods; one that cannot be read is unknown, except a vector beside a score.
 *
 * Scores are words, or numbers by CVSS or NVD (CVSS v3.1, "Qualitative Severity Rating Scale").
 */
export function severityOfScores(scores: Json | undefined): Severity {
  const severities = Array.isArray(scores) ? scores.map((score) => fields(score)).filter((score) => !isVector(own(score, 'score'))).map(severityOfScore) : [];
  return severities.reduce<Severity>((worst, severity) => (SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(worst) ? severity : worst),
    severities.length === 0 ? 'unknown' : 'none');
}

function severityOfScore(entry: Fields | undefined): Severity {
  const [method, score] = [own(entry, 'method'), own(entry, 'score')];
  if (typeof method !== 'string' || typeof score !== 'string') {
    return 'unknown';
  }
  // A number by a method that is not known, such as the probability of an attack, is no severity.
  return /^(?:cvss|nvd)/i.test(method) && /^(?:10|[0-9])(?:\.[0-9]{1,2})?$/.test(score) ? rating(Number(score)) : severityOfWord(score);
}

function rating(score: number): Severity {
  if (score > 10) {
    return 'unknown';
  }
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'none';
}

function isVector(score: Json | undefined): boolean {
  return typeof score === 'string' && /^(?:CVSS:[0-9.]+\/)?AV:[A-Z]\//.test(score);
}
