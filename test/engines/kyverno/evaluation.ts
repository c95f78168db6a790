import { Environment } from '@marcbachmann/cel-js';
import { kyvernoPolicy } from '../../../lib/kubernetes/kyverno/policy';
import { PolicyDocument } from '../../../lib/policy/document';

/** Statements that are attached to an image, by who signed them. */
export interface Attached {
  readonly image: string;
  /** Attestor as the policy for Kyverno names it, and predicate. */
  readonly statements: ReadonlyArray<readonly [attestor: string, statement: object]>;
}

/** A Pod and where it is created. */
export interface Asked {
  readonly spec: object;
  /** @default shop */
  readonly namespace?: string;
  readonly labels?: { readonly [label: string]: string };
}

/** What Kyverno would say against a Pod: the message of each validation that does not hold, with signatures as somebody else found them. */
export function refusals(documents: readonly PolicyDocument[], attached: readonly Attached[], { spec, namespace = 'shop', labels = {} }: Asked): string[] {
  const policy = kyvernoPolicy(documents, { name: 'proofgate', version: '1.19.1', namespace: 'kyverno', timeoutSeconds: 30, trustRoots: [] });
  const payloads = new Map<string, object>();
  const typeOf = (attestation: string): string => policy.attestations.find(({ name }) => name === attestation)?.intoto.type ?? '';
  const cel = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, unlistedVariablesAreDyn: true })
    .registerFunction('verifyAttestationSignatures(string, string, list): int', (image: string, attestation: string, [attestor]: readonly string[]) => {
      const found = attached.find((one) => one.image === image)?.statements
        .filter(([signer, statement]) => signer === attestor && (statement as { predicateType: string }).predicateType === typeOf(attestation)) ?? [];
      found.forEach(([, statement]) => payloads.set(`${image} ${typeOf(attestation)}`, statement));
      return found.length === 0 ? 0n : 1n;
    })
    .registerFunction('extractPayload(string, string): dyn', (image: string, attestation: string) => {
      const payload = payloads.get(`${image} ${typeOf(attestation)}`);
      if (payload === undefined) {
        throw new Error('it cannot be fetched before it is verified');
      }
      return payload;
    })
    .registerFunction('list.join(string): string', (items: readonly string[], between: string) => items.join(between));
  const variables: Record<string, unknown> = {};
  const context = {
    object: { spec }, request: { operation: 'CREATE', namespace }, namespaceObject: { metadata: { name: namespace, labels } }, variables,
    attestors: Object.fromEntries(policy.attestors.map(({ name }) => [name, name])),
  };
  for (const { name, expression } of policy.variables) {
    variables[name] = cel.evaluate(expression, context);
  }
  return policy.validations.filter(({ expression }) => cel.evaluate(expression, context) !== true).map(({ messageExpression }) => String(cel.evaluate(messageExpression, context)));
}
