import * as pulumi from '@pulumi/pulumi';
import { goOn } from '../authoring/refusal';

/**
 * Runs what may refuse, and has the engine told when it does, before the error goes on: what is logged as an error fails the run, whatever becomes
 * of the error that is thrown. A program may catch it, and where nobody waits for its promise any more it comes too late.
 *
 * @param component - what it is about, where there is one yet
 */
export function said<T>(component: pulumi.Resource | undefined, act: () => T): T {
  try {
    return act();
  } catch (error) {
    void pulumi.log.error((error as Error).message, component);
    goOn(error);
  }
}
