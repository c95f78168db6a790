'use strict';
// Stands in for the thread that checks evidence: the media type of a bundle says what its check does.
const { spawnSync } = require('node:child_process');
const { appendFileSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');

const diary = workerData.roots[0].json;
const DOES = {
  nothing: () => undefined,
  loop: () => {
    for (;;) { /* until it is ended */ }
  },
  hoard: () => {
    for (const all = []; ;) {
      all.push(Array.from({ length: 100_000 }, () => ({})));
    }
  },
  crash: () => process.exit(1),
  // Nothing can end a thread that waits outside of JavaScript.
  sleep: () => spawnSync('sh', ['-c', `sleep 0.2; echo woke >> ${diary}`]),
};

appendFileSync(diary, 'started\n');
parentPort.on('message', ({ bundles, unsupported }) => {
  bundles.forEach(({ mediaType }) => DOES[mediaType]());
  const pieces = bundles.map(({ digest, bytes }) => ({ digest, statement: { readable: false, code: 'MALFORMED', message: Buffer.from(bytes).toString() }, facts: {} }));
  parentPort.postMessage({ pieces: [...pieces, ...unsupported.map(({ digest, message }) => ({ digest, statement: { readable: false, code: 'UNSUPPORTED', message }, facts: {} }))] });
});
parentPort.postMessage('ready');
