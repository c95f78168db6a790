import { spawn } from 'node:child_process';

/** Longer than the API server would wait. */
const PATIENCE_MS = 180_000;

/** How a program ended, and all that it wrote. */
export interface Said {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a program of an engine with these variables and the path alone, behind everything else that runs here. */
export async function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Said> {
  const child = spawn('nice', ['-n', '15', command, ...args], { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => output += text);
  child.stderr.setEncoding('utf8').on('data', (text: string) => output += text);
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    return await new Promise<Said>((done, failed) => child.once('error', failed).once('close', (code) => done({ code, output })));
  } finally {
    clearTimeout(patience);
  }
}
