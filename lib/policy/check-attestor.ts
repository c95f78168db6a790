import { canonicalAuthority } from './certificate-authority';
import { certificateSubjectKind } from './certificate-subject';
import { Attestor, CertificateClaims } from './document';
import { discriminate, checkName } from './check-scope';
import { exactText, exactUri, exactUrl, parsed } from './exact';
import { describe, Field } from './field';
import { parseInstant } from './instant';
import { nearestName } from './nearest';
import { canonicalPublicKey } from './public-key';
import { parseRefPattern } from './ref-pattern';

/** Issuer of the tokens of GitHub's workflows; their subjects always name a ref. */
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

/** `Attestor`. */
export function checkAttestor(field: Field): void {
  const type = discriminate(field, ['keyless', 'key', 'certificate']);
  if (type === 'keyless') {
    checkKeyless(field);
  } else if (type === 'key') {
    checkKey(field);
  } else if (type === 'certificate') {
    checkCertificate(field);
  }
}

function checkKeyless(field: Field): void {
  const fields = field.members(['type', 'issuer', 'subject', 'trustRoot'], ['certificate', 'topLevel', 'transparency']);
  if (fields === undefined) {
    return;
  }
  const issuer = exactUrl(fields.issuer);
  checkSubject(fields.subject, issuer);
  if (issuer !== undefined && fields.trustRoot.value === 'sigstore' && isGitHubWorkflow(fields.subject) && isMistypedIssuer(issuer)) {
    fields.issuer.problem(`is ${describe(issuer)}, under which Sigstore certifies no workflow of GitHub: did you mean ${describe(GITHUB_ISSUER)}?`
      + ` An enterprise with an issuer of its own has its name behind that, as in ${describe(`${GITHUB_ISSUER}/acme`)}`);
  }
  checkName(fields.trustRoot);
  checkClaims(fields.certificate);
  if (!fields.topLevel.absent) {
    fields.topLevel.word(['required', 'notRequired']);
  }
  checkTransparency(fields.transparency, 'keyless');
}

function checkKey(field: Field): void {
  if (!field.at('keys').absent) {
    checkRotatedKeys(field);
    return;
  }
  const fields = field.members(['type', 'publicKey'], ['trustRoot', 'transparency']);
  if (fields === undefined) {
    return;
  }
  parsed(fields.publicKey, canonicalPublicKey);
  checkName(fields.trustRoot);
  checkTransparency(fields.transparency, 'key');
}

function checkRotatedKeys(field: Field): void {
  const fields = field.members(['type', 'keys'], ['publicKey', 'trustRoot', 'transparency']);
  if (fields === undefined) {
    return;
  }
  if (!fields.publicKey.absent) {
    fields.publicKey.problem('stands beside keys: put it into the list, or leave the list out');
  }
  const keys = fields.keys.elements();
  if (keys.length > MAX_KEYS) {
    fields.keys.problem(`has ${keys.length} keys, more than ${MAX_KEYS}: leave out those that sign nothing any more`);
  }
  const seen = new Map<string, string>();
  const periods = keys.slice(0, MAX_KEYS).map((key) => checkRotatedKey(key, seen)).filter((period) => period !== undefined);
  checkName(fields.trustRoot);
  checkTransparency(fields.transparency, 'key');
  const demand = (name: string): unknown => fields.transparency.at(name).value;
  if (demand('log') === 'notRequired' && demand('timestamp') !== 'required') {
    periods.forEach((period) => period.problem('says when the key may sign, but neither log nor timestamp is required, so nothing says when it did:'
      + ' require the timestamp, or leave the period out'));
  }
}

/** Every key of an attestor may be tried for a signature. */
const MAX_KEYS = 16;

/** The key's period, if it has one. */
function checkRotatedKey(field: Field, seen: Map<string, string>): Field | undefined {
  const fields = field.members(['publicKey'], ['validFor']);
  const key = fields === undefined ? undefined : parsed(fields.publicKey, canonicalPublicKey);
  if (fields === undefined) {
    return undefined;
  }
  const first = key === undefined ? undefined : seen.get(key);
  if (first !== undefined) {
    fields.publicKey.problem(`is the key of ${first} once more: name each key once`);
  } else if (key !== undefined) {
    seen.set(key, field.path);
  }
  if (fields.validFor.absent) {
    return undefined;
  }
  checkPeriod(fields.validFor);
  return fields.validFor;
}

