import { NamespaceSelection } from '../policy/document';
import { allOf, pairs } from './words';

/** Where something holds. */
export function selected(selection: NamespaceSelection): string {
  if ('names' in selection) {
    return allOf(selection.names);
  }
  if ('labels' in selection) {
    return `labelled ${pairs(selection.labels)}`;
  }
  return selection.except.length === 0 ? 'every namespace' : `every namespace but ${allOf(selection.except)}`;
}
