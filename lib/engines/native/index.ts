export { admissionPolicy } from './admission-policy';
export { nativeEngine } from './engine';
export type { NativeSettings } from './engine';
