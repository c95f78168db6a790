import { Json } from '../../../policy/document';
import { parseStrictJson, StrictJsonError } from '../../json';
import { Deadline, VerifierError } from '../../ports';
import { unreadable } from '../../../policy/unreadable';
import { readFile } from '../../read-text';
import { BrokenConnection, Transport } from '../transport';

/** Most bytes of an answer: as much as is read without taking room for it. */
const LIMIT = 64 * 1024;

/** One request to a cloud; with a body it is a POST. */
export interface CloudRequest {
  readonly url: URL;
  readonly headers?: { readonly [name: string]: string };
  readonly body?: string;
}

/** Speaks to the services of a cloud that give out credentials; whatever goes wrong is told without what was said. */
export class CloudClient {
  /** @param registry - whose credential is asked for */
  constructor(private readonly transport: Transport, private readonly registry: string) {}

  /** The bytes of an answer with status 200. @throws VerifierError REGISTRY_UNAVAILABLE, LIMIT, DEADLINE, OVERLOADED */
  async ask({ url, headers = {}, body }: CloudRequest, deadline: Deadline): Promise<Buffer> {
    try {
      const answer = await this.transport.send({ url, headers, ...body === undefined ? {} : { body }, limit: LIMIT }, deadline);
      if (answer.status === 200) {
        return answer.body;
      }
      throw this.failed(`${url.host} answers HTTP ${answer.status}${errorCode(answer.body)}; ${answer.status >= 500 || answer.status === 429 ? 'it may pass' : 'see what the identity may do there'}`);
    } catch (error) {
      throw error instanceof BrokenConnection ? this.failed(error.message, error) : error;
    }
  }

  async askJson(request: CloudRequest, deadline: Deadline): Promise<CloudAnswer> {
    const bytes = await this.ask(request, deadline);
    try {
      return new CloudAnswer(parseStrictJson(bytes), (field) => this.failed(`the answer of ${request.url.host} has no ${field} that can be used`));
    } catch (error) {
      throw error instanceof StrictJsonError ? this.failed(`the answer of ${request.url.host} is not JSON`) : error;
    }
  }

  /** The line of a file that others keep up to date, read anew. @throws VerifierError REGISTRY_UNAVAILABLE */
  async read(file: string): Promise<string> {
    let text: string;
    try {
      text = (await readFile(file, 'utf8')).trim();
    } catch (error) {
      throw this.failed(`${file} cannot be read (${unreadable(error)}); mend what is mounted there`, error);
    }
    if (!isVisibleLine(text)) {
      throw this.failed(`${file} does not hold one line of visible characters; mend what is mounted there`);
    }
    return text;
  }

  failed(why: string, cause?: unknown): VerifierError {
    return new VerifierError('REGISTRY_UNAVAILABLE', `no credential for ${this.registry}: ${why}`, { cause });
  }
}

/** A JSON object of a cloud, whose members have to be there. */
export class CloudAnswer {
  constructor(private readonly value: Json, private readonly lacks: (field: string) => VerifierError) {}

  /** One line of visible characters. @throws VerifierError */
  text(field: string): string {
    const found = this.member(field);
    if (typeof found !== 'string' || !isVisibleLine(found)) {
      throw this.lacks(field);
    }
    return found;
  }

  /** @throws VerifierError */
  seconds(field: string): number {
    const found = this.member(field);
    if (typeof found !== 'number' || !(found > 0)) {
      throw this.lacks(field);
    }
    return found;
  }

  /** The only object of a list. @throws VerifierError */
  only(field: string): CloudAnswer {
    const found = this.member(field);
    if (!Array.isArray(found) || found.length !== 1) {
      throw this.lacks(field);
    }
    return new CloudAnswer(found[0] ?? null, this.lacks);
  }

  private member(field: string): Json | undefined {
    const { value } = this;
    return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.hasOwn(value, field) ? value[field] : undefined;
  }
}

function isVisibleLine(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** The name that a cloud gives an error, in JSON or XML, where it looks like one: never its text, which may repeat what was sent. */
function errorCode(body: Buffer): string {
  const [, inXml, inJson] = /<Code>([A-Za-z][A-Za-z.]{2,63})<\/Code>|"(?:error|__type|status)"\s*:\s*"([A-Za-z][A-Za-z_.]{2,63})"/.exec(body.toString('latin1').slice(0, 4_096)) ?? [];
  const code = inXml ?? inJson;
  return code === undefined ? '' : ` (${code})`;
}

/** Milliseconds from now to a time of the wall clock. */
export function lifeUntil(milliseconds: number): number {
  return milliseconds - Date.now();
}
