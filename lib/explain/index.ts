export { explainByLabel } from './by-label';
export { explainByName } from './by-name';
export { explainImage } from './image';
export type { ImageExplanation } from './image';
export { outlineByName, outlineOf } from './outline';
