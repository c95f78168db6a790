export type { Capabilities, Capability } from './capability';
export { cannotExpress } from './cannot-express';
export type { Inexpressible } from './cannot-express';
export { ENGINES, isEngine } from './engines';
export type { EngineId, EngineProfile } from './engines';
