import assert from 'node:assert';
import * as pulumi from '@pulumi/pulumi';
import { DenyList, Exemption, KeylessAttestor, NamespaceSelection, NativeEngine, SignedImagePolicy, VerifierTls, WebhookVerifier } from '../../../lib/pulumi';
import { Operation } from '../harness/echo-provider';
import { Check, declare, release, WEBHOOK } from './scene';

/** The life of a stack that enforces: creation, changes, and its end. */
export async function lifeCases(check: Check): Promise<void> {
  const titles = (operations: readonly Operation[]): string[] => operations.map(({ operation, kind }) => `${operation} ${kind}`);

  await check('what asks the verifier is created after everything that answers, and deleted before it; a preview of the same finds nothing to do', async (scene) => {
    assert.deepEqual((await scene.does('preview', () => void declare())).operations, []);
    const { operations: created } = await scene.does('up', () => void declare());
    const kinds = created.map(({ kind }) => kind);
    assert.equal(kinds[0], 'Namespace');
    assert.deepEqual(kinds.slice(-2).sort(), ['MutatingWebhookConfiguration', WEBHOOK]);
    assert.deepEqual(kinds.slice(-4, -2).sort(), ['Deployment', 'Service']);
    assert.deepEqual(Object.keys((await scene.does('preview', () => void declare())).outcome.changes), ['same']);
    assert.deepEqual((await scene.does('up', () => void declare())).operations, []);
    const { operations: deleted } = await scene.does('destroy');
    assert.equal(deleted.length, created.length);
    assert.deepEqual(deleted.slice(0, 2).map(({ kind }) => kind).sort(), ['MutatingWebhookConfiguration', WEBHOOK]);
    assert.equal(deleted.at(-1)?.kind, 'Namespace');
  });

  await check('a changed policy is a new ConfigMap, then a rollout, and only then the end of the old one; what asks stays', async (scene) => {
    await scene.does('up', () => void declare());
    const { operations } = await scene.does('up', () => void declare({}, { images: ['ghcr.io/acme/payments/**', 'ghcr.io/acme/ledger/**'] }));
    assert.deepEqual(titles(operations), ['create ConfigMap', 'update Deployment', 'delete ConfigMap']);
    assert.equal(operations[0]?.name, operations[2]?.name, 'shown as a change of one resource');
  });

  await check('a policy that comes to hold in another namespace reaches the verifier before the API server asks about it', async (scene) => {
    const program = (...names: string[]) => () => void new SignedImagePolicy('payments', {
      images: ['ghcr.io/acme/**'], attestors: [release()], namespaces: NamespaceSelection.names(...names),
    });
    await scene.does('up', program('one'));
    const done = titles((await scene.does('up', program('one', 'two'))).operations);
    assert.deepEqual(done.slice(0, 2), ['create ConfigMap', 'update Deployment']);
    assert.deepEqual(done.slice(2, 4).sort(), ['update MutatingWebhookConfiguration', `update ${WEBHOOK}`]);
    assert.deepEqual(done.slice(4), ['delete ConfigMap']);
  });

  await check('a verifier that is renamed in the program, or made by hand in place of the one that a policy brought, touches no object', async (scene) => {
    await scene.does('up', () => void new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release()] }));
    assert.deepEqual((await scene.does('up', () => void declare())).operations, []);
    assert.deepEqual((await scene.does('up', () => void declare({}, { verifier: 'renamed' }))).operations, []);
    assert.deepEqual((await scene.does('up', () => void declare({ aliases: [{ name: 'renamed' }] }, { verifier: 'aliased' }))).operations, []);
  });

  await check('a verifier that moves below another component takes its objects along', async (scene) => {
    await scene.does('up', () => void declare());
    const moved = (): void => void declare({ parent: new pulumi.ComponentResource('acme:index:Platform', 'platform') });
    assert.deepEqual((await scene.does('up', moved)).operations, []);
    assert.deepEqual((await scene.does('up', moved)).operations, []);
  });

  await check('a verifier that moves up from below another component takes its objects along where aliases says where it was', async (scene) => {
    await scene.does('up', () => void declare({ parent: new pulumi.ComponentResource('acme:index:Platform', 'platform') }));
    const top = (): void => void declare({ aliases: [pulumi.createUrn('verifier', 'proofgate:index:WebhookVerifier', pulumi.createUrn('platform', 'acme:index:Platform'))] });
    assert.deepEqual((await scene.does('up', top)).operations, []);
  });

  await check('replaceOnChanges: what asks the verifier is deleted before it is created anew, so that it is there afterwards', async (scene) => {
    const program = (replace: boolean, ...names: string[]) => (): void => {
      const transforms: pulumi.ResourceTransform[] = replace ? [({ props, opts }) => ({ props, opts: { ...opts, replaceOnChanges: ['*'] } })] : [];
      const engine = new WebhookVerifier('verifier', {}, { transforms });
      new SignedImagePolicy('payments', { images: ['ghcr.io/acme/**'], attestors: [release()], namespaces: NamespaceSelection.names(...names), engine });
    };
    await scene.does('up', program(false, 'one'));
    for (const options of [{}, { pack: true }]) {
      const { operations } = await scene.does('up', program(true, 'one', options.pack ? 'three' : 'two'), options);
      assert.deepEqual(titles(operations.filter(({ kind }) => kind === WEBHOOK)), [`delete ${WEBHOOK}`, `create ${WEBHOOK}`]);
      assert.deepEqual(titles(operations.filter(({ kind }) => kind === 'Deployment')), ['delete Deployment', 'create Deployment']);
    }
  });

  await check('a protected verifier is not destroyed, nor a part of it', async (scene) => {
    await scene.does('up', () => void declare({ protect: true }));
    assert.deepEqual(await scene.refuses('destroy', /protect/), []);
  });

  await check('two verifiers share a stack when they share no name and neither guards the other', async (scene) => {
    const { operations } = await scene.does('up', () => {
      for (const team of ['east', 'west']) {
        const verifier = new WebhookVerifier(team, { name: `verifier-${team}`, namespace: `verifier-${team}` });
        new SignedImagePolicy(`policy-${team}`, {
          images: ['ghcr.io/acme/**'], attestors: [release(`release-${team}`)], namespaces: NamespaceSelection.names(team), engine: verifier,
        });
      }
    });
    assert.equal(operations.filter(({ kind }) => kind === WEBHOOK).length, 2);
  });

  await check('refused: a policy that comes after the objects of its verifier', async (scene) => {
    const late = async (): Promise<void> => {
      const { engine: verifier } = declare();
      await new Promise((resolve) => setTimeout(resolve, 10));
      new SignedImagePolicy('late', { images: ['ghcr.io/acme/late'], attestors: [release('other')], engine: verifier });
    };
    await scene.refuses('preview', /\[INVALID_INPUT\] late: the objects of its engine verifier are already registered/, late);
  });

  const refused: ReadonlyArray<readonly [claim: string, said: RegExp, program: () => void]> = [
    ['an attestor that nothing names', /\[UNUSED\] unused: no policy names this KeylessAttestor/, () => {
      declare();
      release('unused');
    }],
    ['a verifier without a policy', /\[NOTHING_ENFORCED\] verifier: no policy uses this verifier/, () => void new WebhookVerifier('verifier')],
    ['exemptions alone', /\[NOTHING_ENFORCED\] proofgate-verifier: only exemptions or deny lists such as agent/, () => void new Exemption('agent', {
      image: 'docker.io/vendor/agent', digests: [`sha256:${'8d4b'.repeat(16)}`], reason: 'Not signed yet', owner: 'platform@acme.example', until: '2027-06-30',
    })],
    ['a verifier that a policy brought beside one that was made', /\[VERIFIER_NOT_CHOSEN\] other: it brings a verifier of its own/, () => {
      new SignedImagePolicy('other', { images: ['ghcr.io/acme/other'], attestors: [release('other')] });
      declare();
    }],
    ['two verifiers of one name', /\[VERIFIER_NAME_TAKEN\] second: it shares the name "proofgate-verifier" with first/, () => {
      new SignedImagePolicy('other', { images: ['ghcr.io/acme/other'], attestors: [release('other')], engine: new WebhookVerifier('first') });
      const verifier = new WebhookVerifier('second');
      new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release()], engine: verifier });
    }],
    ['an engine whose object is one of the verifier', /\[DUPLICATE_OBJECT\] .*ValidatingAdmissionPolicy proofgate-verifier-objects/, () => {
      declare();
      new DenyList('leaked', {
        digests: [`sha256:${'8d4b'.repeat(16)}`], reason: 'Leaked', owner: 'security@acme.example',
        namespaces: NamespaceSelection.names('agents'), engine: new NativeEngine('floor', { name: 'proofgate-verifier-objects' }),
      });
    }],
    ['an allow-list of the API server where a verifier holds', /\[NAMESPACE_DIVIDED\] agent: It lets docker\.io\/vendor\/agent run in agents, where the ImagePolicy payments of WebhookVerifier verifier holds as well/, () => {
      declare();
      new Exemption('agent', {
        image: 'docker.io/vendor/agent', digests: [`sha256:${'8d4b'.repeat(16)}`], reason: 'Not signed yet', owner: 'platform@acme.example', until: '2027-06-30',
        namespaces: NamespaceSelection.names('agents'), engine: new NativeEngine('native'),
      });
    }],
    ['a policy that holds where cert-manager runs', /\[ISSUER_LOCKED_OUT\] payments: namespaces: It holds in cert-manager/, () => {
      const verifier = new WebhookVerifier('verifier', { tls: VerifierTls.certManager({ name: 'internal-ca' }) });
      new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release()], engine: verifier });
    }],
    ['a verifier with one replica', /\[REPLICAS\]/, () => {
      const verifier = new WebhookVerifier('verifier', { replicas: 1 });
      new SignedImagePolicy('payments', { images: ['ghcr.io/acme/payments/**'], attestors: [release()], engine: verifier });
    }],
    ['a policy whose error the program has caught, and nothing else is left', /\[INVALID_INPUT\] caught: images/, () => {
      try {
        new SignedImagePolicy('caught', { images: [], attestors: [release('other')] });
      } catch {
        console.log('caught, as no program should');
      }
    }],
    ['an identity whose error the program has caught', /\[INVALID_INPUT\] caught: /, () => {
      try {
        KeylessAttestor.email('caught', { issuer: 'https://id.acme.example', email: 'nobody' });
      } catch {
        console.log('caught, as no program should');
      }
    }],
    ['a policy whose error the program has caught', /\[REFUSED\] caught: this SignedImagePolicy was refused when it was made/, () => {
      declare();
      try {
        new SignedImagePolicy('caught', { images: [], attestors: [release('other')] });
      } catch {
        console.log('caught, as no program should');
      }
    }],
  ];
  for (const [claim, said, program] of refused) {
    await check(`refused in preview and update, and nothing is created: ${claim}`, async (scene) => {
      await scene.refuses('preview', said, program);
      const operations = await scene.refuses('up', said, program);
      assert.deepEqual(titles(operations), []);
    });
  }
}
