import { Evidence } from './evidence';
import { PlatformImage } from './platform-image';
import { ReasonCode } from './reason';

/** What the digest that was named stands for, as far as it was looked at. */
export type ImageContent = ContentUnread | ContentUnavailable | OneImage | ImagesOfIndex;

/** Nobody looked: enough where only the named digest has to be vouched for. */
export interface ContentUnread {
  readonly status: 'unread';
}

/** Some of it could not be learned, or must not be run; never the same as "nothing there". */
export interface ContentUnavailable {
  readonly status: 'unavailable';
  readonly code: ReasonCode;
  readonly message: string;
}

/** One image: there is nothing below it. */
export interface OneImage {
  readonly status: 'manifest';
}

/** An index, with every image that a node could run of it, however deep; possibly none. */
export interface ImagesOfIndex {
  readonly status: 'index';
  readonly children: readonly ChildImage[];
}

/** An image below an index, and the evidence that is attached to it. */
export interface ChildImage extends PlatformImage {
  readonly pieces: readonly Evidence[];
}

export const UNREAD: ContentUnread = { status: 'unread' };
