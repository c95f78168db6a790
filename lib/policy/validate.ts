import { canonicalJson } from './canonical-json';
import { checkAttestor } from './check-attestor';
import { checkDenyList } from './check-deny-list';
import { checkDigest } from './check-digest';
import { checkRequirement, RequirementUse } from './check-requirement';
import { checkAccountability, checkAction, checkName, checkNamespaces } from './check-scope';
import { ImagePolicy, PolicyDocument } from './document';
import { parsed } from './exact';
import { describe, Field } from './field';
import { parseImagePattern } from './image-pattern';
import { impossibleProvenance } from './impossible-provenance';
import { impossibleAge } from './impossible-age';
import { impossibleTopLevel } from './impossible-top-level';
import { isLabelValue } from './label';
import { NormalAttestor, NormalPolicy } from './normal';
import { normalize } from './normalize';
import { plainData } from './plain-data';
import { DocumentError, element, Problem } from './problem';
import { parseRepositoryName } from './repository-name';

export { DocumentError } from './problem';
export type { Problem } from './problem';

/** More problems than anybody reads at once. */
const MAX_PROBLEMS = 100;

/** Every problem of an untyped value as a policy document, one per mistake; none for a document that can be enforced. */
export function validateDocument(value: unknown): Problem[] {
  return readDocument(value).problems;
}

/**
 * The document that an untyped value is, copied: later changes to the value do not reach it.
 *
 * @throws DocumentError with every problem
 */
export function parseDocument(value: unknown): PolicyDocument {
  const { document, problems } = readDocument(value);
  if (document === undefined) {
    throw new DocumentError(problems);
  }
  return document;
}

function readDocument(value: unknown): { document?: PolicyDocument; problems: Problem[] } {
  const { data, problems: unreadable } = plainData(value);
  if (data === undefined) {
    return { problems: [...unreadable] };
  }
  const found: Problem[] = [];
  checkDocument(new Field(data, '', found));
  const problems = [...unreadable, ...found.filter((problem) => !unreadable.some(({ path }) => path === problem.path))];
  if (problems.length > 0) {
    return { problems: shortened(problems) };
  }
  const document = data as unknown as PolicyDocument;
  const contradictions = document.kind === 'ImagePolicy' ? [...sharedParties(document), ...impossibleTopLevel(document), ...impossibleProvenance(document), ...impossibleAge(document)] : [];
  return contradictions.length > 0 ? { problems: contradictions } : { document, problems: [] };
}

function shortened(problems: readonly Problem[]): Problem[] {
  const rest = problems.length - MAX_PROBLEMS;
  return rest <= 0 ? [...problems] : [...problems.slice(0, MAX_PROBLEMS), { path: '', message: `has ${rest} more problems: correct these first` }];
}

function checkDocument(field: Field): void {
  const fields = field.members(['apiVersion', 'kind', 'metadata', 'spec']);
  const metadata = fields?.metadata.members(['name']);
  if (fields === undefined) {
    return;
  }
  fields.apiVersion.word(['proofgate.dev/v1']);
  if (metadata !== undefined) {
    checkName(metadata.name);
  }
  const kind = fields.kind.word(['ImagePolicy', 'ImageExemption', 'ImageDenyList']);
  if (kind === 'ImagePolicy') {
    checkPolicy(fields.spec);
  } else if (kind === 'ImageExemption') {
    checkExemption(fields.spec);
  } else if (kind === 'ImageDenyList') {
    checkDenyList(fields.spec);
  }
}

function checkPolicy(field: Field): void {
  const fields = field.members(['images', 'attestors', 'requirements'], ['namespaces', 'action', 'tags', 'sameBuild']);
  if (fields === undefined) {
    return;
  }
  fields.images.elements().forEach((image) => parsed(image, parseImagePattern));
  checkNamespaces(fields.namespaces);
  checkAction(fields.action);
  fields.tags.word(['pin', 'deny']);
  const attestors = fields.attestors.entries() ?? [];
  attestors.forEach(([name, attestor]) => checkAttestorName(name, attestor) && checkAttestor(attestor));
  const requirements = fields.requirements.elements().map((requirement) => [checkRequirement(requirement), requirement] as const);
  checkRequirementNames(requirements);
  checkUses(new Map(attestors), requirements.map(([use]) => use));
  checkSameBuild(fields.sameBuild, attestors, requirements.map(([, requirement]) => requirement));
}

