import { cpSync, mkdirSync, readdirSync } from 'node:fs';
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
  const program = (file: string): string => run(join(folder('python'), 'venv/bin/python'), [file], folder('python'), { PYTHONPATH: join(BINDINGS, 'python/src') });
  return {
    name: 'Python',
    prepare: () => {
      mkdirSync(folder('python'));
      run('python3', ['-m', 'venv', 'venv'], folder('python'));
      run(join(folder('python'), 'venv/bin/pip'), ['install', '--quiet', '--no-deps', '--requirement', attempts('python/requirements.txt')], folder('python'));
    },
    example: () => {
      program(example('python/main.py'));
      return folder('python');
    },
    refused: () => program(attempts('python/refused.py')),
  };
}

function java(): Language {
  const jars = (): string[] => readdirSync(join(folder('java'), 'jars')).map((jar) => join('jars', jar));
  const program = (name: string): string => run('java', ['-cp', ['classes', ...jars()].join(delimiter), name], folder('java'));
  return {
    name: 'Java',
    prepare: () => {
      mkdirSync(folder('java'));
      run('mvn', ['--quiet', '--batch-mode', '--file', attempts('java/pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${join(folder('java'), 'jars')}`], folder('java'));
      const sources = join(BINDINGS, 'java/src/main');
      const generated = readdirSync(join(sources, 'java'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.java')).map((file) => join(sources, 'java', file));
      run('javac', ['-nowarn', '-encoding', 'UTF-8', '-d', 'classes', '-cp', jars().join(delimiter), ...generated, example('java/Main.java'), attempts('java/Refused.java')], folder('java'));
      cpSync(join(sources, 'resources'), join(folder('java'), 'classes'), { recursive: true });
    },
    example: () => {
      program('Main');
      return folder('java');
    },
    refused: () => program('Refused'),
  };
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
