import { expect } from '@jest/globals';
import { EnforcementMatchers, matchers } from '..';

declare module '@jest/expect' {
  // The name and type parameter are those of Jest.
  interface Matchers<R extends void | Promise<void>> extends EnforcementMatchers<R> {}
}

// `import 'proofgate/testing/jest-globals';` in a test, or the module under `setupFilesAfterEnv`.
expect.extend(matchers);
