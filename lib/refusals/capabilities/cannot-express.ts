import { PolicyDocument } from '../../policy/document';
import { Capability } from './capability';
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
    path: field.path,
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

/** How people call what stands in a field. */
function titleOf({ definition, field, path, value }: DocumentField): string {
  if (definition === 'ImagePolicySpec' && field === 'requirements') {
    const { name, type } = value as { readonly name: string; readonly type: string };
    return `The ${type} requirement "${name}"`;
  }
  return `"${field}" (${path})`;
}
