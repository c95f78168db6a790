import { MultiPlatform } from './multi-platform';
import { oneOf, optional, Properties } from './properties';
import { Demand } from './transparency';

/** What policies and requirements say of the image that somebody vouches for. */
export const SUBJECT_RULES: Properties<{ readonly multiPlatform?: MultiPlatform; readonly repository?: Demand }> = {
  multiPlatform: optional(oneOf('MultiPlatform', MultiPlatform)),
  repository: optional(oneOf('Demand', Demand)),
};
