import { NormalVerificationSummaryChecks } from '../policy/normal';
import { isOlder, madeAt, showInstant } from './age';
import { Check } from './check';
import { CheckName, CHECKS } from './check-names';
import { Examined } from './examined';
import { Fields, fields, instant, own, text } from './json-fields';
import { Newest } from './newest';
import { predicateCheck } from './predicate-check';
import { show, showList } from './show';

/**
 * A verification summary by the verifier that is named, about a resource that is named, that passed, reaches the levels and is not too old.
 *
 * Source: https://slsa.dev/spec/v1.1/verification_summary, "How to verify".
 */
export function summaryChecks(checks: NormalVerificationSummaryChecks): Check<Examined>[] {
  return [
    predicateCheck('WRONG_FORMAT', CHECKS.summaryShape, ({ statement: { predicate } }) => (readSummary(predicate) === undefined
      ? 'expected a verification summary with verifier.id, timeVerified, resourceUri, verificationResult and verifiedLevels, found another shape' : undefined)),
    wrong(CHECKS.summaryVerifier, ({ verifierId }) => (verifierId === checks.verifierId
      ? undefined : `expected a summary by the verifier ${show(checks.verifierId)}, found ${show(verifierId)}`)),
    wrong(CHECKS.summaryResource, ({ resourceUri }) => (checks.resourceUris.includes(resourceUri)
      ? undefined : `expected a summary about ${showList(checks.resourceUris)}, found ${show(resourceUri)}`)),
    {
      ...wrong(CHECKS.summaryPolicy, ({ policyDigest }) => (policyDigest === checks.policyDigest
        ? undefined : `expected the policy ${show(checks.policyDigest)}, found ${policyDigest === undefined ? 'none by sha256 alone' : show(policyDigest)}`)),
      applies: () => checks.policyDigest !== '',
    },
    wrong(CHECKS.summaryResult, ({ result }) => (result === 'PASSED' ? undefined : `expected the result "PASSED", found ${show(result)}`)),
    wrong(CHECKS.summaryLevels, ({ levels }) => {
      const missing = checks.levels.filter((level) => !levels.some((reached) => reaches(reached, level)));
      return missing.length === 0 ? undefined : `expected the levels ${showList(missing)}, found ${levels.length === 0 ? 'none' : showList(levels)}`;
    }),
    predicateCheck('TOO_OLD', CHECKS.summaryAge, (examined) => {
      const made = madeAt(examined, [summaryOf(examined).timeVerified]);
      return made !== undefined && !isOlder(made, checks.maxAge, examined.now)
        ? undefined
        : `expected a summary of the last ${checks.maxAge}, found one ${made === undefined ? 'without a trusted time' : `of ${showInstant(made)}`}`;
    }),
  ];
}

/** A later summary of the same kind takes the place of an earlier one, whatever it says. */
export function newestSummary({ verifierId, resourceUris, policyDigest }: NormalVerificationSummaryChecks): Newest {
  return {
    // Only what certainly is about something else is left out: what cannot be read could be the refusal that matters.
    concerns: ({ statement }) => {
      const summary = fields(statement.predicate);
      const verifier = text(own(fields(own(summary, 'verifier')), 'id'));
      const resource = text(own(summary, 'resourceUri'));
      const policy = policyOf(summary);
      return (verifier === undefined || verifier === verifierId) && (resource === undefined || resourceUris.includes(resource))
        && (policyDigest === '' || policy === undefined || policy === policyDigest);
    },
    stated: ({ statement }) => [instant(own(fields(statement.predicate), 'timeVerified'))],
  };
}

interface Summary {
  readonly verifierId: string;
  readonly timeVerified: number;
  readonly resourceUri: string;
  readonly policyDigest: string | undefined;
  readonly result: string;
  readonly levels: readonly string[];
}

function readSummary(predicate: Examined['statement']['predicate']): Summary | undefined {
  const summary = fields(predicate);
  const verifierId = text(own(fields(own(summary, 'verifier')), 'id'));
  const timeVerified = instant(own(summary, 'timeVerified'));
  const resourceUri = text(own(summary, 'resourceUri'));
  const result = text(own(summary, 'verificationResult'));
  const levels = own(summary, 'verifiedLevels');
  if (verifierId === undefined || timeVerified === undefined || resourceUri === undefined || result === undefined || !Array.isArray(levels)) {
    return undefined;
  }
  const texts = levels.filter((level) => typeof level === 'string');
  return texts.length === levels.length ? { verifierId, timeVerified, resourceUri, policyDigest: policyOf(summary), result, levels: texts } : undefined;
}

/** Of a policy that is named by several algorithms only one digest can be compared, so that none counts. */
function policyOf(summary: Fields | undefined): string | undefined {
  const digest = fields(own(fields(own(summary, 'policy')), 'digest'));
  const hex = own(digest, 'sha256');
  return digest !== undefined && Object.keys(digest).length === 1 && typeof hex === 'string' ? `sha256:${hex}` : undefined;
}

/** The shape is checked first; what does not have it never gets here. */
function summaryOf({ statement }: Examined): Summary {
  const summary = readSummary(statement.predicate);
  if (summary === undefined) {
    throw new Error('a verification summary is compared before its shape was checked');
  }
  return summary;
}

function wrong(name: CheckName, problem: (summary: Summary) => string | undefined): Check<Examined> {
  return predicateCheck('WRONG_SUMMARY', name, (examined) => problem(summaryOf(examined)));
}

/** A level of a SLSA track stands for the lower ones of the same track from 1 on; every other text for itself. */
function reaches(reached: string, wanted: string): boolean {
  const [, track, level] = /^(SLSA_[A-Z]+_LEVEL_)([1-9])$/.exec(reached) ?? [];
  const [, wantedTrack, wantedLevel] = /^(SLSA_[A-Z]+_LEVEL_)([1-9])$/.exec(wanted) ?? [];
  return reached === wanted || (track !== undefined && track === wantedTrack && Number(level) >= Number(wantedLevel));
}