/** `KeyPeriod`. */
export function checkPeriod(field: Field): void {
  const ends = field.members([], ['from', 'until']);
  if (ends === undefined) {
    return;
  }
  if (ends.from.absent && ends.until.absent) {
    field.problem('has neither from nor until, which says nothing: write one of them, or leave it out');
  }
  const [from, until] = [parsed(ends.from, parseInstant), parsed(ends.until, parseInstant)];
  if (from !== undefined && until !== undefined && from >= until) {
    field.problem('ends before it begins: correct one of from and until');
  }
}

function checkCertificate(field: Field): void {
  const fields = field.members(['type', 'authority', 'subject'], ['trustRoot', 'transparency']);
  if (fields === undefined) {
    return;
  }
  parsed(fields.authority, canonicalAuthority);
  const subject = exactText(fields.subject);
  if (subject !== undefined && certificateSubjectKind(subject) === undefined) {
    fields.subject.problem(`is ${describe(subject)}, which is no subject that can be compared: write the whole URI, e-mail address or DNS name that the certificate holds`);
  }
  checkName(fields.trustRoot);
  checkTransparency(fields.transparency, 'certificate');
}

function checkSubject(field: Field, issuer: string | undefined): void {
  if (typeof field.value === 'object' && field.value !== null && !Array.isArray(field.value)) {
    checkWorkflowSubject(field);
    return;
  }
  const subject = exactText(field);
  if (subject === undefined) {
    return;
  }
  if (subject.endsWith('/') || subject.endsWith('@') || (issuer === GITHUB_ISSUER && !subject.includes('@'))) {
    field.problem(
      `is ${describe(subject)}, which is half an identity: a subject is compared as a whole; write all of it, for a workflow with "@" and its ref,`
      + ' or as {workflow, refs}',
    );
  } else if (!/^[A-Za-z][A-Za-z0-9+.-]*:|[@!]/.test(subject)) {
    // Certificates name a URI, an e-mail address, or a user of Fulcio's `name!domain`.
    field.problem(`is ${describe(subject)}, which no certificate names: write the whole URI or e-mail address`);
  }
}

/** Whether a subject, as text or as a workflow with refs, names a workflow that lies on github.com. */
function isGitHubWorkflow(subject: Field): boolean {
  return [subject.value, subject.at('workflow').value].some((text) => typeof text === 'string' && /^https:\/\/github\.com\/[^/]+\/[^/]+\/\.github\/workflows\//.test(text));
}

/** Whether an issuer reads like GitHub's and is neither that nor that of an enterprise there. A server of one's own has another host, and its workflows too. */
function isMistypedIssuer(issuer: string): boolean {
  if (issuer === GITHUB_ISSUER || /^\/[A-Za-z0-9_-]+$/.test(issuer.startsWith(GITHUB_ISSUER) ? issuer.slice(GITHUB_ISSUER.length) : '')) {
    return false;
  }
  const { origin, hostname } = URL.canParse(issuer) ? new URL(issuer) : { origin: issuer, hostname: '' };
  return /(?:^|\.)github(?:usercontent)?\.com$/.test(hostname) || nearestName(origin, [GITHUB_ISSUER]) !== undefined;
}

function checkWorkflowSubject(field: Field): void {
  const fields = field.members(['workflow', 'refs']);
  if (fields === undefined) {
    return;
  }
  const workflow = exactUrl(fields.workflow);
  if (workflow?.includes('@refs/') === true || workflow?.endsWith('@') === true || workflow?.endsWith('/') === true) {
    fields.workflow.problem(`is ${describe(workflow)}; a workflow is written without its ref: remove "@" and what follows, and list the ref in refs`);
  }
  fields.refs.elements().forEach((ref) => parsed(ref, parseRefPattern));
}

/** How each claim is judged. */
export const CLAIM_CHECKS: { readonly [claim in keyof Required<CertificateClaims>]: (field: Field) => unknown } = {
  buildSignerUri: exactUri,
  buildSignerDigest: checkCommit,
  runnerEnvironment: exactText,
  sourceRepositoryUri: exactUri,
  sourceRepositoryDigest: checkCommit,
  sourceRepositoryRef: (field) => parsed(field, parseRefPattern),
  sourceRepositoryId: checkId,
  sourceRepositoryOwnerUri: exactUri,
  sourceRepositoryOwnerId: checkId,
  buildConfigUri: exactUri,
  buildConfigDigest: checkCommit,
  buildTrigger: exactText,
  sourceRepositoryVisibility: exactText,
  workflowName: checkDisplayName,
};

function checkClaims(field: Field): void {
  const claims = Object.keys(CLAIM_CHECKS) as (keyof CertificateClaims)[];
  const fields = field.absent ? undefined : field.members([], claims);
  claims.forEach((claim) => fields !== undefined && CLAIM_CHECKS[claim](fields[claim]));
}

function checkCommit(field: Field): void {
  const text = exactText(field);
  if (text !== undefined && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)) {
    field.problem(`is ${describe(text)}, which is not a commit: write its 40 (SHA-1) or 64 (SHA-256) lower-case hexadecimal digits`);
  }
}

