import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Sandbox } from './sandbox';

/** Where it listens. */
export const NAME_SERVER_ADDRESS = '10.99.0.53';

const HEADER = 12;
const [TYPE_A, CLASS_IN] = [1, 1];
const [ANSWER, AUTHORITATIVE, RECURSION_AVAILABLE, NO_SUCH_NAME] = [0x8000, 0x0400, 0x0080, 3];

/** A name server for Pods (RFC 1035): host names mean there what they mean in the sandbox, and nothing else exists. */
export async function startNameServer(sandbox: Sandbox): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => {
    const reply = answered(query, (name) => sandbox.addressOf(name));
    if (reply) {
      socket.send(reply, port, address);
    }
  });
  socket.bind(53, NAME_SERVER_ADDRESS);
  await once(socket, 'listening');
  return socket;
}

/** `undefined` for what is no query with one question. */
function answered(query: Buffer, addressOf: (name: string) => string | undefined): Buffer | undefined {
  if (query.length < HEADER || query.readUInt16BE(4) !== 1) {
    return undefined;
  }
  const labels: string[] = [];
  let at = HEADER;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const question = query.subarray(HEADER, at + 5);
  if (question.length < 5) {
    return undefined;
  }
  const address = addressOf(labels.join('.').toLowerCase());
  const isAddress = question.readUInt16BE(question.length - 4) === TYPE_A && question.readUInt16BE(question.length - 2) === CLASS_IN;
  const records = address !== undefined && isAddress ? [record(address)] : [];
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(ANSWER | AUTHORITATIVE | RECURSION_AVAILABLE | (query.readUInt16BE(2) & 0x0100) | (address === undefined ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, question, ...records]);
}

/** An address for the name that the question begins with, for a second. */
function record(address: string): Buffer {
  return Buffer.from([0xc0, HEADER, 0, TYPE_A, 0, CLASS_IN, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)]);
}
