import { isPlainObject } from '../policy/canonical-json';
import { isDnsSubdomain } from '../policy/dns-label';
import { Json } from '../policy/document';
import { describe, Field, isClass } from '../policy/field';
import { Problem } from '../policy/validate';
import { refuseInput, refuseProblems, requirePlain } from './input';

/** Reports what is wrong with the value of a property that is there. */
export type Check = (field: Field) => unknown;

export interface Property<IsRequired extends boolean> {
  readonly required: IsRequired;
  readonly check: Check;
}

/** What each property of a struct takes; the compiler refuses a table that leaves one out, or has one too many. */
export type Properties<T extends object> = {
  readonly [name in keyof Required<T>]: Property<Partial<Pick<T, name>> extends Pick<T, name> ? false : true>;
};

/**
 * Refuses the properties of a construct, factory or value class that are not what they take: values that are not there yet, names that
 * nothing reads, required ones that are missing, and what a check says.
 *
 * For callers that no compiler has checked. A property that is `undefined` counts as left out.
 */
export function requireProperties<T extends object>(path: string, props: T, properties: Properties<T>): void {
  if (typeof props !== 'object' || props === null || Array.isArray(props)) {
    const [needed] = namesOf(properties);
    refuseInput(path, `its properties are ${props === undefined ? 'missing' : describe(props as Json)}`, `Pass an object${needed.length === 0 ? '' : ` with ${needed.join(', ')}`}.`);
  }
  requirePlain(path, props);
  const problems: Problem[] = [];
  struct(properties)(new Field(props as unknown as Json, '', problems));
  refuseProblems(path, problems);
}

export function required(check: Check): Property<true> {
  return { required: true, check };
}

export function optional(check: Check): Property<false> {
  return { required: false, check };
}

/** For what is judged with the document that it becomes part of, in the same words. */
export const inDocument: Check = () => undefined;

export const text: Check = (field) => field.text();

export const count: Check = (field) => field.count();

export const flag: Check = (field) => {
  if (typeof field.value !== 'boolean') {
    field.instead('true or false');
  }
};

/** The name of a Kubernetes object. */
export const objectName: Check = (field) => {
  const name = field.text();
  if (name !== undefined && !isDnsSubdomain(name)) {
    field.problem(`is ${describe(name)}, which Kubernetes would reject: use lower-case letters, digits and inner hyphens`);
  }
};

/** A list, which may be empty; `named` wants at least one. */
export function list(check: Check, { named = false } = {}): Check {
  return (field) => {
    const { value } = field as { readonly value: unknown };
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlainObject(value)) {
      field.problem(`is an object: write a list, with brackets around it, ${field.path}: [ … ]`);
      return;
    }
    const items = named ? field.elements() : field.list() ?? [];
    items.forEach((item) => (item.absent ? item.problem('is undefined: remove it or give it a value') : check(item)));
  };
}

/** An object whose own properties are known. */
export function struct<T extends object>(properties: Properties<T>): Check {
  const [needed, others] = namesOf(properties);
  const table = properties as { readonly [name: string]: Property<boolean> };
  return (field) => {
    const fields = field.members(needed, others);
    for (const [name, value] of Object.entries(fields ?? {})) {
      if (!value.absent) {
        table[name]?.check(value);
      }
    }
  };
}

/** A class, also one that is abstract or whose constructor is private: only of what extends it a message says `new`. */
interface Class {
  [Symbol.hasInstance](value: unknown): boolean;
}

/**
 * An instance of a class of this package; another copy of it, or a plain object, would not be enforced.
 *
 * @param name - of the class for those who write programs; the class itself has another one where it is bundled
 */
export function instance(type: Class, name: string, remedy: string | ((value: unknown) => string)): Check {
  return (field) => {
    const value: unknown = field.value;
    if (isClass(value) && value.prototype instanceof type) {
      field.problem(`is ${describe(field.value)}: write new ${value.name}(…)`);
    } else if (!(value instanceof type)) {
      const isOther = typeof value === 'object' && value !== null && !Array.isArray(value) && !isPlainObject(value);
      field.problem(`is ${value === type ? `the class ${name}` : `no ${name} of this library`}: ${typeof remedy === 'string' ? remedy : remedy(value)}${isOther ? ', made by the same copy of the package' : ''}`);
    }
  };
}

/** One of the members of an enumeration, which messages name as programs do. */
export function oneOf(name: string, members: { readonly [member: string]: string }): Check {
  return (field) => {
    if (!Object.values(members).some((value) => value === field.value)) {
      field.problem(`is ${describe(field.value)}: write ${Object.keys(members).map((member) => `${name}.${member}`).join(' or ')}`);
    }
  };
}

function namesOf<T extends object>(properties: Properties<T>): [required: string[], optional: string[]] {
  const entries = Object.entries<Property<boolean>>(properties);
  const names = (wanted: boolean): string[] => entries.filter(([, property]) => property.required === wanted).map(([name]) => name);
  return [names(true), names(false)];
}
