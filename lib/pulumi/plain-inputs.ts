import * as pulumi from '@pulumi/pulumi';

/**
 * Inputs as a hook gets them, as plain data. What is marked secret cannot be looked into, and what is unknown has no value: both become a text
 * that is none of the values that the engine renders.
 */
export function plainInputs(value: unknown): unknown {
  if (pulumi.Output.isInstance(value)) {
    return '(secret)';
  }
  if (pulumi.isUnknown(value)) {
    return '(not known yet)';
  }
  if (Array.isArray(value)) {
    return value.map(plainInputs);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainInputs(item)]));
  }
  return value;
}
