const FACTORS: { readonly [suffix: string]: number } = {
  'n': 1e-9, 'u': 1e-6, 'm': 1e-3, '': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18,
  'Ki': 2 ** 10, 'Mi': 2 ** 20, 'Gi': 2 ** 30, 'Ti': 2 ** 40, 'Pi': 2 ** 50, 'Ei': 2 ** 60,
};

/**
 * The amount that a Kubernetes quantity such as `500m` or `512Mi` stands for; `undefined` for a text that is none.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function parseQuantity(text: string): number | undefined {
  const [, amount = '', suffix = ''] = /^([0-9]+(?:\.[0-9]*)?|\.[0-9]+)([A-Za-z]{0,2}|[eE][+-]?[0-9]+)$/.exec(text) ?? [];
  const factor = Object.hasOwn(FACTORS, suffix) ? FACTORS[suffix] : /^[eE][+-]?[0-9]+$/.test(suffix) ? Number(`1${suffix}`) : undefined;
  return amount === '' || factor === undefined ? undefined : Number(amount) * factor;
}
