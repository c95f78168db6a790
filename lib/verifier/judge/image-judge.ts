import { enforcedIn, refusalBinds } from '../../decide/binds';
import { UNREAD } from '../../decide/content';
import { decide, imageOf } from '../../decide/decide';
import { denyListsIn } from '../../decide/deny-list';
import { EvidenceReport, EvidenceUnavailable } from '../../decide/evidence';
import { KnownImage, looksInside } from '../../decide/multi-platform';
import { JudgePlan, Plan, plan } from '../../decide/plan';
import { goesByNewest } from '../../decide/predicate-checks';
import { Reason } from '../../decide/reason';
import { Verdict } from '../../decide/verdict';
import { ImageReference, ImageReferenceError, parseReference } from '../../kubernetes/reference';
import { NamespaceContext, NormalPolicy, PolicySet } from '../../policy/normal';
import { onBehalfOf } from '../deadline';
import { Deadline, Reader, Readers } from '../ports';
import { rootsOf, Trust, TrustSnapshot } from '../trust/trust';
import { answerOf, EvidenceSource, EvidenceSourceParts, Subject } from './evidence-source';
import { GatheredImage, Part } from './gathered-image';
import { askInTurn, placesOf } from './places';
import { VerdictCache } from './verdict-cache';
import { WaitingRoom } from '../waiting-room';

/** One question: may this image run in this namespace? */
export interface ImageQuestion {
  /** As it stands in the object. */
  readonly reference: string;
  readonly namespace: NamespaceContext;
  /**
   * What a tag means here: `resolve` judges what it points to now (templates, command line), `refuse` answers
   * TAG_NOT_PINNED without contacting anybody (Pods, where the kubelet would pull it).
   */
  readonly tags: 'resolve' | 'refuse';
  /** `enforced`: only policies that refuse, for answers that must not depend on what is merely observed; `all`: also those in an open audit window. */
  readonly policies: 'enforced' | 'all';
  /** Names of the Secrets that the object is pulled with. @default - none */
  readonly pullSecrets?: readonly string[];
  /** Whether an allow may be remembered; a dry run leaves no trace. */
  readonly remember: boolean;
}

/** Where an image is meant to run, and what it is pulled with. */
export type Workload = Pick<ImageQuestion, 'namespace' | 'pullSecrets'>;

export interface ImageAnswer {
  readonly verdict: Verdict;
  /** Where the answer came from. */
  readonly source: 'memory' | 'evidence' | 'policy';
}

export interface ImageJudgeParts extends EvidenceSourceParts {
  readonly readers: Readers;
  readonly set: PolicySet;
  readonly trust: Trust;
  readonly cache: VerdictCache;
  /** Where questions wait that neither policies nor memory answer. */
  readonly room: WaitingRoom;
  /** The wall clock, in milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Answers questions about images under one policy set: the only way from a reference to a verdict, for the webhook and
 * the command line alike.
 *
 * Never throws for anything that a request, a registry or a piece of evidence contains; what cannot be known is refused.
 */
export class ImageJudge {
  private readonly source: EvidenceSource;

  constructor(private readonly parts: ImageJudgeParts) {
    this.source = new EvidenceSource(parts);
  }

  get policyDigest(): string {
    return this.parts.set.digest;
  }

  /** Whether a refusal counts for the entry that serves audit windows. */
  refusalBinds(namespace: NamespaceContext): boolean {
    return refusalBinds(this.parts.set, namespace, this.parts.now());
  }

  /** Whether the entries that fail closed are called for a namespace, as far as the verifier knows. */
  enforcedIn(namespace: NamespaceContext): boolean {
    return enforcedIn(this.parts.set, namespace, this.parts.now());
  }

