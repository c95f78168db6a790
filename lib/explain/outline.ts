import { compare } from '../policy/canonical-order';
import { PolicyDocument } from '../policy/document';
import { NormalDenyList, NormalExemption, NormalPolicy } from '../policy/normal';
import { policySet } from '../policy/policy-set';
import { attestorLines } from './attestor';
import { requirementLines } from './requirement';
import { selected } from './scope';
import { allOf, block, Fact, pairs, word } from './words';

/**
 * What documents demand, as text for people and for snapshots: who must sign what, where, what happens otherwise, and until when anything is relaxed.
 *
 * Everything that changes what a document means changes its outline, and nothing else does: neither spelling, nor order, nor the day on which it
 * is made. The documents must be valid.
 *
 * @throws DocumentError when two documents of one kind have the same name
 */
export function outlineOf(documents: readonly PolicyDocument[]): string {
  const { policies, exemptions, denyLists } = policySet(documents);
  return [...policies.map(policyBlock), ...others(policies), ...exemptions.map(exemptionBlock), ...denyLists.map(denyListBlock)].join('\n');
}

/**
 * The same for documents that the API server enforces by name alone, with what it closes for them: the namespaces of an exemption to whatever none exempts,
 * and those of a deny list to tags.
 *
 * @throws DocumentError when two documents of one kind have the same name
 */
export function outlineByName(documents: readonly PolicyDocument[]): string {
  const { exemptions, denyLists } = policySet(documents);
  const closed = (heading: string, holding: ReadonlyArray<NormalExemption | NormalDenyList>, what: string): string[] => {
    const where = [...new Set(holding.map(({ namespaces }) => selected(namespaces)))].sort(compare);
    return where.length === 0 ? [] : [block(heading, where.map((one): Fact => ['refused', `in ${one}, ${what}`]))];
  };
  return [
    outlineOf(documents),
    ...closed('images of no exemption', exemptions, 'and every tag'),
    ...closed('tags', denyLists, 'since nobody looks up what they point to'),
  ].join('\n');
}

function policyBlock({ name, images, namespaces, action, tags, attestors, requirements, sameBuild }: NormalPolicy): string {
  return block(`policy ${name}`, [
    ['images', allOf(images)],
    ['namespaces', selected(namespaces)],
    ...requirements.flatMap((requirement) => fact(`needs ${requirement.name}`, requirementLines(requirement))),
    ...Object.entries(attestors).flatMap(([attestor, who]) => fact(`by ${attestor}`, attestorLines(who))),
    ...(sameBuild === undefined ? [] : [['all of it', `signed by one ${sameBuild}`] as const]),
    ...(tags === 'pin' ? [] : [['tags', 'refused'] as const]),
    ['otherwise', action.type === 'Deny' ? 'refused, also when nobody answers' : `admitted with a warning until ${action.until}, then refused (${relaxed(action)})`],
  ]);
}

/** A namespace that any policy covers lets nothing run that no policy names. */
function others(policies: readonly NormalPolicy[]): string[] {
  const facts = policies.map(({ action, namespaces }): Fact => (action.type === 'Deny'
    ? ['refused', `in ${selected(namespaces)}`]
    : ['warned of', `in ${selected(namespaces)} until ${action.until}, unless refused there`]));
  const distinct = [...new Map(facts.map((said) => [said.join(), said])).values()].sort(([a, b], [c, d]) => compare(`${a} ${b}`, `${c} ${d}`));
  return distinct.length === 0 ? [] : [block('images of no policy', distinct)];
}

function exemptionBlock({ name, image, digests, namespaces, until, ...why }: NormalExemption): string {
  return block(`exemption ${name}`, [
    ['image', word(image)],
    ...fact('digests', digests),
    ['namespaces', selected(namespaces)],
    ['runs', `without proof until ${until} (${relaxed(why)})`],
  ]);
}

function denyListBlock({ name, digests, signers, certificates, keys, namespaces, ...why }: NormalDenyList): string {
  const listed = signers.map(({ subject, issuer, from, until }) => [
    word(subject), issuer === undefined ? 'of any issuer' : `of ${word(issuer)}`, ...(from === undefined ? [] : [`signing from ${from}`]), ...(until === undefined ? [] : [`signing until ${until}`]),
  ].join(' '));
  const lists: ReadonlyArray<readonly [string, readonly string[]]> = [['images', digests], ['signers', listed], ['certificates', certificates], ['keys', keys]];
  return block(`deny list ${name}`, [...lists.flatMap(([what, texts]) => fact(what, texts)), ['namespaces', selected(namespaces)], ['denied', `whatever vouches for it (${relaxed(why)})`]]);
}

/** What is said of a subject; where nothing is, it is left out. */
function fact(subject: string, [first, ...more]: readonly string[]): Fact[] {
  return first === undefined ? [] : [[subject, first, ...more]];
}

function relaxed({ reason, owner }: { readonly reason: string; readonly owner: string }): string {
  return pairs({ owner, reason });
}
