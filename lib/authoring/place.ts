import { member } from '../policy/problem';
import { partProperty } from './document-part';
import { documentProperty } from './read-document';

/** Where a program says what a field of a document holds. */
export interface Place {
  /** Path of the construct. */
  readonly path: string;
  /** Its property, for example `refs[0]`; empty for the construct as a whole. */
  readonly property: string;
}

/** Tells of a field of a document, for example `spec.attestors.release.subject.refs[0]`, where the program says it. */
export type Locate = (field: string) => Place;

/** What a factory calls the properties of what it makes, where it has other names for them. */
export interface Names {
  readonly [property: string]: string;
}

/** The parts of a policy that are constructs of their own. */
export interface Parts {
  readonly attestors: ReadonlyMap<string, { readonly path: string; readonly names: Names }>;
  /** Paths of what must be proven beside the signature, which comes first in the document and is said by the policy itself. */
  readonly requirements: readonly string[];
}

/** Tells where a program says what a policy or exemption holds. */
export function places(path: string, { attestors, requirements }: Parts = { attestors: new Map(), requirements: [] }): Locate {
  return (field) => {
    for (const [name, attestor] of attestors) {
      const whole = member('spec.attestors', name);
      if (field === whole || field.startsWith(`${whole}.`)) {
        return { path: attestor.path, property: renamed(partProperty(field.slice(whole.length + 1)), attestor.names) };
      }
    }
    const [, index, rest = ''] = /^spec\.requirements\[(\d+)\]\.?(.*)$/.exec(field) ?? [];
    const requirement = index === undefined ? undefined : requirements[Number(index) - 1];
    return requirement === undefined ? { path, property: documentProperty(field) } : { path: requirement, property: partProperty(rest) };
  };
}

/** A property by another name, also where it goes on with an index or a member. */
function renamed(property: string, names: Names): string {
  const found = Object.entries(names).find(([name]) => property === name || property.startsWith(`${name}[`) || property.startsWith(`${name}.`));
  return found === undefined ? property : found[1] + property.slice(found[0].length);
}