  /** @param deadline - of the review: whatever is asked under the same one waits in one place */
  async judge(question: ImageQuestion, deadline: Deadline): Promise<ImageAnswer> {
    let reference: ImageReference;
    try {
      reference = parseReference(question.reference);
    } catch (error) {
      return this.refuseUnparsed(question, error);
    }
    const known = this.plan(reference, reference.digest, question.namespace);
    if (!this.needsRegistry(known, reference, question)) {
      return this.answer(question, reference, reference.digest ?? '', NOTHING_FETCHED, 'policy');
    }
    if (reference.digest === undefined && question.tags === 'refuse') {
      if (known.type === 'unmatched' && known.observer === undefined) {
        return this.refuse(imageOf(reference, ''), {
          code: 'TAG_NOT_PINNED', message: `an exemption names digests of ${reference.name}, and ${TAG_IN_POD.message}`,
        });
      }
      return this.answer(question, reference, '', { evidence: TAG_IN_POD, content: UNREAD }, 'policy');
    }
    try {
      return await this.lend(reference, question, deadline, (reader) => this.judgeAs(reader, question, reference, known, deadline));
    } catch (error) {
      return this.answer(question, reference, reference.digest ?? '', { evidence: this.source.unavailable(error, reference), content: UNREAD }, 'evidence');
    }
  }

  /**
   * The digest that a tag of a covered image points to now; `undefined` where there is nothing to pin.
   *
   * Contacts only registries of images that a policy or exemption names.
   *
   * @throws VerifierError when the registry does not say
   */
  async pin(text: string, workload: Workload, deadline: Deadline): Promise<string | undefined> {
    let reference: ImageReference;
    try {
      reference = parseReference(text);
    } catch (error) {
      if (error instanceof ImageReferenceError) {
        return undefined;
      }
      throw error;
    }
    if (reference.digest !== undefined) {
      return undefined;
    }
    const known = this.plan(reference, undefined, workload.namespace);
    const covered = known.type === 'judge' ? known.tags === 'pin' : known.type === 'unmatched' && this.isExempted(reference.name);
    if (!covered) {
      return undefined;
    }
    return this.lend(reference, workload, deadline, (reader) => this.resolveAnywhere(reader, workload, reference, deadline));
  }

  private lend<T>(reference: ImageReference, { namespace, pullSecrets = [] }: Workload, deadline: Deadline, work: (reader: Reader) => Promise<T>): Promise<T> {
    return this.parts.readers.lend(reference, { namespace: namespace.name, secrets: pullSecrets }, deadline, work);
  }

  private async judgeAs(reader: Reader, question: ImageQuestion, reference: ImageReference, known: Plan, deadline: Deadline): Promise<ImageAnswer> {
    if (reference.digest !== undefined) {
      return this.judgeDigest(reader, question, reference, reference.digest, known, deadline);
    }
    const digest = await this.resolve(reader, question, reference, deadline);
    return typeof digest === 'string'
      ? this.judgeDigest(reader, question, reference, digest, this.plan(reference, digest, question.namespace), deadline)
      : this.answer(question, reference, '', { evidence: digest, content: UNREAD }, 'evidence');
  }

  private async judgeDigest(reader: Reader, question: ImageQuestion, reference: ImageReference, digest: string, known: Plan, deadline: Deadline): Promise<ImageAnswer> {
    if (known.type !== 'judge' || this.wanted(known, question).length === 0) {
      return this.answer(question, reference, digest, NOTHING_FETCHED, 'policy');
    }
    const remembered = this.remembered(this.cacheKey(reader, reference, digest, known, question, this.parts.trust.current()), reference, digest);
    if (remembered !== undefined) {
      return remembered;
    }
    try {
      return await this.parts.room.wait({ review: deadline, namespace: question.namespace.name }, reference.registry, `${reference.name}@${digest}`, () =>
        this.judgeByEvidence(reader, question, reference, digest, known, deadline));
    } catch (error) {
      return this.answer(question, reference, digest, { evidence: this.source.unavailable(error, reference), content: UNREAD }, 'evidence');
    }
  }

  private remembered(key: string, reference: ImageReference, digest: string): ImageAnswer | undefined {
    const verdict = this.parts.cache.tryGet(key);
    // Remembered for the digest, whichever tag led to it.
    return verdict && { verdict: { ...verdict, image: imageOf(reference, digest) }, source: 'memory' };
  }

  private async judgeByEvidence(reader: Reader, question: ImageQuestion, reference: ImageReference, digest: string, known: JudgePlan, deadline: Deadline): Promise<ImageAnswer> {
    await this.parts.trust.settle(rootsOf(known.attestors), deadline);
    const trust = this.parts.trust.current();
    const key = this.cacheKey(reader, reference, digest, known, question, trust);
    // Found out by others meanwhile, or under the roots that were waited for.
    const remembered = this.remembered(key, reference, digest);
    if (remembered !== undefined) {
      return remembered;
    }
    const answer = await this.weigh(reader, question, reference, digest, known, trust, onBehalfOf(question.namespace.name, deadline));
    if (question.remember && isSettled(answer)) {
      this.parts.cache.put(key, answer.verdict);
    }
    return answer;
  }

