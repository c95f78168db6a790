import * as pulumi from '@pulumi/pulumi';
import { enforcement } from './enforcement';

interface Inputs {
  readonly data: { readonly [file: string]: string };
  readonly webhooks: ReadonlyArray<{ readonly failurePolicy: string; readonly namespaceSelector: object }>;
}

const registered: Array<{ readonly type: string; readonly inputs: Inputs }> = [];
const ofKind = (kind: string): Inputs[] => registered.filter(({ type }) => type.endsWith(`:${kind}`)).map(({ inputs }) => inputs);

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, inputs: inputs as Inputs });
      return { id: name, state: inputs as object };
    },
    call: ({ inputs }) => inputs as object,
  });
  await new Promise<string>((resolve) => {
    enforcement().policyDigest.apply(resolve);
  });
});

test('an image needs a signature and a provenance by the release workflow at main', () => {
  expect(ofKind('ConfigMap').map(({ data }) => JSON.parse(data['policy.json'] ?? '') as unknown)).toMatchSnapshot();
});

test('everything is refused when nobody answers, in the one namespace that the policy names', () => {
  const [{ webhooks } = { webhooks: [] }] = ofKind('ValidatingWebhookConfiguration');
  expect(webhooks.map(({ failurePolicy, namespaceSelector }) => ({ failurePolicy, namespaceSelector }))).toMatchSnapshot();
});
