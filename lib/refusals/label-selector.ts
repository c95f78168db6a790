import { fieldsOf, list } from './fields';

type Labels = { readonly [key: string]: unknown };

/** Whether Kubernetes' label selector selects these labels; one without anything in it selects all, one with an expression that Kubernetes would not take selects none. */
export function selects(selector: unknown, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = fieldsOf(selector);
  const valueOf = (key: unknown): unknown => (typeof key === 'string' && Object.hasOwn(labels, key) ? labels[key] : undefined);
  return Object.entries(fieldsOf(matchLabels)).every(([key, value]) => valueOf(key) === value) && list(matchExpressions).map(fieldsOf).every(({ key, operator, values }) => {
    const value = valueOf(key);
    switch (operator) {
      case 'In': return value !== undefined && list(values).includes(value);
      case 'NotIn': return value === undefined || !list(values).includes(value);
      case 'Exists': return value !== undefined;
      case 'DoesNotExist': return value === undefined;
      default: return false;
    }
  });
}
