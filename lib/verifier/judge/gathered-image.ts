import { ChildImage, ImageContent, UNREAD } from '../../decide/content';
import { PlatformImage } from '../../decide/platform-image';
import { Evidence, EvidenceReport, EvidenceUnavailable } from '../../decide/evidence';
import { KnownImage } from '../../decide/multi-platform';
import { join, openQuestion } from './places';

/** What evidence is of: the digest that was named, or the images below an index. */
export type Part = 'named' | 'below';

/** What was found out about an image so far, and what kept silent when it was asked. */
export class GatheredImage {
  private content: ImageContent = UNREAD;
  private pieces: readonly Evidence[] = [];
  private readonly silent: { readonly [part in Part]: EvidenceUnavailable[] };

  /** @param open - what leaves every question about it open from the beginning */
  constructor(open: readonly EvidenceUnavailable[]) {
    this.silent = { named: [...open], below: [...open] };
  }

  get isUnread(): boolean {
    return this.content.status === 'unread';
  }

  /** The images below an index; none of anything else. */
  get images(): readonly PlatformImage[] {
    return this.content.status === 'index' ? this.content.children : [];
  }

  /** Whether nothing at all is known about it but that there is no evidence: it may not even be there. */
  get isBare(): boolean {
    return this.isUnread && this.pieces.length === 0;
  }

  get isIndex(): boolean {
    return this.content.status === 'index';
  }

  /** Taking what kept silent for having nothing. */
  get found(): KnownImage {
    return { evidence: { status: 'found', pieces: this.pieces }, content: this.content };
  }

  /** The same with the questions that are open for what kept silent; `undefined` where all answered. */
  get open(): KnownImage | undefined {
    const [named, below] = [openQuestion(this.silent.named), openQuestion(this.silent.below)];
    return named === undefined && below === undefined ? undefined : { evidence: named ?? this.found.evidence, content: below ?? this.content };
  }

  standsFor(content: ImageContent): void {
    this.content = content;
  }

  /** @param reports - one of the named digest, or one of each image below it in their order, or why there is none */
  add(part: Part, reports: readonly EvidenceReport[]): 'answered' | 'silent' {
    const pieces: (readonly Evidence[])[] = [];
    for (const report of reports) {
      if (report.status === 'unavailable') {
        this.silent[part].push(report);
        return 'silent';
      }
      pieces.push(report.pieces);
    }
    if (part === 'named') {
      this.pieces = join(this.pieces, pieces.flat());
    } else if (this.content.status === 'index') {
      const children = this.content.children.map((child, index): ChildImage => ({ ...child, pieces: join(child.pieces, pieces[index] ?? []) }));
      this.content = { status: 'index', children };
    }
    return 'answered';
  }
}
