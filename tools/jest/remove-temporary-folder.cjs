// The other end of temporary-folder.cjs.
const { rmSync } = require('node:fs');

module.exports = () => {
  const { folder, before } = globalThis.temporaryFolder;
  rmSync(folder, { recursive: true, force: true });
  if (before === undefined) {
    delete process.env.TMPDIR;
  } else {
    process.env.TMPDIR = before;
  }
};
