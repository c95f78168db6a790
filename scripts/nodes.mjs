// The two Nodes that the scripts run things on, and how they run them.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { findNode } from '../bin/node.cjs';

/**
 * The machine's own Node. npm puts node_modules/.bin, where the verifier's Node lies, before it on the PATH of scripts, so the running Node
 * is not always it; npm itself runs on it.
 */
export function machineNode() {
  return process.env.npm_node_execpath ?? process.execPath;
}

/** The Node that the verifier ships on; ends the process with a readable line when there is none. */
export function verifierNode() {
  try {
    return findNode();
  } catch (error) {
    return fail(error.message);
  }
}

/** Runs a Node program and waits for it. @returns its exit code, 128 and more when a signal ended it */
export function run(node, args, options = {}) {
  const { status, signal, error } = spawnSync(node, args, { stdio: 'inherit', ...options });
  if (error) {
    throw error;
  }
  return status ?? 128 + constants.signals[signal];
}

/** Runs a Node program in place of this one: signals and exit code pass through. */
export function become(node, args) {
  const child = spawn(node, args, { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(`${node} does not start: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

/** Ends the process with one line and exit code 2. */
export function fail(message) {
  console.error(message);
  process.exit(2);
}
