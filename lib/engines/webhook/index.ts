export { readBundle } from './read-bundle';
export type { ManifestBundle } from './read-bundle';
