import assert from 'node:assert/strict';
import { VERIFIER, verifierImage } from '../../cases/scene';
import { accepted } from '../../harness/cluster';
import type { Report } from '../../harness/report';
import type { Figures } from '../figures';
import type { NodeScene } from '../scene';
import { expectUndisturbed, whileRequested } from '../traffic';

/** Replicas of the earlier version do not wait, when they end, for those who ask them: then a request may be without an answer, so refused. */
const UNANSWERED = 1 / 50;

/** From a version that really was another, with an image, a file and rights of its own, as its users have it. */
export async function upgradeCases(report: Report, scene: NodeScene, figures: Figures): Promise<void> {
  const apply = async (yaml: string): Promise<void> => {
    await scene.cluster.kubectl.apply(yaml);
    await scene.rolledOut();
    assert.deepEqual([...new Set((await scene.verifierPods()).map(({ spec }) => spec.containers[0]?.image))], [verifierImage(yaml)]);
  };

  const earlier = await report.case('an earlier version, made of its own source and lock file, rolls out where nothing is installed, and enforces', async () => {
    await scene.kubectl(['delete', '--timeout=90s', '--filename=-'], scene.yaml);
    const yaml = await scene.pushEarlierVersion();
    assert.notEqual(verifierImage(yaml), verifierImage(scene.yaml));
    await scene.createRegistryAuthority();
    await apply(yaml);
    await scene.enforces();
    return yaml;
  });
  if (earlier === undefined) {
    return;
  }
  await report.case('S09: this version takes the place of that one: no unsigned image is admitted meanwhile, hardly a request is not answered, and the authority stays', async () => {
    const before = await secret(scene);
    const seen = await whileRequested(scene, () => figures.time('upgrade from a version that really was another, three replicas', () => apply(scene.yaml)));
    figures.add('requests during that upgrade', seen.figures);
    expectUndisturbed(seen, UNANSWERED);
    assert.deepEqual(await secret(scene), before);
    await scene.enforces();
  });
  await report.case('what that version had and this one has not is nothing but ConfigMaps, which nobody reads', async () => {
    const ofFile = async (yaml: string): Promise<Set<string>> => new Set((await scene.kubectl(['apply', '--server-side', '--dry-run=server', '--force-conflicts', '--output=name', '--filename=-'], yaml)).trim().split('\n'));
    const [old, current] = [await ofFile(earlier), await ofFile(scene.yaml)];
    const kinds = new Set([...old].filter((name) => !current.has(name)).map((name) => name.split('/')[0]));
    assert.deepEqual([...kinds], ['configmap']);
  });
  await report.case('to go back is to apply the file of before, and forward again this one: no unsigned image is admitted, and hardly a request is not answered', async () => {
    const back = await whileRequested(scene, () => apply(earlier));
    figures.add('requests on the way back', back.figures);
    expectUndisturbed(back, UNANSWERED);
    await scene.enforces();
    expectUndisturbed(await whileRequested(scene, () => apply(scene.yaml)), UNANSWERED);
    await scene.enforces();
  });
}

/** What replicas share. */
async function secret(scene: NodeScene): Promise<unknown> {
  return accepted(await scene.cluster.api.get({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: VERIFIER.namespace, name: `${VERIFIER.name}-tls` } }))['data'];
}
