import assert from 'node:assert';
import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { Manifest } from '../../../lib/engines/manifest';
import { defaultSettings, renderWebhook } from '../../../lib/engines/webhook';
import { parseDocument } from '../../../lib/policy/validate';
import { registerObject } from '../../../lib/pulumi/kubernetes-resource';
import { Operation } from '../harness/echo-provider';
import { STACKS } from '../stacks';
import { Check, declare, Options, reached, WEBHOOK } from './scene';

type Props = Record<string, unknown>;
type Change = (props: Props) => Props;

const isWebhook = (type: string): boolean => type.endsWith(`:${WEBHOOK}`);
const failurePolicy = (value: unknown): Change => (props) => ({ ...props, webhooks: (props['webhooks'] as Props[]).map((entry) => ({ ...entry, failurePolicy: value })) });
const failOpen = failurePolicy('Ignore');
const unchanged: Change = (props) => props;

/** A transform or transformation of the webhook configuration. */
function rewrite(change: Change, opts: object = {}): pulumi.ResourceTransform & pulumi.ResourceTransformation {
  return (resource: { readonly type: string; readonly props: Props; readonly opts: object }) => (
    isWebhook(resource.type) ? { props: change(resource.props), opts: { ...resource.opts, ...opts } } : undefined
  );
}

/** Everything that has a word after a component has said what it wants. */
const WORDS: ReadonlyArray<readonly [who: string, weaken: (change: Change, opts?: object) => Options]> = [
  ['a transform', (change, opts) => ({ transforms: [rewrite(change, opts)] })],
  ['a transformation', (change, opts) => ({ transformations: [rewrite(change, opts)] })],
  ['a transform of the stack', (change, opts) => {
    pulumi.runtime.registerResourceTransform(rewrite(change, opts));
    return {};
  }],
  ['a transformation of the stack', (change, opts) => {
    pulumi.runtime.registerStackTransformation(rewrite(change, opts));
    return {};
  }],
];

/** Everybody who may also take the first layer away, and how. */
const STRIPPING: ReadonlyArray<readonly [who: string, how: string, weaken: () => Options]> = WORDS.flatMap(([who, weaken], index) => (
  (index === 0 ? [undefined, {}] : [undefined]).map((hooks) => [who, `hooks: ${JSON.stringify(hooks)}`, () => weaken(failOpen, { hooks })] as const)
));

const WEAK = /\[FAILURE_POLICY\]/;
const WEAK_TO_PACK = /proofgate-resources[\s\S]*\[FAILURE_POLICY\]/;

