// Whatever tests write goes into one folder of this run, which goes with it: jest calls this before the first test.
const { chmodSync, mkdtempSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), 'proofgate-tests-'));
  // Some tests start programs as other users.
  chmodSync(folder, 0o755);
  globalThis.temporaryFolder = { folder, before: process.env.TMPDIR };
  process.env.TMPDIR = folder;
};
