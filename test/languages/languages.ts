import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BINDINGS, run, WORK } from './package';

/** A program in one language, which writes to `dist` below its folder or prints. */
export interface Language {
  readonly name: string;
  /** What is installed and compiled before anything runs. */
  prepare(): void;
  /** Runs the example, of which it gives the folder that it wrote to, or the attempts that are refused, of which it gives what they print. */
  example(): string;
  refused(): string;
}

const folder = (name: string): string => join(WORK, name);
const example = (file: string): string => resolve('examples/languages', file);
const attempts = (file: string): string => resolve('test/languages', file);

/** Each in a folder of its own below `build/languages`. */
export const LANGUAGES: readonly Language[] = [typescript(), python(), java(), go()];

function typescript(): Language {
  const node = (file: string): string => run(process.execPath, ['--import', pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href, file], folder('typescript'));
  return {
    name: 'TypeScript',
    prepare: () => {
      mkdirSync(folder('typescript'));
      cpSync(example('typescript/main.ts'), join(folder('typescript'), 'main.ts'));
      cpSync(attempts('typescript/refused.ts'), join(folder('typescript'), 'refused.ts'));
    },
    example: () => {
      node('main.ts');
      return folder('typescript');
    },
    refused: () => node('refused.ts'),
  };
}

function python(): Language {
  const program = (file: string): string => run(join(folder('python'), 'venv/bin/python'), [file], folder('python'));
  return {
    name: 'Python',
    prepare: () => {
      const pip = (...args: string[]): string => run(join(folder('python'), 'venv/bin/pip'), [...args, '--quiet', '--no-deps'], folder('python'));
      mkdirSync(folder('python'));
      run('python3', ['-m', 'venv', 'venv'], folder('python'));
      pip('install', '--requirement', attempts('python/requirements.txt'));
      // Built by the setuptools of that list, and not by whichever is newest.
      pip('wheel', '--no-build-isolation', '--wheel-dir', 'wheels', join(BINDINGS, 'python'));
      pip('install', join('wheels', only(readdirSync(join(folder('python'), 'wheels')))));
      run(join(folder('python'), 'venv/bin/pip'), ['check'], folder('python'));
    },
    example: () => {
      program(example('python/main.py'));
      return folder('python');
    },
    refused: () => program(attempts('python/refused.py')),
  };
}

function java(): Language {
  const jars = (): string => join('jars', '*');
  const maven = (pom: string, ...args: string[]): string => run('mvn', ['--quiet', '--batch-mode', `-Dmaven.repo.local=${MAVEN}`, '--file', pom, ...args], folder('java'));
  const program = (name: string): string => run('java', ['-cp', ['classes', jars()].join(delimiter), name], folder('java'));
  return {
    name: 'Java',
    prepare: () => {
      mkdirSync(folder('java'));
      pinVersions(join(BINDINGS, 'java/pom.xml'));
      maven(join(BINDINGS, 'java/pom.xml'), 'install', '-Dmaven.javadoc.skip=true', '-Dmaven.source.skip=true');
      maven(attempts('java/pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(folder('java'), 'jars')}`);
      run('javac', ['-nowarn', '-encoding', 'UTF-8', '-d', 'classes', '-cp', jars(), example('java/Main.java'), attempts('java/Refused.java')], folder('java'));
    },
    example: () => {
      program('Main');
      return folder('java');
    },
    refused: () => program('Refused'),
  };
}

/** Maven's own store of what it downloads and installs: that of this checkout, so that no other one finds these bindings in its own. */
const MAVEN = resolve('build/maven');

/** The bindings depend on ranges, of which Maven reads every release there ever was: they get the versions that whoever uses them here pins. */
function pinVersions(pom: string): void {
  const [managed = ''] = /<dependencyManagement>[\s\S]*<\/dependencyManagement>/.exec(readFileSync(attempts('java/pom.xml'), 'utf8')) ?? [];
  const pinned = readFileSync(pom, 'utf8').replace(/ *<version>[[(][^<]*<\/version>\n/g, '').replace('<dependencies>', `${managed}\n  <dependencies>`);
  writeFileSync(pom, pinned);
}

/** @throws Error unless there is exactly one */
function only(names: readonly string[]): string {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) {
    throw new Error(`expected one file, found ${names.length}`);
  }
  return name;
}

function go(): Language {
  const program = (name: string): string => run(join(folder('go'), 'bin', name), [], folder('go'));
  return {
    name: 'Go',
    prepare: () => {
      mkdirSync(folder('go'));
      ['go.mod', 'go.sum'].forEach((file) => cpSync(attempts(`go/${file}`), join(folder('go'), file)));
      cpSync(example('go/main.go'), join(folder('go'), 'example/main.go'));
      cpSync(attempts('go/refused.go'), join(folder('go'), 'refused/main.go'));
      run('go', ['build', '-o', 'bin/', './...'], folder('go'));
    },
    example: () => {
      program('example');
      return folder('go');
    },
    refused: () => program('refused'),
  };
}
