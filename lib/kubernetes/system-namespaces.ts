/** Namespaces that every cluster comes with and shares; the verifier brings a namespace of its own and closes it. */
export const SYSTEM_NAMESPACES: readonly string[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];
