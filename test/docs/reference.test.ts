import { dirname, resolve } from 'node:path';
import * as ts from 'typescript';

jest.setTimeout(120_000);

/** What users import, by the name that they import it from. */
const ENTRIES: { readonly [name: string]: string } = {
  'proofgate': 'lib/index.ts',
  'proofgate/pulumi': 'lib/pulumi/index.ts',
  'proofgate/pulumi/policy': 'lib/pulumi/policy/index.ts',
  'proofgate/testing': 'lib/testing/index.ts',
};

/** What an example may take for granted, beside the exports of its entry: it stands in a construct, a stack or a test. */
const SURROUNDINGS: { readonly [name: string]: string } = {
  'proofgate': `
    import { App, Chart } from 'cdk8s';
    declare const app: App;
    declare const release: KeylessAttestor;
  `,
  'proofgate/pulumi': `
    import * as pulumi from '@pulumi/pulumi';
    declare const release: KeylessAttestor;
    declare const verifier: WebhookVerifier;
  `,
  'proofgate/pulumi/policy': "import { PolicyPack } from '@pulumi/policy';",
  'proofgate/testing': `
    import assert from 'node:assert';
    import { readFileSync } from 'node:fs';
    import '../../lib/testing/jest';
    import { App, Chart, Testing } from 'cdk8s';
    import { AllowedVulnerabilities, KeylessAttestor, SbomFormat, ScanFormat } from '../../lib';
    declare const chart: Chart;
    declare const first: Chart;
    declare const second: Chart;
    declare const pod: object;
    declare const release: Identity;
    declare const auditor: Identity;
    declare const scanner: Identity;
    declare const vendor: Identity;
    declare const verifier: Identity;
    declare class HousePolicies extends Chart {}
  `,
};

const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile('tsconfig.dev.json', (file) => ts.sys.readFile(file)).config, ts.sys, '.');
const program = ts.createProgram(Object.values(ENTRIES), { ...options, noEmit: true });
const checker = program.getTypeChecker();

interface Exported {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

function exportsOf(entry: string): Exported[] {
  const module = checker.getSymbolAtLocation(program.getSourceFile(entry) as ts.Node);
  return checker.getExportsOfModule(module as ts.Symbol).map((symbol) => (
    { name: symbol.name, symbol: symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol }
  ));
}

const summary = (symbol: ts.Symbol): string => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim();
const examples = (symbol: ts.Symbol): string[] => symbol.getJsDocTags(checker).filter(({ name }) => name === 'example').map(({ text }) => ts.displayPartsToString(text).trim());
const tagged = (symbol: ts.Symbol, tag: string): boolean => symbol.getJsDocTags(checker).some(({ name }) => name === tag);

/** What users see of a class, interface or enum: properties, methods, accessors, members; not what is inherited from elsewhere. */
function membersOf(symbol: ts.Symbol): ts.Symbol[] {
  const own = [...symbol.members?.values() ?? [], ...symbol.exports?.values() ?? []];
  return own.filter((member) => {
    const [declaration] = member.declarations ?? [];
    const isHidden = declaration === undefined || (ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0;
    return !isHidden && /^[A-Za-z]/.test(member.name) && member.name !== 'prototype' && !tagged(member, 'internal') && !ts.isTypeParameterDeclaration(declaration);
  });
}

/** The symbol and what is in it, each with its examples, where they are written for this entry. */
function allExamples({ name, symbol }: Exported, folder: string): Array<readonly [place: string, example: string]> {
  // What the engines' arguments share is written for constructs, and compiled with those.
  const isShared = symbol.declarations?.every((declaration) => !declaration.getSourceFile().fileName.startsWith(resolve(folder))) ?? true;
  return isShared ? [] : [symbol, ...membersOf(symbol)].flatMap((each) => examples(each).map((example) => [each === symbol ? name : `${name}.${each.name}`, example] as const));
}

/** What the compiler has against examples, each of which is the body of a function. */
function mistakesIn(name: string, entry: string, shown: ReadonlyArray<readonly [place: string, example: string]>): string[] {
  const imported = `import { ${exportsOf(entry).map((exported) => exported.name).join(', ')} } from ${JSON.stringify(resolve(entry.replace(/\.ts$/, '')))};`;
  const files = new Map(shown.map(([place, example], index) => [
    resolve(`test/docs/example-${index}.ts`), { place, text: `import type { Construct } from 'constructs';\n${imported}\n${SURROUNDINGS[name] ?? ''}\nexport function example(this: Construct): void {\n${example}\n}\n` },
  ]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => files.has(resolve(file)) || fileExists(file);
  host.getSourceFile = (file, ...rest) => {
    const made = files.get(resolve(file));
    return made === undefined ? program.getSourceFile(file) ?? getSourceFile.call(host, file, ...rest) : ts.createSourceFile(file, made.text, ts.ScriptTarget.ES2022, true);
  };
  const compiled = ts.createProgram([...files.keys()], { ...options, noEmit: true, noUnusedLocals: false, noUnusedParameters: false, allowUnusedLabels: true }, host);
  return [...files].flatMap(([file, { place }]) => {
    const source = compiled.getSourceFile(file);
    return [...compiled.getSyntacticDiagnostics(source), ...compiled.getSemanticDiagnostics(source)].map(({ messageText }) => `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  });
}

describe.each(Object.entries(ENTRIES))('%s', (name, entry) => {
  const exported = exportsOf(entry);

  test('says of everything that it exports what it is', () => {
    expect(exported.length).toBeGreaterThan(0);
    expect(exported.filter(({ symbol }) => summary(symbol) === '').map((each) => each.name)).toEqual([]);
  });

  test('shows everything that it exports in an example', () => {
    expect(exported.filter(({ symbol }) => !/```/.test(summary(symbol)) && examples(symbol).every((example) => example === '')).map((each) => each.name)).toEqual([]);
  });

  test('shows examples that compile', () => {
    const shown = exported.flatMap((each) => allExamples(each, entry === 'lib/index.ts' ? 'lib' : dirname(entry)));
    expect(shown.length).toBeGreaterThan(0);
    expect(mistakesIn(name, entry, shown)).toEqual([]);
  });

  test('says of every property, method and member what it is', () => {
    const silent = exported.flatMap((each) => membersOf(each.symbol).filter((member) => summary(member) === '').map((member) => `${each.name}.${member.name}`));
    expect(silent).toEqual([]);
  });
});
