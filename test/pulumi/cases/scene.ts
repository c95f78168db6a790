import assert from 'node:assert';
import * as pulumi from '@pulumi/pulumi';
import type { Report } from '../../e2e/harness/report';
import { KeylessAttestor, SignedImagePolicy, WebhookVerifier } from '../../../lib/pulumi';
import { EchoProvider, Operation } from '../harness/echo-provider';
import { Outcome, Program, RunOptions, TestStack } from '../harness/stack';

/** Adds a case, which has a stack of its own. */
export type Check = (claim: string, body: (scene: Scene) => Promise<void>) => Promise<void>;

export type Options = pulumi.ComponentResourceOptions;
type Step = 'preview' | 'up' | 'destroy';

/** A stack under the engine, before the provider that only echoes. */
export class Scene {
  /** A case with a stack of its own. */
  static async case(report: Report, engine: string, claim: string, body: (scene: Scene) => Promise<void>): Promise<void> {
    await report.case(claim, async () => {
      const echo = await EchoProvider.start();
      const stack = await TestStack.create(engine, { PULUMI_DEBUG_PROVIDERS: `kubernetes:${echo.port}` });
      try {
        await body(new Scene(stack, echo));
      } finally {
        echo.stop();
        stack.remove();
      }
    });
  }

  private constructor(private readonly stack: TestStack, private readonly echo: EchoProvider) {}

  /** Runs a step that has to go well; gives what the provider was asked to do, without what was only asked in a preview. */
  async does(step: Step, program: Program = () => undefined, options: RunOptions = {}): Promise<{ readonly outcome: Outcome; readonly operations: Operation[] }> {
    const outcome = await this.run(step, program, options);
    assert.equal(outcome.refused, undefined, `${step} was refused:\n${outcome.refused ?? ''}`);
    return { outcome, operations: this.operations() };
  }

  /** Runs a step that has to be refused in these words; gives what the provider was asked to do all the same. */
  async refuses(step: Step, said: RegExp, program: Program = () => undefined, options: RunOptions = {}): Promise<Operation[]> {
    const { refused } = await this.run(step, program, options);
    assert.ok(refused !== undefined, `${step} was not refused`);
    assert.match(refused, said);
    return this.operations();
  }

  private operations(): Operation[] {
    return this.echo.take().filter(({ preview }) => !preview);
  }

  private async run(step: Step, program: Program, options: RunOptions): Promise<Outcome> {
    this.echo.take();
    return step === 'destroy' ? this.stack.destroy() : this.stack[step](program, options);
  }
}

/** What a program says of its policy. */
export interface Said {
  readonly images?: string[];
  /** Name of the component. */
  readonly verifier?: string;
}

/** A program with one policy and its verifier, which has these options. */
export function declare(opts: Options = {}, { images = ['ghcr.io/acme/payments/**'], verifier: name = 'verifier' }: Said = {}): SignedImagePolicy {
  const verifier = new WebhookVerifier(name, {}, opts);
  return new SignedImagePolicy('payments', { images, attestors: [release()], engine: verifier });
}

export function release(name = 'release'): KeylessAttestor {
  return KeylessAttestor.githubWorkflow(name, { repository: 'acme/payments', workflow: '.github/workflows/release.yml', ref: 'refs/heads/main' });
}

export const WEBHOOK = 'ValidatingWebhookConfiguration';

/** Whether something that enforces was created or changed. */
export function reached(operations: readonly Operation[]): boolean {
  return operations.some(({ kind, operation }) => kind === WEBHOOK && operation !== 'delete');
}
