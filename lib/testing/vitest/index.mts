import { expect } from 'vitest';
import { type EnforcementMatchers, matchers } from '../index.js';

declare module 'vitest' {
  // The name and type parameter are those of Vitest.
  interface Matchers<T = any> extends EnforcementMatchers<void> {}
}

// `import 'proofgate/testing/vitest';` in a test, or the module under `setupFiles`.
expect.extend(matchers);
