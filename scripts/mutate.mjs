// Breaks the code on purpose, one mistake at a time, and asks whether the tests notice: node scripts/mutate.mjs [FILE or part of a NAME... | --list]
//
// The mistakes are those of test/mutation/. Each is made in a copy of the tree, where the tests that it names must turn red; a mistake that they
// do not notice fails the run, and so does one whose place in the code is gone, so that the list cannot rot. `--list` makes none of them: it writes which
// there are, and what is wrong with the list, as JSON.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { verifierFolders } from '../jest.config.mjs';
import { fail, machineNode, verifierNode } from './nodes.mjs';

const FOLDER = 'build/mutation';

/** How many are worked on at a time. */
const LANES = 2;

/** Milliseconds for the tests of one mistake; tests that never end do notice it, but a list of those would never end, either. */
const PATIENCE = 600_000;

const wanted = process.argv.slice(2);
const all = await readMutations();
if (wanted[0] === '--list') {
  await new Promise((written) => process.stdout.write(JSON.stringify({ mistakes: all, problems: all.flatMap(problemOf) }), written));
  process.exit(0);
}
const mutations = all.filter(({ name, file }) => wanted.length === 0 || wanted.some((text) => name.includes(text) || file.includes(text)));
if (mutations.length === 0) {
  fail(`No mistake is called ${wanted.join(' or ')}; test/mutation/ lists them.`);
}
const outdated = mutations.flatMap(problemOf);
if (outdated.length > 0) {
  fail(outdated.join('\n'));
}

rmSync(FOLDER, { recursive: true, force: true });
const lanes = Array.from({ length: LANES }, (_, index) => copyTree(join(FOLDER, String(index + 1))));
await requireGreen();

const queue = mutations.values();
const outcomes = new Map();
await Promise.all(lanes.map(async (lane) => {
  for (const mutation of queue) {
    const outcome = await judge(lane, mutation);
    outcomes.set(mutation, outcome);
    console.log(`${outcome.killed ? 'killed  ' : 'SURVIVED'}  ${mutation.file.padEnd(44)}  ${mutation.name}\n          ${outcome.why}`);
  }
}));
report();

/**
 * Every mistake: `{ name, file, find, replace, tests, only }`, where `find` occurs once in the file, and each of the tests must turn red;
 * where `only` is given, those of its tests that have it in their name. `removes` names the check of a proof that is not made, and nothing else.
 *
 * The lists are written by file: `{ file, tests, only, removes, mistakes: { name: [find, replace] } }`.
 */
async function readMutations() {
  const files = readdirSync('test/mutation').filter((file) => file.endsWith('.mjs')).sort();
  const lists = await Promise.all(files.map(async (file) => (await import(resolve('test/mutation', file))).default));
  return lists.flat().flatMap(({ mistakes, ...where }) => Object.entries(mistakes).map(([name, [find, replace]]) => ({ name, find, replace, ...where })));
}

function problemOf({ name, file, find, replace, tests }, index, all) {
  const missing = [file, ...tests].filter((path) => !existsSync(path));
  const places = missing.length > 0 ? 1 : readFileSync(file, 'utf8').split(find).length - 1;
  return [
    ...missing.map((path) => `${name}: there is no ${path}`),
    ...(places === 1 ? [] : [`${name}: ${file} has ${places} places that read ${JSON.stringify(find)}; exactly one is needed`]),
    ...(find === replace || tests.length === 0 ? [`${name}: changes nothing, or names no test`] : []),
    ...(all.findIndex((other) => other.name === name && other.file === file) === index ? [] : [`${name}: another mistake in ${file} has the same name`]),
  ];
}

/** What git knows and what it would take, as it is in the working tree; packages are shared. */
function copyTree(folder) {
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' }).split('\0').filter((file) => existsSync(file));
  for (const file of files.filter((name) => name !== '')) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(file, join(folder, file), { dereference: false });
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Tests that are red without any mistake notice none. */
async function requireGreen() {
  const tests = [...new Set(mutations.flatMap((mutation) => mutation.tests))];
  const shares = lanes.map((_, index) => tests.filter((_test, place) => place % lanes.length === index));
  const red = (await Promise.all(shares.map((share, index) => redFiles(lanes[index], share, PATIENCE * 10)))).flat();
  if (red.length > 0) {
    fail(`Red without any mistake: ${red.map(({ test }) => test).join(', ')}`);
  }
}

async function judge(lane, { file, find, replace, tests, only }) {
  const path = join(lane, file);
  const sound = readFileSync(path, 'utf8');
  writeFileSync(path, sound.replace(find, () => replace));
  try {
    const red = await redFiles(lane, tests, PATIENCE, only);
    const green = tests.filter((test) => !red.some((other) => other.test === test));
    // A file that does not even load is red whatever its tests say.
    const broken = red.filter(({ failed }) => failed.length === 0).map(({ test }) => test);
    return {
      killed: green.length === 0 && broken.length === 0,
      why: [
        ...green.map((test) => `green: ${test}`),
        ...broken.map((test) => `does not run: ${test}`),
        ...red.flatMap(({ failed: [first, ...more] }) => (first === undefined ? [] : [`red: ${first}${more.length === 0 ? '' : ` and ${more.length} more`}`])),
      ].join('; '),
    };
  } finally {
    writeFileSync(path, sound);
  }
}

/** Test files of which a test failed, with the names of such tests, or that did not run to their end: no names. */
async function redFiles(lane, tests, patience, only) {
  const projects = [['library', machineNode()], ['verifier', verifierNode()]];
  const found = [];
  for (const [project, node] of projects) {
    const own = tests.filter((test) => verifierFolders.some((folder) => test.startsWith(`test/${folder}/`)) === (project === 'verifier'));
    if (own.length > 0) {
      found.push(...await runJest(lane, project, node, own, patience, only));
    }
  }
  return found;
}

async function runJest(lane, project, node, tests, patience, only) {
  const output = resolve(lane, 'results.json');
  rmSync(output, { force: true });
  const names = only === undefined ? [] : ['--testNamePattern', only];
  const args = ['--ci', '--runInBand', '--forceExit', '--json', `--outputFile=${output}`, ...names, '--selectProjects', project, '--runTestsByPath', ...tests];
  const child = spawn(node, ['node_modules/jest/bin/jest.js', ...args], { cwd: lane, stdio: 'ignore' });
  const timer = setTimeout(() => child.kill('SIGKILL'), patience);
  await new Promise((end) => child.on('close', end));
  clearTimeout(timer);
  if (!existsSync(output)) {
    return tests.map((test) => ({ test, failed: [] }));
  }
  return JSON.parse(readFileSync(output, 'utf8')).testResults.filter(({ status }) => status === 'failed').map(({ name, assertionResults }) => ({
    test: tests.find((test) => name.endsWith(`/${test}`)),
    failed: assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  }));
}

/** By folder of lib/, then in all. */
function report() {
  const layerOf = ({ file }) => dirname(file).split('/').slice(0, 3).join('/');
  const count = (list) => {
    const killed = list.filter((mutation) => outcomes.get(mutation)?.killed).length;
    return `${killed} killed, ${list.length - killed} survived`;
  };
  console.log();
  for (const layer of [...new Set(mutations.map(layerOf))].sort()) {
    console.log(`${layer.padEnd(28)}${count(mutations.filter((mutation) => layerOf(mutation) === layer))}`);
  }
  console.log(count(mutations));
  process.exit(mutations.every((mutation) => outcomes.get(mutation)?.killed) ? 0 : 1);
}
