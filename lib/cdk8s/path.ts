import { Construct } from 'constructs';

/** Path that a construct will have, for refusing before there is one. */
export function pathOf(scope: Construct, id: string): string {
  return scope.node.path === '' ? id : `${scope.node.path}/${id}`;
}
