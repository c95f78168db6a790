import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { LocalWorkspace, Stack } from '@pulumi/pulumi/automation';
import * as settings from '@pulumi/pulumi/runtime/settings';

/*
 * A connection of its own for each client. Pulumi never closes those of a run, and they go on trying to reach the engine that has ended; shared, as
 * is the default within a process, one of them stands in for that of a later engine that happens to get the same port. Its first call then fails as
 * that of the old one would, and Pulumi takes it for the end of the engine: the run goes well, and the program was never started.
 */
Object.assign((settings as unknown as { readonly grpcClientOptions: object }).grpcClientOptions, { 'grpc.use_local_subchannel_pool': 1 });

/** What a program may do: declare, and await things before it does. */
export type Program = () => void | Promise<void>;

export interface RunOptions {
  /** Whether the policy pack looks on. @default false */
  readonly pack?: boolean;
}

/** How a run went. */
export interface Outcome {
  /** What the engine said of it, when it refused. */
  readonly refused: string | undefined;
  /** Resources by what is done, or would be done, to them. */
  readonly changes: { readonly [operation: string]: number };
}

/** One stack under the real engine, with state in a folder of its own. */
export class TestStack {
  /**
   * @param engine - path of the `pulumi` program
   * @param env - for the engine and its provider
   * @param plugins - paths of further programs that the engine starts, by name
   */
  static async create(engine: string, env: Readonly<Record<string, string>>, plugins: Readonly<Record<string, string>> = {}): Promise<TestStack> {
    const folder = mkdtempSync(join(tmpdir(), 'proofgate-pulumi-'));
    const bin = join(folder, 'bin');
    for (const name of ['bin', 'state', 'work']) {
      mkdirSync(join(folder, name));
    }
    for (const [name, path] of Object.entries({ pulumi: engine, ...plugins })) {
      symlinkSync(path, join(bin, name));
    }
    // Policy packs are started by the language's plug-in, which is not part of the engine; this is what it does.
    writeFileSync(join(bin, 'pulumi-analyzer-policy-nodejs'), `#!/bin/sh\nexec ${process.execPath} ${resolve('node_modules/@pulumi/pulumi/cmd/run-policy-pack')} "$@"\n`, { mode: 0o755 });
    process.env['PATH'] = [bin, dirname(process.execPath), process.env['PATH']].join(delimiter);
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: 'test', projectName: 'proofgate', program: async () => undefined }, {
      workDir: join(folder, 'work'),
      pulumiHome: join(folder, 'home'),
      envVars: {
        PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
        PULUMI_CONFIG_PASSPHRASE: '',
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        ...env,
      },
    });
    return new TestStack(folder, stack);
  }

  private constructor(private readonly folder: string, private readonly stack: Stack) {}

  async preview(program: Program, { pack = false }: RunOptions = {}): Promise<Outcome> {
    return this.run(program, async () => (await this.stack.preview(this.packs(pack))).changeSummary);
  }

  async up(program: Program, { pack = false }: RunOptions = {}): Promise<Outcome> {
    return this.run(program, async () => (await this.stack.up(this.packs(pack))).summary.resourceChanges ?? {});
  }

  async destroy(): Promise<Outcome> {
    return outcomeOf(async () => (await this.stack.destroy()).summary.resourceChanges ?? {});
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs an inline program. What went well without it has shown nothing. */
  private async run(program: Program, act: () => Promise<Outcome['changes']>): Promise<Outcome> {
    let started = false;
    this.stack.workspace.program = async () => {
      started = true;
      await program();
    };
    const outcome = await outcomeOf(act);
    if (!started) {
      throw new Error(`the engine has ended without starting the program; it said: ${outcome.refused ?? 'nothing'}`);
    }
    return outcome;
  }

  /** A policy pack as its users write one. */
  private packs(pack: boolean): { policyPacks?: string[] } {
    if (!pack) {
      return {};
    }
    const folder = join(this.folder, 'pack');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'PulumiPolicy.yaml'), 'runtime: nodejs\nversion: 1.0.0\n');
    writeFileSync(join(folder, 'package.json'), '{ "name": "pack", "version": "1.0.0", "main": "index.js" }\n');
    writeFileSync(join(folder, 'index.js'), `
      const { PolicyPack } = require(${JSON.stringify(resolve('node_modules/@pulumi/policy'))});
      const { enforcementPolicies } = require(${JSON.stringify(resolve('build/pulumi/policy.cjs'))});
      new PolicyPack('enforcement', { policies: enforcementPolicies });
    `);
    return { policyPacks: [folder] };
  }
}

async function outcomeOf(act: () => Promise<Outcome['changes']>): Promise<Outcome> {
  try {
    return { refused: undefined, changes: await act() };
  } catch (error) {
    const { message } = error as Error;
    return { refused: message.slice(Math.max(0, message.indexOf('Diagnostics:'))), changes: {} };
  }
}
