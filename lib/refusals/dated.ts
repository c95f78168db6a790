import { Accountability } from '../policy/document';
import { LocatedDocument } from './rule';

/** Something that holds only until an instant. */
export interface Dated {
  readonly object: string;
  /** Of the date. */
  readonly path: string;
  readonly until: string;
  /** Who agreed to it, and why. */
  readonly by: Pick<Accountability, 'owner' | 'reason'>;
}

/** Every exemption and audit window, and every vulnerability that does not count for a time. */
export function dated(documents: readonly LocatedDocument[]): Dated[] {
  return documents.flatMap(({ object, document }): Dated[] => {
    if (document.kind === 'ImageExemption') {
      return [{ object, path: 'spec.until', until: document.spec.until, by: document.spec }];
    }
    if (document.kind === 'ImageDenyList') {
      return [];
    }
    const { action, requirements } = document.spec;
    const ignored = requirements.flatMap((requirement, index) => (
      requirement.type === 'attestation' && requirement.checks?.type === 'vulnerability-scan' ? requirement.checks.ignored ?? [] : []
    ).map((by, at) => ({ object, path: `spec.requirements[${index}].checks.ignored[${at}].until`, until: by.until, by })));
    return [...(action?.type === 'Audit' ? [{ object, path: 'spec.action.until', until: action.until, by: action }] : []), ...ignored];
  });
}