  /**
   * Judges by the evidence of one place after another, in each that of older layouts last, until nothing is open. More evidence turns an allow
   * into a refusal only where the newest of several statements decides; there all of it is looked at.
   *
   * What an index holds is looked at where a policy wants it: at once, or last, where the index itself did not do. Where all of it does not suffice and a
   * place did not answer, the question is open: what could not be learned is not the same as nothing there.
   */
  private async weigh(
    reader: Reader, question: ImageQuestion, reference: ImageReference, digest: string, known: JudgePlan, trust: TrustSnapshot, deadline: Deadline,
  ): Promise<ImageAnswer> {
    const wanted = this.wanted(known, question);
    const inside = wanted.flatMap(({ requirements }) => requirements.map(looksInside));
    const needsAll = wanted.some(hasNewest);
    const image = new GatheredImage(missingRoots(wanted, trust));
    const subject = { reader, reference, digest, attestors: known.attestors, trust };
    const judge = (as: KnownImage): ImageAnswer => this.answer(question, reference, digest, as, 'evidence');
    let answer = judge(image.found);
    const isEnough = (): boolean => isSettled(answer = judge(image.found)) && !needsAll;
    const gather = (parts: readonly Part[]): Promise<boolean> => this.gatherUntil(isEnough, image, parts, subject, deadline);
    if (inside.includes('always')) {
      image.standsFor(await this.source.contentOf(subject, deadline));
    }
    const isNamedWanted = !image.isIndex || inside.some((when) => when !== 'always');
    let isDone = await gather([...isNamedWanted ? ['named'] as const : [], ...image.isIndex ? ['below'] as const : []]);
    if (image.isUnread && inside.includes('otherwise') && !isSettled(answer)) {
      image.standsFor(await this.source.contentOf(subject, deadline));
      isDone = await gather(image.isIndex ? ['below'] : []);
    }
    const unknown = isDone ? undefined : image.open && judge(image.open);
    // Nobody can attest a digest that is mistyped. What a tag led to is there.
    if (!isSettled(answer) && !isDone && unknown === undefined && image.isBare && reference.digest !== undefined) {
      const evidence = await this.source.notFound(subject, deadline);
      return evidence === undefined ? answer : judge({ evidence, content: UNREAD });
    }
    // What is allowed by now stays allowed; it is only warned of what a policy in its audit window would refuse.
    return unknown === undefined || (answer.verdict.allowed && !unknown.verdict.allowed && !known.policies.some(hasNewest)) ? answer : unknown;
  }

  /** Asks one place after another about parts of an image; a place that keeps silent about one is asked no more about that. @returns whether it is enough */
  private async gatherUntil(isEnough: () => boolean, image: GatheredImage, parts: readonly Part[], subject: Subject, deadline: Deadline): Promise<boolean> {
    for (const place of placesOf(subject.reader.registry, subject.reference, deadline)) {
      const open = new Set(parts);
      for (const from of ['bundles', 'olderLayout'] as const) {
        const asked = [...open];
        const reports = await Promise.all(asked.map((part) => this.source.gather(place, from, subject, part === 'named' ? undefined : image.images)));
        asked.filter((part, index) => image.add(part, reports[index] ?? []) === 'silent').forEach((part) => open.delete(part));
        if (isEnough()) {
          return true;
        }
      }
    }
    return false;
  }

  /** @throws VerifierError */
  private resolveAnywhere({ registry }: Reader, { namespace }: Workload, reference: ImageReference, deadline: Deadline): Promise<string> {
    const asker = { review: deadline, namespace: namespace.name };
    const tagged = `${reference.name}:${reference.tag ?? 'latest'}`;
    return this.parts.room.wait(asker, reference.registry, tagged, () => askInTurn(placesOf(registry, reference, onBehalfOf(namespace.name, deadline)), (at, time) =>
      this.parts.gate.pass(at.registry, time, () => answerOf(at, time, registry.resolve(at, time)))));
  }

  private async resolve(reader: Reader, workload: Workload, reference: ImageReference, deadline: Deadline): Promise<string | EvidenceUnavailable> {
    try {
      return await this.resolveAnywhere(reader, workload, reference, deadline);
    } catch (error) {
      return this.source.unavailable(error, reference);
    }
  }

