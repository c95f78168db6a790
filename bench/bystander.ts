import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { during, run, Target } from './load';
import { reviewOf } from './review';

/** What a bystander asks for, and how long. */
export interface Errand {
  readonly target: Target;
  readonly image: string;
  /** Milliseconds. */
  readonly time: number;
}

const PAUSE = 5;

/** Milliseconds of one request after the other, with a pause, by a process of its own: what else this one does is not in them. */
export async function bystander(errand: Errand): Promise<readonly number[]> {
  const child = spawn(process.execPath, [__filename, 'bystander', JSON.stringify(errand)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => text += chunk);
  const [code] = await once(child, 'close') as [number | null];
  if (code !== 0) {
    throw new Error(`the bystander ended with exit code ${code}`);
  }
  return JSON.parse(text) as number[];
}

/** The inside of that process. */
export async function runErrand(text: string): Promise<void> {
  const { target, image, time } = JSON.parse(text) as Errand;
  const { latencies } = await run(target, { connections: 1, next: during(time, reviewOf(image)), pause: PAUSE });
  process.stdout.write(JSON.stringify(latencies));
}
