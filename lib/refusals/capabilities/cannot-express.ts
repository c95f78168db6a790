import { PolicyDocument } from '../../policy/document';
import { Capability } from './capability';
import { DefinitionName } from './definitions';
import { DocumentField, documentFields } from './document-fields';
import { EngineId, ENGINES } from './engines';

/** Something in a document that an engine would have to leave out. */
export interface Inexpressible {
  /** Field of the document, for example `spec.requirements[0]`. */
  readonly path: string;
  /** What it is and why the engine cannot, as a clause. */
  readonly message: string;
  /** The engines that can express the whole document, not this alone; possibly none, of another version of the document. */
  readonly engines: readonly EngineId[];
}

/** What of a valid document an engine cannot express; empty when it renders all of it. Each reason is given once, for the first requirement that meets it. */
export function cannotExpress(engine: EngineId, document: PolicyDocument): Inexpressible[] {
  const fields = documentFields(document);
  const found = fields.flatMap((field) => {
    const reason = reasonAgainst(engine, field, document);
    return reason === undefined ? [] : [{ field, reason }];
  });
  // Requirements are what policies are about; what they name comes after them.
  const ordered = [...found.filter(({ field }) => isRequirement(field)), ...found.filter(({ field }) => !isRequirement(field))];
  const first = ordered.filter(({ reason }, index) => ordered.findIndex((other) => other.reason === reason) === index);
  const able = (Object.keys(ENGINES) as EngineId[]).filter((other) => fields.every((part) => reasonAgainst(other, part, document) === undefined));
  return first.map(({ field, reason }) => ({
    path: wholeOf(field) === undefined ? field.path : field.path.replace(/(?:^|(?:\.checks)?\.)(?:type|apiVersion|kind|metadata|spec)$/, ''),
    message: `${titleOf(field)} cannot be expressed by ${ENGINES[engine].construct}: ${reason}`,
    engines: able,
  }));
}

function reasonAgainst(engine: EngineId, { definition, field, value }: DocumentField, document: PolicyDocument): string | undefined {
  const capability = (ENGINES[engine].capabilities[definition] as { readonly [name: string]: Capability })[field];
  switch (capability?.type) {
    case 'rendered': return undefined;
    case 'limited': return capability.takes(value, document) ? undefined : capability.reason;
    case 'refused': return capability.reason;
    case undefined: return `it does not know ${definition}.${field}`;
  }
}

function isRequirement({ path }: DocumentField): boolean {
  return path.startsWith('spec.requirements[');
}

/** What programs call the definitions that they do not write field by field. */
const WHOLES: { readonly [D in DefinitionName]?: string } = {
  ImageExemption: 'An Exemption',
  ImageDenyList: 'A DenyList',
  AuditAction: 'An AuditWindow',
  KeylessAttestor: 'A KeylessAttestor',
  KeyAttestor: 'A KeyAttestor',
  RotatedKeyAttestor: 'A KeyAttestor with `keys`',
  CertificateAttestor: 'A CertificateAttestor',
  SlsaProvenanceChecks: 'An SlsaProvenanceRequirement',
  VerificationSummaryChecks: 'A VerificationSummaryRequirement',
  SbomChecks: 'An SbomRequirement',
  VulnerabilityScanChecks: 'A VulnerabilityScanRequirement',
};

/** What a field stands for that a program has no property for: all of what it is a field of. */
function wholeOf({ definition, field }: DocumentField): string | undefined {
  return field === 'type' || definition === 'ImageExemption' || definition === 'ImageDenyList' ? WHOLES[definition] : undefined;
}

/** How people call what stands in a field. */
function titleOf(found: DocumentField): string {
  const { definition, field, path, value } = found;
  if (definition === 'ImagePolicySpec' && field === 'requirements') {
    const { name, type } = value as { readonly name: string; readonly type: string };
    return `The ${type} requirement "${name}"`;
  }
  return wholeOf(found) ?? `"${field}" (${path})`;
}