  /**
   * What an allow depends on: with whose rights it was found out, the digest in its repository, the policies applied, the deny lists that hold and
   * the content of the trust roots.
   */
  private cacheKey({ rights }: Reader, reference: ImageReference, digest: string, known: JudgePlan, question: ImageQuestion, trust: TrustSnapshot): string {
    const { set } = this.parts;
    const names = (documents: readonly { readonly name: string }[]): string => documents.map(({ name }) => name).join(',');
    const written = reference.digest === undefined ? 'tag' : 'digest';
    const applied = [known.policies, known.audited, denyListsIn(set, question.namespace)].map(names);
    return [rights, set.digest, trust.digest, reference.name, digest, written, question.policies, ...applied].join('\n');
  }

  private plan(reference: ImageReference, digest: string | undefined, namespace: NamespaceContext): Plan {
    return plan({ set: this.parts.set, name: reference.name, ...(digest === undefined ? {} : { digest }), namespace, now: this.parts.now() });
  }

  /** A tag of an exempted repository has to be resolved even where no policy matches: the exemption speaks of digests. */
  private needsRegistry(known: Plan, reference: ImageReference, question: ImageQuestion): boolean {
    if (known.type === 'judge') {
      return this.wanted(known, question).length > 0;
    }
    return known.type === 'unmatched' && reference.digest === undefined && this.isExempted(reference.name);
  }

  private wanted(known: JudgePlan, question: ImageQuestion): readonly NormalPolicy[] {
    return question.policies === 'all' ? [...known.policies, ...known.audited] : known.policies;
  }

  private isExempted(name: string): boolean {
    return this.parts.set.exemptions.some((exemption) => exemption.image === name);
  }

  private answer(
    question: ImageQuestion, reference: ImageReference, digest: string, image: KnownImage, source: ImageAnswer['source'],
  ): ImageAnswer {
    const verdict = decide({ set: this.parts.set, reference, digest, namespace: question.namespace, ...image, now: this.parts.now() });
    return { verdict: question.policies === 'all' ? verdict : { ...verdict, warnings: [] }, source };
  }

  private refuseUnparsed(question: ImageQuestion, error: unknown): ImageAnswer {
    if (!(error instanceof ImageReferenceError)) {
      throw error;
    }
    return this.refuse(printable(question.reference), { code: error.code, message: error.message });
  }

  private refuse(image: string, reason: Reason): ImageAnswer {
    return { source: 'policy', verdict: { allowed: false, image, policies: [], reasons: [reason], proof: [], warnings: [], policyDigest: this.policyDigest } };
  }
}

/** Roots that cannot be used now leave open what somebody under them would say, like a place that does not answer. */
function missingRoots(policies: readonly NormalPolicy[], { missing }: TrustSnapshot): EvidenceUnavailable[] {
  return rootsOf(policies.flatMap(({ attestors }) => Object.values(attestors))).flatMap((name) => {
    const why = missing.get(name);
    return why === undefined ? [] : [{ status: 'unavailable', code: 'TRUST_ROOT_UNAVAILABLE', message: `trust root ${name}: ${why}` }];
  });
}

/** Whether a further statement may turn an allow of this policy into a refusal. */
function hasNewest({ requirements }: NormalPolicy): boolean {
  return requirements.some(goesByNewest);
}

/** Nothing is left that more evidence could change, but where the newest of several statements decides. */
function isSettled({ verdict }: ImageAnswer): boolean {
  return verdict.allowed && verdict.warnings.length === 0;
}

const NOTHING_FETCHED: KnownImage = { evidence: { status: 'found', pieces: [] }, content: UNREAD };

const TAG_IN_POD = {
  status: 'unavailable',
  code: 'TAG_NOT_PINNED',
  message: 'the image is named by a tag and was not pinned to a digest; the pinning webhook may not have been able to ask the registry, which its warning and the log then say',
} as const satisfies EvidenceReport;

/** A reference that did not parse is shown without anything that could disturb a terminal or a log, and not at full length. */
function printable(text: string): string {
  const shown = text.slice(0, 256).replace(/[^\x20-\x7e]/g, '\uFFFD');
  return text.length > 256 ? `${shown}…` : shown;
}
