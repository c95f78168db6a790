import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareDebianPackages } from './debian-packages';
import type { Programs } from './process';
import { freePort } from '../../support/free-port';
import { until } from './until';

const PACKAGE = {
  name: 'prometheus',
  version: '2.42.0+ds-5+deb12u1',
  path: 'pool/main/p/prometheus/prometheus_2.42.0%2bds-5%2bdeb12u1_amd64.deb',
  size: 19_257_088,
  sha256: '81d59a24fce84f7fbe97a45a4f2914b6a5881b5cd1db2a6a0e129e515e1a5f55',
};

/** The folder with Debian's `prometheus` and `promtool`. @throws CannotRun */
export async function preparePrometheus(): Promise<string> {
  return join(await prepareDebianPackages('prometheus', [PACKAGE]), 'usr/bin');
}

/** A Prometheus on loopback that scrapes one target every second. */
export class Prometheus {
  static async start(binaries: string, programs: Programs, folder: string, scrape: object, ruleFiles: readonly string[]): Promise<Prometheus> {
    const port = await freePort();
    const config = join(folder, 'prometheus.json');
    writeFileSync(config, JSON.stringify({ global: { scrape_interval: '1s', evaluation_interval: '1s' }, rule_files: ruleFiles, scrape_configs: [scrape] }));
    const program = programs.start({
      name: 'prometheus', command: join(binaries, 'prometheus'),
      args: [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'tsdb')}`, `--web.listen-address=127.0.0.1:${port}`],
    });
    const prometheus = new Prometheus(port);
    await until('Prometheus is ready', async () => {
      if (!(await fetch(`http://127.0.0.1:${port}/-/ready`)).ok) {
        throw new Error('not ready');
      }
    }, { unless: () => program.obituary });
    return prometheus;
  }

  private constructor(private readonly port: number) {}

  /** Labels and value of each sample that an expression gives now. @throws Error with what Prometheus says about the expression */
  async query(expression: string): Promise<ReadonlyArray<{ readonly metric: { readonly [label: string]: string }; readonly value: number }>> {
    const answer = await fetch(`http://127.0.0.1:${this.port}/api/v1/query?query=${encodeURIComponent(expression)}`);
    const { data, error } = await answer.json() as { error?: string; data?: { result: Array<{ metric: { [label: string]: string }; value: [number, string] }> } };
    if (data === undefined) {
      throw new Error(`${expression}: ${error ?? `HTTP ${answer.status}`}`);
    }
    return data.result.map(({ metric, value: [, value] }) => ({ metric, value: Number(value) }));
  }
}
