export type { Capabilities, Capability } from './capability';
export { cannotExpress } from './cannot-express';
export type { Inexpressible } from './cannot-express';
export { ENGINES } from './engines';
export type { EngineId, EngineProfile } from './engines';
