import { isOver } from '../policy/instant';
import { NormalVulnerabilityScanChecks } from '../policy/normal';
import { isOlder, madeAt, showInstant } from './age';
import { Check } from './check';
import { CHECKS } from './check-names';
import { Examined } from './examined';
import { Newest } from './newest';
import { predicateCheck } from './predicate-check';
import { readScan, RESULT_FORMS, Scan, scanTimes } from './scan-predicate';
import { isWorse } from './severity';
import { show } from './show';

/** A scan that is not too old, made with a database that is not, and that found nothing worse than what is allowed. */
export function scanChecks(checks: NormalVulnerabilityScanChecks): Check<Examined>[] {
  return [
    predicateCheck('WRONG_FORMAT', CHECKS.scanShape, ({ statement }) => (readScan(statement) === undefined
      ? `expected a scan with its times and ${RESULT_FORMS}, or as in-toto's v0.2 says, found another shape` : undefined)),
    predicateCheck('TOO_OLD', CHECKS.scanAge, (examined) => ageShortfall('a scan', checks.maxAge, examined, scanOf(examined).times)),
    {
      ...predicateCheck('TOO_OLD', CHECKS.scanDatabaseAge, (examined) => {
        const { databaseUpdated } = scanOf(examined);
        return databaseUpdated === undefined
          ? `expected a scan with a database of the last ${checks.maxDatabaseAge}, found one that does not say when it was updated`
          : ageShortfall('a database', checks.maxDatabaseAge, examined, [databaseUpdated]);
      }),
      applies: () => checks.maxDatabaseAge !== '',
    },
    predicateCheck('VULNERABLE', CHECKS.scanSeverity, (examined) => severityShortfall(checks, examined)),
  ];
}

/** A later scan takes the place of an earlier one, whatever it found and whether it can be read. */
export const newestScan: Newest = {
  concerns: () => true,
  stated: ({ statement }) => scanTimes(statement.predicate) ?? [],
};

function ageShortfall(what: string, maxAge: string, examined: Examined, stated: readonly number[]): string | undefined {
  const made = madeAt(examined, stated);
  return made !== undefined && !isOlder(made, maxAge, examined.now)
    ? undefined
    : `expected ${what} of the last ${maxAge}, found one ${made === undefined ? 'without a trusted time' : `of ${showInstant(made)}`}`;
}

function severityShortfall({ maxSeverity, ignored }: NormalVulnerabilityScanChecks, examined: Examined): string | undefined {
  const passedOver = new Set(ignored.filter(({ until }) => !isOver(until, examined.now)).map(({ id }) => id));
  const worse = scanOf(examined).found.filter(({ id, severity }) => isWorse(severity, maxSeverity) && !passedOver.has(id));
  if (worse.length === 0) {
    return undefined;
  }
  const shown = worse.slice(0, 3).map(({ id, severity }) => `${show(id)} (${severity})`).join(', ');
  const allowed = maxSeverity === 'none' ? 'no vulnerability' : `nothing worse than ${maxSeverity}`;
  return `expected ${allowed}, found ${shown}${worse.length > 3 ? ` and ${worse.length - 3} more` : ''}`;
}

/** The shape is checked first; what does not have it never gets here. */
function scanOf({ statement }: Examined): Scan {
  const scan = readScan(statement);
  if (scan === undefined) {
    throw new Error('a scan is compared before its shape was checked');
  }
  return scan;
}
