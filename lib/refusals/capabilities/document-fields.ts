import { isPlainObject } from '../../policy/canonical-json';
import { PolicyDocument } from '../../policy/document';
import { member } from '../../policy/problem';
import { DefinitionName } from './definitions';

/** A field that a document says something in. */
export interface DocumentField {
  readonly definition: DefinitionName;
  readonly field: string;
  /** For example `spec.attestors.release.issuer`; of a list or map of parts, that of each part. */
  readonly path: string;
  readonly value: unknown;
}

/** Every field that a valid document says something in, outermost first. */
export function documentFields(document: PolicyDocument): DocumentField[] {
  return fieldsOf(document.kind, '', document);
}

function fieldsOf(definition: DefinitionName, path: string, value: unknown): DocumentField[] {
  return Object.entries(isPlainObject(value) ? value : {}).flatMap(([field, inner]) => {
    const place = member(path, field);
    const part = PARTS[definition]?.[field];
    if (part === undefined) {
      return [{ definition, field, path: place, value: inner }];
    }
    return partsOf(part, place, inner).flatMap((one) => {
      const type = part.of(one.value);
      return [{ definition, field, ...one }, ...type === undefined ? [] : fieldsOf(type, one.path, one.value)];
    });
  });
}

/** What stands in a field that is made of fields itself. */
interface Part {
  /** Its type; `undefined` for a text in place of an object. */
  readonly of: (value: unknown) => DefinitionName | undefined;
  /** Whether it is one of several in a list or map. */
  readonly many?: 'list' | 'map';
}

function partsOf({ many }: Part, path: string, value: unknown): Array<{ readonly path: string; readonly value: unknown }> {
  if (many === 'list') {
    return (value as readonly unknown[]).map((one, index) => ({ path: `${path}[${index}]`, value: one }));
  }
  return many === 'map' ? Object.entries(value as object).map(([name, one]: [string, unknown]) => ({ path: member(path, name), value: one })) : [{ path, value }];
}

const one = (definition: DefinitionName): Part => ({ of: () => definition });
const typeOf = (value: unknown): unknown => (value as { readonly type?: unknown }).type;

const NAMESPACES: Part = {
  of: (value) => ('names' in (value as object) ? 'NamespacesByName' : 'labels' in (value as object) ? 'NamespacesByLabel' : 'NamespacesExcept'),
};

const ATTESTOR: Part = {
  many: 'map',
  of: (value) => {
    switch (typeOf(value)) {
      case 'keyless': return 'KeylessAttestor';
      case 'certificate': return 'CertificateAttestor';
      default: return 'keys' in (value as object) ? 'RotatedKeyAttestor' : 'KeyAttestor';
    }
  },
};

const CHECKS: Part = {
  of: (value) => {
    switch (typeOf(value)) {
      case 'sbom': return 'SbomChecks';
      case 'verification-summary': return 'VerificationSummaryChecks';
      case 'vulnerability-scan': return 'VulnerabilityScanChecks';
      default: return 'SlsaProvenanceChecks';
    }
  },
};

const TRANSPARENCY = one('Transparency');

const PARTS: { readonly [D in DefinitionName]?: { readonly [field: string]: Part } } = {
  ImagePolicy: { metadata: one('Metadata'), spec: one('ImagePolicySpec') },
  ImageExemption: { metadata: one('Metadata'), spec: one('ImageExemptionSpec') },
  ImageDenyList: { metadata: one('Metadata'), spec: one('ImageDenyListSpec') },
  ImagePolicySpec: {
    namespaces: NAMESPACES,
    action: { of: (value) => (typeOf(value) === 'Audit' ? 'AuditAction' : 'DenyAction') },
    attestors: ATTESTOR,
    requirements: { many: 'list', of: (value) => (typeOf(value) === 'signature' ? 'SignatureRequirement' : 'AttestationRequirement') },
  },
  ImageExemptionSpec: { namespaces: NAMESPACES },
  ImageDenyListSpec: { namespaces: NAMESPACES, signers: { many: 'list', of: () => 'DeniedSigner' } },
  KeylessAttestor: { subject: { of: (value) => (typeof value === 'string' ? undefined : 'WorkflowSubject') }, certificate: one('CertificateClaims'), transparency: TRANSPARENCY },
  KeyAttestor: { transparency: TRANSPARENCY },
  RotatedKeyAttestor: { keys: { many: 'list', of: () => 'RotatedKey' }, transparency: TRANSPARENCY },
  CertificateAttestor: { transparency: TRANSPARENCY },
  RotatedKey: { validFor: one('KeyPeriod') },
  DeniedSigner: { signed: one('KeyPeriod') },
  Transparency: { untimed: one('Acknowledgement') },
  AttestationRequirement: { checks: CHECKS, conditions: { many: 'list', of: () => 'PredicateCondition' } },
  VulnerabilityScanChecks: { ignored: { many: 'list', of: () => 'IgnoredVulnerability' } },
};
