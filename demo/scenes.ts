import { PodLike, Submission } from './cluster';
import { DemoImages } from './images';

/** One request, and what has to become of it. */
export interface Scene {
  readonly title: string;
  readonly submission: Submission;
  /** A reason code, or text that the refusal contains. */
  readonly expected: 'admitted' | Refusal;
  /** Whether tags are pinned on the way in. @default true */
  readonly pinning?: boolean;
}

interface Refusal {
  readonly refusedWith: string;
}

const PODS = { group: '', version: 'v1', resource: 'pods' };
const DEPLOYMENTS = { group: 'apps', version: 'v1', resource: 'deployments' };

/** What happens while the verifier runs. */
export function scenesOf(images: DemoImages): readonly Scene[] {
  const running = pod('checkout', [images.genuine]);
  return [
    admitted('signed by the release workflow, with its provenance', create(running)),
    admitted('signed by cosign, with real Fulcio and Rekor', create(pod('tool', [images.byCosign]))),
    admitted('the signed image in a Deployment', { object: deployment(images.genuine), resource: DEPLOYMENTS }),
    { ...refused('the signed image by its tag, which nobody pinned', create(running), 'TAG_NOT_PINNED'), pinning: false },
    refused('not signed', create(pod('unsigned', [images.unsigned])), 'NO_SIGNATURE'),
    refused("signed by a fork's workflow", create(pod('fork', [images.byFork])), 'WRONG_IDENTITY'),
    refused('signed, without provenance', create(pod('without-provenance', [images.withoutProvenance])), 'NO_ATTESTATION'),
    refused("signed, with the provenance of a fork's build", create(pod('forged', [images.forgedProvenance])), 'WRONG_PROVENANCE'),
    refused('tampered with after signing', create(pod('tampered', [images.tampered])), 'WRONG_SUBJECT'),
    refused('from a registry that no policy names', create(pod('foreign', ['docker.io/library/nginx:1.29'])), 'UNMATCHED_IMAGE'),
    refused('not signed, as an init container', create(pod('init', [images.genuine], { initContainers: [container('init', images.unsigned)] })), 'NO_SIGNATURE'),
    refused('not signed, as an ephemeral container', {
      object: { ...running, spec: { ...running.spec, ephemeralContainers: [container('debug', images.unsigned)] } },
      oldObject: running, operation: 'UPDATE', resource: PODS, subResource: 'ephemeralcontainers',
    }, 'NO_SIGNATURE'),
    refused('not signed, in a Deployment', { object: deployment(images.unsigned), resource: DEPLOYMENTS }, 'NO_SIGNATURE'),
  ];
}

/** What happens once nobody answers. */
export function sceneWithoutVerifier(images: DemoImages): Scene {
  return refused('the signed image, while the verifier is down', create(pod('checkout', [images.genuine])), 'failed calling webhook');
}

function admitted(title: string, submission: Submission): Scene {
  return { title, submission, expected: 'admitted' };
}

function refused(title: string, submission: Submission, refusedWith: string): Scene {
  return { title, submission, expected: { refusedWith } };
}

function create(object: PodLike): Submission {
  return { object, resource: PODS };
}

function pod(name: string, images: readonly string[], more: { readonly [field: string]: unknown } = {}): PodLike {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec: { containers: images.map((image) => container('app', image)), ...more } };
}

function deployment(image: string): PodLike {
  const labels = { app: 'checkout' };
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'checkout', namespace: 'shop' },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container('app', image)] } } },
  };
}

function container(name: string, image: string): object {
  return { name, image };
}
