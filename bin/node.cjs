'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** The lines of Node on which the verifier is tested, of those that its signature library supports. */
const REQUIREMENT = '24.15 or later in 24, or 26 and later';

module.exports = { findNode, isSupported, needsVerifier, REQUIREMENT };

/** Whether a version such as `24.21.0` is `^24.15 || >=26`; the odd, short-lived lines are not. */
function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return (major === 24 && minor >= 15) || (major >= 26 && major % 2 === 0);
}

/** Whether the arguments of the command line ask for the verifier: judging images or serving, and not only for help with that. */
function needsVerifier([command, ...rest]) {
  return ['verify', 'serve'].includes(command) && !(rest.length === 1 && ['-h', '--help'].includes(rest[0]));
}

/**
 * The path of a Node that runs the verifier: the running one if it can, else the one that the environment variable PROOFGATE_NODE names, else the one
 * that a checkout of this project installs.
 *
 * Throws one readable line when there is none.
 */
function findNode() {
  if (isSupported(process.versions.node)) {
    return process.execPath;
  }
  const other = process.env.PROOFGATE_NODE || installedNode();
  if (!other) {
    throw new Error(
      `the verifier needs Node ${REQUIREMENT}; this is ${process.version}. Run it with such a Node, or name one in the environment variable `
      + `PROOFGATE_NODE: ${isCheckout() ? '`npm ci` without --omit installs it here' : 'export PROOFGATE_NODE=$(npx -y -p node@24 which node) fetches one from npm'}.`,
    );
  }
  return other;
}

/** The package holds no sources. */
function isCheckout() {
  return existsSync(join(__dirname, '..', '.projenrc.ts'));
}

/** `undefined` outside a checkout, and on platforms for which no Node is published as a package. */
function installedNode() {
  try {
    return require('proofgate-node24');
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}