/** Only certificates name a build, and one signature has only one. */
function checkSameBuild(field: Field, attestors: readonly (readonly [string, Field])[], requirements: readonly Field[]): void {
  if (field.word(['commit', 'run']) === undefined) {
    return;
  }
  const nameless = attestors.find(([, attestor]) => attestor.at('type').value !== 'keyless');
  if (nameless !== undefined) {
    field.problem(`needs keyless attestors, since only their certificates name a build, and ${describe(nameless[0])} is none: make it one, or move what it vouches for to a policy of its own`);
  }
  if (requirements.length === 1 && !(Number(requirements[0]?.at('threshold').value) > 1)) {
    field.problem('has nothing to hold together: one signature is always of one build; add a requirement or remove it');
  }
}

/** Attestor names become keys of objects in every program that reads the document. */
function checkAttestorName(name: string, field: Field): boolean {
  if (name === '' || !isLabelValue(name) || name in Object.prototype) {
    field.problem(`has the name ${describe(name)}: use up to 63 letters, digits and inner "-", "_" and ".", and no name of JavaScript's own`);
    return false;
  }
  return true;
}

function checkRequirementNames(requirements: readonly (readonly [RequirementUse, Field])[]): void {
  const seen = new Map<string, string>();
  for (const [{ name }, field] of requirements) {
    const first = name === undefined ? undefined : seen.get(name);
    if (name !== undefined && first !== undefined) {
      field.at('name').problem(`is ${describe(name)}, as ${first} is: give each requirement its own name`);
    } else if (name !== undefined) {
      seen.set(name, field.path);
    }
  }
}

function checkUses(attestors: ReadonlyMap<string, Field>, requirements: readonly RequirementUse[]): void {
  const voters = requirements.flatMap((requirement) => requirement.attestors ?? []);
  const unknown = voters.filter(([name]) => !attestors.has(name));
  for (const [name, voter] of unknown) {
    voter.problem(`is ${describe(name)}, which no attestor is called: declare it under spec.attestors, or correct the name`);
  }
  // A misspelt or unreadable use leaves an attestor over, which is the same mistake once more.
  if (unknown.length > 0 || requirements.length === 0 || requirements.some((requirement) => requirement.attestors === undefined)) {
    return;
  }
  const used = new Set(voters.map(([name]) => name));
  for (const [name, field] of attestors) {
    if (!used.has(name)) {
      field.problem('is used by no requirement, so its word counts for nothing: name it in a requirement or remove it');
    }
  }
}

function checkExemption(field: Field): void {
  const fields = field.members(['image', 'digests', 'reason', 'owner', 'until'], ['namespaces']);
  if (fields === undefined) {
    return;
  }
  if (typeof fields.image.value === 'string' && fields.image.value.includes('*')) {
    fields.image.problem(`is ${describe(fields.image.value)}; an exemption is for one repository: write it out, without wildcards`);
  } else if (typeof fields.image.value === 'string' && /@|:[^/]*$/.test(fields.image.value)) {
    fields.image.problem(`is ${describe(fields.image.value)}, which names a tag or digest: remove it; what is exempted are the digests in digests`);
  } else {
    parsed(fields.image, parseRepositoryName);
  }
  fields.digests.elements().forEach((digest) => checkDigest(digest, 'an image'));
  checkNamespaces(fields.namespaces);
  checkAccountability(fields);
}

/** Several parties are counted as several only if they are: two names for one key or identity are one party. */
function sharedParties(document: ImagePolicy): Problem[] {
  const { attestors } = normalize(document) as NormalPolicy;
  return document.spec.requirements.flatMap((requirement, index) => {
    const parties = new Map<string, string>();
    return requirement.attestors.flatMap((name, position): Problem[] => {
      const names = namesOfParty(attestors[name] as NormalAttestor);
      const other = names.map((party) => parties.get(party)).find((known) => known !== undefined);
      names.forEach((party) => parties.set(party, other ?? name));
      return other === undefined || (requirement.threshold ?? 1) < 2 ? [] : [{
        path: `${element(element('spec.requirements', index) + '.attestors', position)}`,
        message: `is "${name}", the same party as "${other}", and ${requirement.threshold} different ones are required: name another party`,
      }];
    });
  });
}

/** Whoever shares one of these is the same party. */
function namesOfParty(attestor: NormalAttestor): string[] {
  switch (attestor.type) {
    case 'key': return attestor.keys.map(({ publicKey }) => publicKey);
    // Whoever issued it: the same name twice is hardly two parties.
    case 'certificate': return [canonicalJson({ certificate: attestor.subject })];
    case 'keyless': return [canonicalJson({ issuer: attestor.issuer, subject: attestor.subject, certificate: attestor.certificate })];
  }
}
