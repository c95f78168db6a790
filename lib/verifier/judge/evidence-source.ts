import { ImageContent } from '../../decide/content';
import { PlatformImage } from '../../decide/platform-image';
import { EvidenceReport, EvidenceUnavailable } from '../../decide/evidence';
import { ImageReference } from '../../kubernetes/reference';
import { canonicalJson } from '../../policy/canonical-json';
import { NormalAttestor } from '../../policy/normal';
import { Gate } from '../gate';
import { inParallel } from '../in-parallel';
import { Deadline, Reader, VerifierError } from '../ports';
import { SingleFlight } from '../single-flight';
import { TrustSnapshot } from '../trust/trust';
import { EvidenceRoom } from './evidence-room';
import { askInTurn, Place, placesOf } from './places';

export interface EvidenceSourceParts {
  readonly gate: Gate;
  /** Milliseconds that gathering the evidence of one image is given. */
  readonly budget: number;
  /** Told of errors that are nobody's answer: mistakes of the verifier itself. */
  readonly unexpected: (error: unknown) => void;
}

/** An image, and who may vouch for it. */
export interface Subject {
  /** With whose rights it is read; what they find out is for nobody else. */
  readonly reader: Reader;
  readonly reference: ImageReference;
  readonly digest: string;
  readonly attestors: readonly NormalAttestor[];
  /** What they are held to. */
  readonly trust: TrustSnapshot;
}

/** Images below an index whose evidence is read at the same time. */
const AT_ONCE = 4;

/** Asks registries and cryptography, once for all who ask the same at the same time; whatever goes wrong is an answer. */
export class EvidenceSource {
  private readonly reports: SingleFlight<readonly EvidenceReport[]>;
  private readonly contents: SingleFlight<ImageContent>;
  private readonly finds: SingleFlight<void>;

  constructor(private readonly parts: EvidenceSourceParts) {
    this.reports = new SingleFlight(parts.budget);
    this.contents = new SingleFlight(parts.budget);
    this.finds = new SingleFlight(parts.budget);
  }

  /** The evidence of the named digest or, where some are given, of images below it, in their order; or why there is none. */
  async gather(
    place: Place, from: 'bundles' | 'olderLayout', { reader: { registry, rights }, reference, digest, attestors, trust }: Subject, below: readonly PlatformImage[] | undefined,
  ): Promise<readonly EvidenceReport[]> {
    const { gate } = this.parts;
    // Of evidence by others than these, no more is learned than a refusal needs.
    const under = [rights, trust.digest, ...attestors.map((attestor) => canonicalJson(attestor)).sort()].join('\n');
    const digests = below?.map((child) => child.digest) ?? [digest];
    try {
      return await place.ask((at, time) => this.reports.run(`${from} ${below === undefined ? 'of' : 'below'} ${at.name}@${digest}\n${under}`, time, (budget, awaits) => {
        const room = below && new EvidenceRoom();
        let asked = 0;
        const ask = (of: string): Promise<EvidenceReport> => {
          asked += 1;
          awaits(noAnswer(at));
          return registry[from](at, of, budget, (bundles) => {
            asked -= 1;
            awaits(asked > 0 ? noAnswer(at) : undefined);
            room?.take(bundles);
            return trust.evidence.verify(bundles, of, attestors, budget);
          });
        };
        return inParallel(digests, AT_ONCE, (of) => gate.pass(at.registry, budget, () => ask(of)));
      }));
    } catch (error) {
      return [this.unavailable(error, reference)];
    }
  }

  /** What a digest stands for. */
  async contentOf(subject: Subject, deadline: Deadline): Promise<ImageContent> {
    try {
      return await this.askAnywhere(this.contents, subject, deadline, async (at, budget) => {
        const content = await subject.reader.registry.images(at, subject.digest, budget);
        return content.type === 'one' ? { status: 'manifest' } : { status: 'index', children: content.images.map((image) => ({ ...image, pieces: [] })) };
      });
    } catch (error) {
      return this.unavailable(error, subject.reference);
    }
  }

  /** IMAGE_NOT_FOUND where every place says that there is no such digest; `undefined` where one has it, or does not say. */
  async notFound(subject: Subject, deadline: Deadline): Promise<EvidenceUnavailable | undefined> {
    try {
      await this.askAnywhere(this.finds, subject, deadline, (at, budget) => subject.reader.registry.find(at, subject.digest, budget));
      return undefined;
    } catch (error) {
      const why = this.unavailable(error, subject.reference);
      return why.code === 'IMAGE_NOT_FOUND' ? why : undefined;
    }
  }

  /** Asks one place after another about a digest. @throws VerifierError */
  private askAnywhere<T>(
    flights: SingleFlight<T>, { reader: { registry, rights }, reference, digest }: Subject, deadline: Deadline,
    ask: (at: ImageReference, budget: Deadline) => Promise<T>,
  ): Promise<T> {
    return askInTurn(placesOf(registry, reference, deadline), (at, time) => flights.run(`${at.name}@${digest}\n${rights}`, time, (budget, awaits) =>
      this.parts.gate.pass(at.registry, budget, () => {
        awaits(noAnswer(at));
        return ask(at, budget);
      })));
  }

  unavailable(error: unknown, reference: ImageReference): EvidenceUnavailable {
    if (error instanceof VerifierError) {
      return { status: 'unavailable', code: error.code, message: error.message };
    }
    this.parts.unexpected(error);
    return { status: 'unavailable', code: 'INTERNAL', message: `gathering the evidence of ${reference.name} failed unexpectedly; the log says how` };
  }
}

/** What a user is told when time ended while a registry was waited for: it is the registry that has to be looked at. */
function noAnswer({ registry }: ImageReference): VerifierError {
  return new VerifierError('REGISTRY_UNAVAILABLE', `${registry} did not answer in time`);
}

/** What a registry answers; where time is over before, it is the registry's silence, unless memory was waited for at that moment. */
export async function answerOf<T>(at: ImageReference, time: Deadline, answer: Promise<T>): Promise<T> {
  let isOurs = false;
  const forget = time.whenOver(() => {
    isOurs = time.askers?.standInLine === true;
  });
  try {
    return await answer;
  } catch (error) {
    throw error instanceof VerifierError && error.code === 'DEADLINE' && !isOurs ? noAnswer(at) : error;
  } finally {
    forget();
  }
}
