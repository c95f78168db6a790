import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isRecord } from '../is-record';
import { unreadable } from '../../policy/unreadable';

/** What all parts of one configuration file share. */
export interface ConfigFile {
  /** Where the file lies; files that it names are relative to it. */
  readonly folder: string;
  /** What is wrong, one line each. */
  readonly problems: string[];
}

/** One mapping of a configuration file, read member by member; what is wrong is collected, each with its place. */
export class ConfigSection {
  /** The mapping at `where`, or `undefined` and a problem. */
  static of(value: unknown, where: string, fields: readonly string[], file: ConfigFile): ConfigSection | undefined {
    if (!isRecord(value)) {
      file.problems.push(`${where}: expected settings, one or more of ${fields.join(', ')}`);
      return undefined;
    }
    const section = new ConfigSection(value, where, file);
    for (const field of Object.keys(value).filter((name) => !fields.includes(name))) {
      section.wrong(field, `is not a setting; there are ${fields.join(', ')}`);
    }
    return section;
  }

  private constructor(private readonly value: { readonly [field: string]: unknown }, private readonly where: string, private readonly file: ConfigFile) {}

  wrong(field: string, message: string): void {
    this.file.problems.push(`${this.where}.${field}: ${message}`);
  }

  has(field: string): boolean {
    return this.value[field] !== undefined;
  }

  /** `false` when it is not there. */
  flag(field: string): boolean {
    const { [field]: given = false } = this.value;
    if (typeof given !== 'boolean') {
      this.wrong(field, 'expected true or false');
    }
    return given === true;
  }

  text(field: string): string | undefined {
    const given = this.value[field];
    if (given === undefined) {
      return undefined;
    }
    if (typeof given !== 'string' || given === '') {
      this.wrong(field, 'expected a text that is not empty');
      return undefined;
    }
    return given;
  }

  /** A text that has to be there. */
  requiredText(field: string): string | undefined {
    if (!this.has(field)) {
      this.wrong(field, 'is missing');
    }
    return this.text(field);
  }

  /** A text that a function reads; what it throws as one of `types` is a problem. */
  parsed<T>(field: string, parse: (text: string) => T, type: new (message: string) => Error): T | undefined {
    const text = this.text(field);
    return text === undefined ? undefined : this.attempt(field, () => parse(text), type);
  }

  /** A list of texts with at least one; none when it is not there. */
  texts(field: string): readonly string[] {
    const given = this.value[field];
    if (given === undefined) {
      return [];
    }
    if (!Array.isArray(given) || given.length === 0 || !given.every((item): item is string => typeof item === 'string' && item !== '')) {
      this.wrong(field, 'expected a list with one or more texts, none of them empty');
      return [];
    }
    return given;
  }

  /** The result, or `undefined` and a problem when it throws one of this type. */
  attempt<T>(field: string, work: () => T, type: new (message: string) => Error): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof type)) {
        throw error;
      }
      this.wrong(field, error.message);
      return undefined;
    }
  }

  section(field: string, fields: readonly string[]): ConfigSection | undefined {
    return this.has(field) ? ConfigSection.of(this.value[field], `${this.where}.${field}`, fields, this.file) : undefined;
  }

  /** A file or folder, from the folder of the configuration. */
  path(field: string): string | undefined {
    const text = this.text(field);
    return text === undefined ? undefined : resolve(this.file.folder, text);
  }

  /** The bytes of a file that is named. */
  content(field: string): Buffer | undefined {
    const text = this.text(field);
    if (text === undefined) {
      return undefined;
    }
    try {
      return readFileSync(resolve(this.file.folder, text));
    } catch (error) {
      this.wrong(field, `${text} cannot be read (${unreadable(error)})`);
      return undefined;
    }
  }

  /** PEM certificates of a file that is named. */
  certificates(field: string): string | undefined {
    const pem = this.content(field)?.toString('utf8');
    if (pem !== undefined && !isCertificate(pem)) {
      this.wrong(field, `${this.text(field) ?? ''} holds no certificate; expected PEM, "-----BEGIN CERTIFICATE-----" and what follows`);
    }
    return pem;
  }

  /** Says that at most one of these may be there. */
  onlyOneOf(fields: readonly string[]): void {
    const [first, second] = fields.filter((field) => this.has(field));
    if (first !== undefined && second !== undefined) {
      this.wrong(second, `cannot stand beside ${first}; keep one`);
    }
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    // Not a certificate: the caller says which file.
    return false;
  }
}
