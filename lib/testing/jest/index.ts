// Since TypeScript 6 no @types/* is there unless it is asked for: who imports this module has the globals of Jest.
/// <reference types="jest" preserve="true" />
import { EnforcementMatchers, matchers } from '..';

declare global {
  // The names and type parameters are those of @types/jest.
  namespace jest {
    interface Matchers<R, T = {}> extends EnforcementMatchers<R> {}
  }
}

// `import 'proofgate/testing/jest';` in a test, or the module under `setupFilesAfterEnv`.
const { expect } = globalThis as { readonly expect?: { extend(matchers: object): void } };
if (expect === undefined) {
  throw new Error('proofgate/testing/jest found no global `expect`: import it in a test or under setupFilesAfterEnv; where Jest injects no globals, import proofgate/testing/jest-globals');
}
expect.extend(matchers);
