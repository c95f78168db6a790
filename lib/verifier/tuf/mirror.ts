import { Deadline, VerifierError } from '../ports';
import { BrokenConnection, Transport, Way } from '../registry/transport';
import { reasonOf, TufError } from './error';

/** Where the files of one repository are; believed in nothing. */
export class Mirror {
  private readonly transport: Transport;

  /** @param way - how its host is reached, which is what the registry configuration says of it */
  constructor(private readonly base: string, way: Way) {
    // Every answer has a small limit of its own, and there is one at a time.
    this.transport = new Transport((_bytes, _deadline, work) => work(), way);
  }

  /**
   * The bytes of a file; `undefined` where there is none, which some places say as 403. No redirect is followed.
   *
   * @throws TufError when there is no whole answer within the limit and the time
   */
  async tryGet(path: string, limit: number, deadline: Deadline): Promise<Buffer | undefined> {
    try {
      const { status, body } = await this.transport.send({ url: new URL(`${this.base}/${path}`), headers: { accept: '*/*' }, limit }, deadline);
      if (status === 404 || status === 403) {
        return undefined;
      }
      if (status !== 200) {
        throw new TufError(`${path}: the mirror answered HTTP ${status}`);
      }
      return body;
    } catch (error) {
      throw error instanceof VerifierError || error instanceof BrokenConnection ? new TufError(`${path}: ${reasonOf(error)}`, { cause: error }) : error;
    }
  }

  /** @throws TufError also where there is none */
  async get(path: string, limit: number, deadline: Deadline): Promise<Buffer> {
    const bytes = await this.tryGet(path, limit, deadline);
    if (bytes === undefined) {
      throw new TufError(`${path}: the mirror has no such file`);
    }
    return bytes;
  }

  close(): void {
    this.transport.close();
  }
}
