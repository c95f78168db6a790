import { WORKLOADS } from './workloads';

/** Members of an object, by name; of a list, of each of its elements. */
export type FieldTree = 'all' | { readonly [name: string]: FieldTree };

const CONTAINERS: FieldTree = { name: 'all', image: 'all' };

const POD_SPEC: FieldTree = { containers: CONTAINERS, initContainers: CONTAINERS, ephemeralContainers: CONTAINERS, volumes: CONTAINERS, imagePullSecrets: { name: 'all' } };

/** Everything that `imagesOf` and `pullSecretsOf` read of an object, of whatever kind; the rest of the object makes no difference to it. */
export const IMAGE_FIELDS: FieldTree = WORKLOADS.map(({ podSpecPath }) => podSpecPath).reduce(withPodSpec, { apiVersion: 'all', kind: 'all' });

function withPodSpec(tree: FieldTree, [name, ...rest]: readonly string[]): FieldTree {
  if (name === undefined) {
    return { ...asTree(tree), ...asTree(POD_SPEC) };
  }
  const members = asTree(tree);
  return { ...members, [name]: withPodSpec(members[name] ?? {}, rest) };
}

function asTree(tree: FieldTree): Exclude<FieldTree, 'all'> {
  return tree === 'all' ? {} : tree;
}