/** A numeric id, as certificates hold it. */
export function checkId(field: Field): void {
  const text = exactText(field);
  if (text !== undefined && !/^[1-9][0-9]*$/.test(text)) {
    field.problem(`is ${describe(text)}, which is not a numeric id: write its digits as a text`);
  }
}

/** People put question marks and bars into titles; a star they do not. */
function checkDisplayName(field: Field): void {
  const text = field.text();
  if (text !== undefined && (/\*|^\^|\$$/.test(text) || text !== text.trim())) {
    field.problem(`is ${describe(text)}, which looks like a pattern or has spaces around it; it is compared byte for byte: write the exact name`);
  }
}

/** `Transparency`. */
function checkTransparency(field: Field, type: Attestor['type']): void {
  const fields = field.absent ? undefined : field.members([], ['log', 'timestamp', 'sct', 'reason', 'untimed']);
  if (fields === undefined) {
    return;
  }
  const [log, timestamp, sct] = [fields.log, fields.timestamp, fields.sct].map((demand) => demand.word(['required', 'notRequired']));
  if (type !== 'keyless' && sct === 'required') {
    fields.sct.problem(`is required of a ${type === 'key' ? 'key' : 'certificate of your own authority'}, but only keyless certificates have it: remove it`);
  }
  const isUntimed = type !== 'keyless' && log === 'notRequired' && (fields.timestamp.absent || timestamp === 'notRequired');
  checkUntimed(fields, type, isUntimed);
  if (!fields.reason.absent) {
    fields.reason.text();
  } else if ((log === 'notRequired' && !isUntimed) || (type === 'keyless' && sct === 'notRequired')) {
    fields.reason.problem('is missing, and the log or the SCT is not required: say why, for those who review this');
  }
  if (type === 'keyless' && log === 'notRequired' && timestamp !== 'required' && (fields.timestamp.absent || timestamp !== undefined)) {
    fields.timestamp.problem('is not required, nor is the log: then nothing says when the short-lived certificate was used; require it');
  }
}

/** Where nothing says when a signature was made, somebody must have accepted that, and nowhere else. */
function checkUntimed({ reason, untimed }: { readonly reason: Field; readonly untimed: Field }, type: Attestor['type'], isUntimed: boolean): void {
  if (untimed.absent) {
    if (isUntimed) {
      untimed.problem(`is missing: neither log nor timestamp is required, so that nothing trusted says when this ${type} signed, and whoever gets hold of its key can sign as if`
        + ' it had been long ago: require one of them, or write the reason and the owner of those who accept that');
    }
    return;
  }
  const fields = untimed.members(['reason', 'owner']);
  fields?.reason.text();
  fields?.owner.text();
  if (type === 'keyless') {
    untimed.problem('is for keys and certificates of your own authority: a keyless certificate lives for minutes and always needs a trusted time: remove it');
  } else if (!isUntimed) {
    untimed.problem('accepts that nothing says when a signature was made, but log or timestamp is required: remove it, or write that neither is');
  } else if (!reason.absent) {
    reason.problem('stands beside untimed, which has a reason of its own: remove it');
  }
}
