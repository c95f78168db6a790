import pc from 'picocolors';
import { Result } from './play';

/** What happened, a line each; the longest title decides the width. */
export function asTable(results: readonly Result[], colour: boolean): string {
  const paint = pc.createColors(colour);
  const width = Math.max(...results.map(({ title }) => title.length));
  return results.map(({ title, admitted, reasons, asExpected }) => {
    const verdict = admitted ? paint.green('admitted') : paint.red('refused ');
    return `  ${title.padEnd(width)}  ${verdict}  ${reasons.join(', ')}${asExpected ? '' : paint.bold(' NOT WHAT WAS EXPECTED')}`.trimEnd();
  }).join('\n');
}
