/**
 * Loaded into a verifier before its own code (`node --require`), this changes what the machine tells it, as the file that
 * PROOFGATE_INTERFERENCE names says at the moment: { clock, names, hosts, stall, crash }.
 */
const { appendFileSync, readFileSync } = require('node:fs');
const dns = require('node:dns');
const threads = require('node:worker_threads');

const file = process.env.PROOFGATE_INTERFERENCE;
const RealDate = Date;
const realNow = Date.now.bind(Date);
let wanted = { clock: 0, names: 'answered', hosts: {}, stall: 0, crash: 0 };
let stalled = 0;
let crashed = 0;

class ShiftedDate extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [realNow() + wanted.clock] : args));
  }

  static now() {
    return realNow() + wanted.clock;
  }
}
globalThis.Date = ShiftedDate;

const workers = new Set();
const RealWorker = threads.Worker;
threads.Worker = class extends RealWorker {
  constructor(...args) {
    super(...args);
    workers.add(this);
    this.once('exit', () => workers.delete(this));
  }
};

/** Where this process may write. */
function note(name) {
  try {
    appendFileSync(`${file}.names`, `${name}\n`);
  } catch (error) {
    if (error.code !== 'EROFS') {
      throw error;
    }
  }
}

const realLookup = dns.lookup;
dns.lookup = (name, ...rest) => {
  const callback = rest.at(-1);
  const options = typeof rest[0] === 'object' ? rest[0] : {};
  note(name);
  const address = wanted.hosts[name];
  if (address === undefined) {
    return realLookup(name, ...rest);
  }
  const refused = Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: name });
  const answer = () => (options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4));
  if (wanted.names === 'refused') {
    return setImmediate(callback, refused);
  }
  return wanted.names === 'slow' ? setTimeout(answer, 10_000) : setImmediate(answer);
};

setInterval(() => {
  try {
    wanted = { ...wanted, ...JSON.parse(readFileSync(file, 'utf8')) };
  } catch {
    return; // being written
  }
  if (threads.isMainThread && wanted.crash !== crashed) {
    crashed = wanted.crash;
    workers.forEach((worker) => void worker.terminate());
  }
  if (threads.isMainThread && wanted.stall !== stalled) {
    stalled = wanted.stall;
    const end = performance.now() + stalled;
    while (performance.now() < end) {
      // Nothing else gets its turn.
    }
  }
}, 50).unref();
