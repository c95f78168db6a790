export { kyvernoEngine } from './engine';
