import * as pulumi from '@pulumi/pulumi';

/**
 * Runs what may refuse, and has the engine told when it does, before the error goes on: an error that is thrown when nobody waits for its promise any
 * more would come too late to fail the run, and one that is logged never does.
 */
export function said<T>(component: pulumi.Resource, act: () => T): T {
  try {
    return act();
  } catch (error) {
    void pulumi.log.error((error as Error).message, component);
    throw error;
  }
}
