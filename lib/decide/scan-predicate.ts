import { Json } from '../policy/document';
import { IN_TOTO_VULNERABILITIES } from '../policy/predicate-types';
import { Examined } from './examined';
import { Fields, fields, instant, own, text } from './json-fields';
import { Severity, severityOfScores, severityOfWord } from './severity';

/** What the result of a scan says, whichever tool and predicate type wrote it. */
export interface Scan {
  /** When it began and ended by its own word, in milliseconds since the epoch. */
  readonly times: readonly number[];
  /** When the scanner's database was updated; `undefined` where that is not said. */
  readonly databaseUpdated: number | undefined;
  readonly found: readonly Vulnerability[];
}

export interface Vulnerability {
  readonly id: string;
  readonly severity: Severity;
}

/** The forms of a result that are known, for messages. */
export const RESULT_FORMS = 'a result as Trivy or Grype writes it';

/**
 * A scan by its predicate type, `undefined` when anything in it has another shape: a part that cannot be read could be the one that matters.
 *
 * Sources: cosign's vulnerability attestation specification (v1), in-toto's vulnerability predicate (v0.2).
 */
export function readScan({ predicateType, predicate }: Examined['statement']): Scan | undefined {
  const root = fields(predicate);
  const scanner = fields(own(root, 'scanner'));
  const times = scanTimes(predicate);
  const result = own(scanner, 'result');
  const found = predicateType === IN_TOTO_VULNERABILITIES ? inTotoResult(result) : scannerResult(fields(result));
  const updated = own(fields(own(scanner, 'db')), 'lastUpdate');
  if (times === undefined || found === undefined) {
    return undefined;
  }
  return { times, databaseUpdated: instant(updated), found };
}

/** Both times that a scan states; `undefined` when one of them cannot be read. */
export function scanTimes(predicate: Json | undefined): number[] | undefined {
  const metadata = fields(own(fields(predicate), 'metadata'));
  const times = [instant(own(metadata, 'scanStartedOn')), instant(own(metadata, 'scanFinishedOn'))].filter((time) => time !== undefined);
  return times.length === 2 ? times : undefined;
}

function inTotoResult(result: Json | undefined): Vulnerability[] | undefined {
  return every(result, (entry) => vulnerability(own(entry, 'id'), severityOfScores(own(entry, 'severity'))));
}

/** The result that the scanner itself wrote; one that has the marks of two of them is neither. */
function scannerResult(result: Fields | undefined): Vulnerability[] | undefined {
  const [schema, matches] = [own(result, 'SchemaVersion'), own(result, 'matches')];
  if (schema !== undefined) {
    return schema === 2 && matches === undefined && text(own(result, 'ArtifactName')) !== undefined ? trivyResult(own(result, 'Results')) : undefined;
  }
  return every(matches, (match) => {
    const found = fields(own(match, 'vulnerability'));
    return vulnerability(own(found, 'id'), severityOfWord(own(found, 'severity')));
  });
}

/** Trivy leaves out what is empty: the results of an image without packages, the vulnerabilities of packages without any. */
function trivyResult(results: Json | undefined): Vulnerability[] | undefined {
  return every(results ?? [], (target) => every(own(target, 'Vulnerabilities') ?? [], (entry) => vulnerability(own(entry, 'VulnerabilityID'), severityOfWord(own(entry, 'Severity')))))
    ?.flat();
}

function vulnerability(id: Json | undefined, severity: Severity): Vulnerability | undefined {
  const name = text(id);
  return name === undefined ? undefined : { id: name, severity };
}

/** Every entry of a list of objects, read; `undefined` when it is no such list, or one of them cannot be read. */
function every<T>(list: Json | undefined, read: (entry: Fields) => T | undefined): T[] | undefined {
  if (!Array.isArray(list)) {
    return undefined;
  }
  const all: T[] = [];
  for (const item of list) {
    const entry = fields(item);
    const value = entry === undefined ? undefined : read(entry);
    if (value === undefined) {
      return undefined;
    }
    all.push(value);
  }
  return all;
}