/** Who has the last word: each of the three layers alone, and together. */
export async function lastWordCases(check: Check): Promise<void> {
  for (const [who, weaken] of WORDS) {
    await check(`hook: what ${who} weakens is refused in preview and update, and reaches nobody`, async (scene) => {
      const program = (): void => void declare(weaken(failOpen));
      await scene.refuses('preview', /hook [\s\S]* failed: \[FAILURE_POLICY\] proofgate-verifier-validating-webhook-configuration/, program);
      assert.equal(reached(await scene.refuses('up', WEAK, program)), false);
    });
    await check(`hook: what ${who} leaves as it is, is created`, async (scene) => {
      assert.equal(reached((await scene.does('up', () => void declare(weaken(unchanged)))).operations), true);
    });
  }

  for (const [who, weaken] of WORDS) {
    await check(`no guard: what ${who} weakens is created`, async (scene) => {
      const { operations } = await scene.does('up', () => {
        const opts = weaken(failOpen) as pulumi.CustomResourceOptions;
        rendered().forEach((manifest) => registerObject(manifest, opts));
      });
      assert.deepEqual(failurePolicies(operations), ['Ignore']);
    });
  }

  await check('outputs: alone they refuse after the fact; the weak object has been created', async (scene) => {
    assert.deepEqual(failurePolicies(await scene.refuses('up', WEAK, () => void declare({ transforms: [rewrite(failOpen, { hooks: {} })] }))), ['Ignore']);
  });

  await check('hook: what is weakened by a change is refused, and what stands is left', async (scene) => {
    await scene.does('up', () => void declare());
    const weak = (): void => void declare({ transforms: [rewrite(failOpen)] });
    await scene.refuses('preview', WEAK, weak);
    assert.deepEqual(await scene.refuses('up', WEAK, weak), []);
  });

  await check('hook: a value that is not known in the preview is refused there', async (scene) => {
    await scene.refuses('preview', /\[FAILURE_POLICY\][^\n]*not known yet/, () => {
      const source = new k8s.core.v1.ConfigMap('source', { metadata: { name: 'source' } });
      declare({ transforms: [rewrite(failurePolicy(unknownIn(source)))] });
    });
  });

  for (const [what, weaken] of [['an entry', failurePolicy(pulumi.secret('Ignore'))], ['all entries', (props: Props) => ({ ...props, webhooks: pulumi.secret(failOpen(props)['webhooks']) })]] as const) {
    await check(`hook: that ${what} of the webhook configuration is marked secret hides nothing`, async (scene) => {
      const program = (): void => void declare({ transforms: [rewrite(weaken)] });
      await scene.refuses('preview', /before hook [\s\S]*\[(FAILURE_POLICY|NOTHING_ENFORCED|UNENFORCED)\]/, program);
      assert.equal(reached(await scene.refuses('up', /before hook/, program)), false);
    });
  }

  for (const [who, how, weaken] of STRIPPING) {
    const program = (): void => void declare(weaken());
    await check(`outputs: ${who} that also says ${how} is refused in preview and update; with the policy pack, before anything of it is created`, async (scene) => {
      await scene.refuses('preview', WEAK_TO_PACK, program, { pack: true });
      assert.equal(reached(await scene.refuses('up', WEAK_TO_PACK, program, { pack: true })), false);
      await scene.refuses('preview', WEAK, program);
      await scene.refuses('up', WEAK, program);
    });
  }

  await check('outputs: ignoreChanges that keeps the old policies in force is refused in the preview of the new ones', async (scene) => {
    const keep: Options = { transforms: [({ type, props, opts }) => (type.endsWith(':Deployment') ? { props, opts: { ...opts, ignoreChanges: ['spec'] } } : undefined)] };
    const changed = { images: ['ghcr.io/acme/ledger/**'] };
    await scene.does('up', () => void declare());
    await scene.refuses('preview', /\[POLICY_UNREAD\]|\[ALTERED\]/, () => void declare(keep, changed));
    await scene.refuses('up', /\[POLICY_UNREAD\]|\[ALTERED\]/, () => void declare(keep, changed));
    await scene.does('up', () => void declare({}, changed));
  });

  for (const [option, code] of [[{ ignoreChanges: ['webhooks'] }, 'IGNORED_CHANGES'], [{ deleteBeforeReplace: false }, 'DELETED_AFTER_REPLACED']] as const) {
    await check(`pack: ${Object.keys(option).join()} on what enforces is refused`, async (scene) => {
      const program = (): void => void declare({ transforms: [rewrite(unchanged, option)] });
      await scene.refuses('preview', new RegExp(`\\[${code}\\]`), program, { pack: true });
      assert.equal(reached(await scene.refuses('up', new RegExp(`\\[${code}\\]`), program, { pack: true })), false);
    });
  }

  for (const [name, program] of Object.entries(STACKS)) {
    await check(`pack: the sound stack of ${name} passes, twice`, async (scene) => {
      await scene.does('preview', program, { pack: true });
      await scene.does('up', program, { pack: true });
      assert.deepEqual(Object.keys((await scene.does('preview', program, { pack: true })).outcome.changes), ['same']);
    });
  }

  const raw = (change: (manifest: Manifest) => Manifest | undefined) => (): void => (
    rendered().flatMap((manifest) => change(manifest) ?? []).forEach((manifest) => registerObject(manifest, {}))
  );
  await check('pack: objects that no component has made pass when they are sound', async (scene) => {
    assert.equal(reached((await scene.does('up', raw((manifest) => manifest), { pack: true })).operations), true);
  });
  await check('pack: objects that no component has made are refused when they are weak, before they are created', async (scene) => {
    const program = raw((manifest) => (manifest.kind === WEBHOOK ? failOpen(manifest) as unknown as Manifest : manifest));
    await scene.refuses('preview', WEAK_TO_PACK, program, { pack: true });
    assert.equal(reached(await scene.refuses('up', WEAK_TO_PACK, program, { pack: true })), false);
  });
  await check('pack: what is missing beside the others is refused', async (scene) => {
    const program = raw((manifest) => (manifest.kind === 'PodDisruptionBudget' ? undefined : manifest));
    await scene.refuses('preview', /proofgate-stack[\s\S]*\[DISRUPTION_BUDGET\]/, program, { pack: true });
  });
  await check('pack: a patch from beside is refused as the object that it patches', async (scene) => {
    await scene.refuses('preview', WEAK_TO_PACK, () => {
      declare();
      new k8s.admissionregistration.v1.ValidatingWebhookConfigurationPatch('beside', {
        metadata: { name: 'proofgate-verifier' }, webhooks: [{ name: 'validate-all.proofgate-verifier.proofgate.dev', failurePolicy: 'Ignore' }],
      });
    }, { pack: true });
  });
  await check('pack: a value that is not known in the preview is refused there', async (scene) => {
    await scene.refuses('preview', /\[FAILURE_POLICY\][^\n]*not known yet/, () => {
      const source = new k8s.core.v1.ConfigMap('source', { metadata: { name: 'source' } });
      rendered().forEach((manifest) => registerObject(manifest, { transforms: [rewrite(failurePolicy(unknownIn(source)))] }));
    }, { pack: true });
  });
}

/** What the webhook configurations that were created say of the time when nobody answers. */
function failurePolicies(operations: readonly Operation[]): unknown[] {
  const created = operations.filter(({ kind, operation }) => kind === WEBHOOK && operation === 'create');
  return [...new Set(created.flatMap(({ properties }) => (properties['webhooks'] as Props[]).map((entry) => entry['failurePolicy'])))];
}

/** Known once the object is created, and no sooner. */
function unknownIn(source: k8s.core.v1.ConfigMap): pulumi.Output<string> {
  return source.id.apply(() => 'Ignore');
}

/** The objects of a policy, made without the components. */
function rendered(): Manifest[] {
  const document = parseDocument({
    apiVersion: 'proofgate.dev/v1',
    kind: 'ImagePolicy',
    metadata: { name: 'payments' },
    spec: {
      images: ['ghcr.io/acme/payments/**'],
      attestors: { release: { type: 'keyless', issuer: 'https://accounts.google.com', subject: 'builder@acme.iam.gserviceaccount.com', trustRoot: 'sigstore' } },
      requirements: [{ type: 'signature', name: 'signature', attestors: ['release'] }],
    },
  });
  return renderWebhook({ documents: [document], trustRoots: [], settings: defaultSettings });
}
