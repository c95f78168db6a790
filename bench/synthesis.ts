import { App, Chart } from 'cdk8s';
import { KeylessAttestor, SignedImagePolicy, SlsaProvenanceRequirement } from '../lib';
import { Figure, inMilliseconds, median, Section } from './figures';

const SIZES = [1, 100, 1_000];
const REPEATS = 3;

/** What a user writes, as often as asked: a policy with provenance for a repository of its own, and the YAML of all of it. */
export function synthesisSection(progress: (text: string) => void): Section {
  synthesize(10);
  const measured = SIZES.map((policies) => {
    progress(`synthesis of ${policies} policies`);
    const runs = Array.from({ length: REPEATS }, () => measure(policies));
    return { policies, time: median(runs.map(({ time }) => time)), memory: median(runs.map(({ memory }) => memory)), bytes: runs[0]?.bytes ?? 0 };
  });
  const [, hundred, thousand] = measured;
  const growth = (thousand?.time ?? NaN) / (hundred?.time ?? NaN);
  return {
    title: 'Synthesis',
    method: `constructs to YAML in memory, median of ${REPEATS} after a first synthesis of 10 policies; memory is what the heap grew by`,
    figures: measured.map(({ policies, time, memory, bytes }): Figure => ({
      name: `${policies} ${policies === 1 ? 'policy' : 'policies'}`,
      value: `${inMilliseconds(time)}, ${(memory / 2 ** 20).toFixed(0)} MiB, ${(bytes / 1024).toFixed(0)} KiB of YAML`,
      ...(policies === 1_000 ? {
        ratio: `${growth.toFixed(1)} × the time of 100`,
        target: { text: 'under 2 s, at most 15 × the time of 100', met: time < 2_000 && growth <= 15 },
      } : {}),
    })),
  };
}

function measure(policies: number): { readonly time: number; readonly memory: number; readonly bytes: number } {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const start = performance.now();
  const bytes = synthesize(policies);
  return { time: performance.now() - start, memory: Math.max(0, process.memoryUsage().heapUsed - before), bytes };
}

function synthesize(policies: number): number {
  const app = new App();
  const chart = new Chart(app, 'enforcement');
  for (let index = 0; index < policies; index += 1) {
    const repository = `acme/app-${index}`;
    const release = KeylessAttestor.githubWorkflow(chart, `release-${index}`, {
      repository, workflow: '.github/workflows/release.yml', ref: 'refs/heads/main',
    });
    const provenance = new SlsaProvenanceRequirement(chart, `provenance-${index}`, { attestors: [release], source: `https://github.com/${repository}` });
    new SignedImagePolicy(chart, `app-${index}`, { images: [`ghcr.io/${repository}`], attestors: [release], requirements: [provenance] });
  }
  return Buffer.byteLength(app.synthYaml());
}
