import { Environment } from '@marcbachmann/cel-js';
import { AdmissionPolicySpec } from '../../lib/kubernetes/guard';

/** A request as an admission policy sees it. */
export interface Asked {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  /** What is asked for; for a deletion nothing that counts. */
  readonly object: object;
  readonly oldObject?: object;
  readonly namespace?: string;
  /** What else the request says of what it is about. */
  readonly request?: { readonly name?: string; readonly resource?: { readonly group: string; readonly resource: string }; readonly subResource?: string };
  /** Of the namespace, beside the one that names it. */
  readonly namespaceLabels?: { readonly [label: string]: string };
  readonly userInfo: { readonly username: string; readonly groups?: readonly string[] };
  /** What the one who asks may do: `verb group/resource`. */
  readonly rights: readonly string[];
}

/** What an admission policy says against a request: the message of each validation that does not hold; an expression that fails, fails the call. */
export function denials({ variables, validations }: Pick<AdmissionPolicySpec, 'variables' | 'validations'>, { operation, object, oldObject, namespace = 'shop', namespaceLabels = {}, userInfo, rights, request }: Asked): string[] {
  const cel = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, unlistedVariablesAreDyn: true })
    .registerFunction('string.find(string): string', (text: string, pattern: string) => new RegExp(pattern).exec(text)?.[0] ?? '')
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, to))
    .registerType('Authorizer', Authorizer)
    .registerVariable('authorizer', 'Authorizer')
    .registerFunction('Authorizer.group(string): Authorizer', (asked: Authorizer, group: string) => new Authorizer(asked.rights, group))
    .registerFunction('Authorizer.resource(string): Authorizer', (asked: Authorizer, resource: string) => new Authorizer(asked.rights, `${asked.asked}/${resource}`))
    .registerFunction('Authorizer.check(string): Authorizer', (asked: Authorizer, verb: string) => new Authorizer(asked.rights, `${verb} ${asked.asked}`))
    .registerFunction('Authorizer.allowed(): bool', (asked: Authorizer) => asked.rights.includes(asked.asked));
  const values: Record<string, unknown> = {};
  const context = { object, oldObject: oldObject ?? null, namespaceObject: { metadata: { name: namespace, labels: { ...namespaceLabels, 'kubernetes.io/metadata.name': namespace } } }, request: { ...request, operation, userInfo, namespace }, authorizer: new Authorizer(rights, ''), variables: values };
  for (const { name, expression } of variables) {
    values[name] = cel.evaluate(expression, context);
  }
  return validations.filter(({ expression }) => cel.evaluate(expression, context) !== true)
    .map(({ message, messageExpression }) => (messageExpression === undefined ? message : String(cel.evaluate(messageExpression, context))));
}

class Authorizer {
  constructor(readonly rights: readonly string[], readonly asked: string) {}
}
