import { App, Chart } from 'cdk8s';
import { ReasonCode, REASONS } from '../decide/reason';
import { isOver } from '../policy/instant';
import { nearestName } from '../policy/nearest';
import { Admission, admissionOf } from './admission';
import { describeAdmission, describeCoverage } from './describe';
import { Enforcement, manifestsOf, readEnforcement } from './enforcement';
import { unsigned } from './evidence';
import { EvidenceOfImages } from './evidence-of-images';
import { describeFindings } from './findings';
import { nameFound } from './found';
import { Paint } from './paint';
import { placed, Workload } from './workload';

/** Whether something is as expected, and what to say where it is not. */
export interface Expectation {
  readonly pass: boolean;
  readonly message: (paint: Paint) => string;
}

/** What is expected of each; matchers and plain functions are made of these. */
export const EXPECTATIONS = { enforces, admits, warns, refuses, refusesSynthesis };

function enforces(enforcement: Enforcement, policies: readonly string[]): Expectation {
  const now = Date.now();
  const { documents, others, findings, enforcing } = readEnforcement(enforcement, now);
  const all = [...documents, ...others.flatMap((other) => other.documents)].flatMap((document) => (document.kind === 'ImagePolicy' ? [document] : []));
  const unknown = policies.filter((name) => all.every(({ metadata }) => metadata.name !== name));
  const wanted = all.filter(({ metadata: { name } }) => policies.length === 0 || policies.includes(name));
  const problems = [
    ...(findings.length === 0 ? [] : [`the rules have found:\n${describeFindings(findings)}`]),
    ...(enforcing ? [] : ['nothing in it enforces the policies: pass the chart or App, or all objects that are applied together']),
    ...unknown.map((name) => `there is no policy ${name}; there are ${all.map(({ metadata }) => metadata.name).join(', ')}`),
    ...wanted.flatMap(({ metadata: { name }, spec: { action } }) => (action?.type === 'Audit' && !isOver(action.until, now)
      ? [`policy ${name} only warns until ${action.until} (${action.reason}; ${action.owner}): name the others, toEnforce('…'), where that is meant`] : [])),
  ];
  return { pass: problems.length === 0, message: (paint) => ['expected what is written to enforce its policies, and it does not:', ...problems.map((problem) => paint.found(problem))].join('\n') };
}

function admits(enforcement: Enforcement, workload: Workload, evidence: EvidenceOfImages = unsigned()): Expectation {
  const admission = admissionOf(enforcement, workload, evidence);
  return {
    pass: admission.outcome === 'admitted',
    message: (paint) => `expected ${title(workload, admission)} to be ${paint.expected('admitted')}, and it is ${outcomeText(admission, paint)}\n\n${below(enforcement, admission, evidence, paint)}`,
  };
}

function warns(enforcement: Enforcement, workload: Workload, code: ReasonCode, evidence: EvidenceOfImages = unsigned()): Expectation {
  requireCode(code);
  const admission = admissionOf(enforcement, workload, evidence);
  return {
    pass: admission.outcome === 'warned' && admission.warnings.some((warning) => warning.code === code),
    message: (paint) => `expected ${title(workload, admission)} to be admitted by an audit window alone, with a warning of ${paint.expected(code)}, and it is ${outcomeText(admission, paint)}\n\n${below(enforcement, admission, evidence, paint)}`,
  };
}

function refuses(enforcement: Enforcement, workload: Workload, code: ReasonCode, evidence: EvidenceOfImages = unsigned()): Expectation {
  requireCode(code);
  const admission = admissionOf(enforcement, workload, evidence);
  return {
    pass: admission.outcome === 'refused' && admission.reasons.some((reason) => reason.code === code),
    message: (paint) => `expected ${title(workload, admission)} to be refused with ${paint.expected(code)}, and it is ${outcomeText(admission, paint)}\n\n${below(enforcement, admission, evidence, paint)}`,
  };
}

function requireCode(code: unknown): void {
  if (typeof code !== 'string') {
    throw new Error(`expected a reason code after the workload, found ${nameFound(code)}; the evidence comes last`);
  }
  if (!Object.hasOwn(REASONS, code)) {
    const meant = nearestName(code, Object.keys(REASONS));
    throw new Error(`${JSON.stringify(code)} is no reason code${meant === undefined ? '' : `, did you mean ${meant}?`}; docs/reason-codes.md lists them`);
  }
}

function refusesSynthesis(make: () => Chart | App, code: string): Expectation {
  if (typeof make !== 'function') {
    throw new Error(`expected a function that makes and returns a chart or App, found ${nameFound(make)}: what is refused when it is made is refused before there is one`);
  }
  const said = refusalOf(make);
  const codes = said === undefined ? [] : [...said.matchAll(/(?:^|\] |\s)\[([A-Z][A-Z0-9_]+)\] /g)].map(([, found = '']) => found);
  return {
    pass: codes.includes(code),
    message: (paint) => (said === undefined
      ? `expected the synthesis to be refused with ${paint.expected(code)}, and it ${paint.found('succeeds')}`
      : `expected the synthesis to be refused with ${paint.expected(code)}, and it says:\n${paint.found(said)}`),
  };
}

/** What the synthesis says against it; `undefined` when it succeeds. */
function refusalOf(make: () => Chart | App): string | undefined {
  let made: Chart | App;
  try {
    made = make();
  } catch (error) {
    return messageOf(error);
  }
  if (!Chart.isConstruct(made)) {
    throw new Error('the function returns no chart or App, so that there is nothing to synthesize: return it');
  }
  try {
    manifestsOf(made);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function title(workload: Workload, { namespace }: Admission): string {
  return `${placed(workload).title} in the namespace ${namespace}`;
}

function outcomeText({ outcome, reasons, warnings }: Admission, paint: Paint): string {
  switch (outcome) {
    case 'admitted': return paint.found('admitted');
    case 'warned': return `${paint.found('admitted only with a warning')} of ${[...new Set(warnings.map(({ code }) => code))].join(', ')}, by an audit window: nothing was verified; toWarn(pod, code) says that this is meant`;
    case 'uncovered': return `${paint.found('not covered')}: it would run, but nothing is verified there; inNamespace('…', …) says where a workload is`;
    case 'refused': return `refused with ${paint.found([...new Set(reasons.map(({ code }) => code))].join(', '))}`;
  }
}

function below(enforcement: Enforcement, admission: Admission, evidence: EvidenceOfImages, paint: Paint): string {
  return admission.outcome === 'uncovered' ? describeCoverage(readEnforcement(enforcement, Date.now()).documents, paint) : describeAdmission(admission, evidence, paint);
}
