import type { Manifest } from '../../../lib/engines/manifest';
import type { Answer } from './engine';

/** Where images stand in a Pod; a list of one container is what a Pod has to have. */
export interface PodImages {
  readonly containers?: readonly string[];
  readonly initContainers?: readonly string[];
  readonly ephemeralContainers?: readonly string[];
  readonly volumes?: readonly string[];
  readonly namespace?: string;
}

/** A Pod with these images and nothing else. */
export function podWith({ containers = [], initContainers = [], ephemeralContainers = [], volumes = [], namespace = 'shop' }: PodImages): Manifest {
  const named = (prefix: string, images: readonly string[]): object[] => images.map((image, index) => ({ name: `${prefix}-${index}`, image }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod', namespace },
    spec: {
      containers: named('main', containers),
      ...initContainers.length === 0 ? {} : { initContainers: named('init', initContainers) },
      ...ephemeralContainers.length === 0 ? {} : { ephemeralContainers: named('debug', ephemeralContainers) },
      ...volumes.length === 0 ? {} : { volumes: volumes.map((reference, index) => ({ name: `volume-${index}`, image: { reference } })) },
    },
  };
}

type Judge = (
  reference: string, namespace: { readonly name: string; readonly labels: { readonly [key: string]: string } },
) => Promise<{ readonly allowed: boolean; readonly why: string }>;

/** The images of a Pod by where they stand. */
export function imagesOf({ spec }: Manifest): Required<Omit<PodImages, 'namespace'>> {
  const { containers = [], initContainers = [], ephemeralContainers = [], volumes = [] } = spec as {
    readonly [list in 'containers' | 'initContainers' | 'ephemeralContainers']?: ReadonlyArray<{ readonly image: string }>;
  } & { readonly volumes?: ReadonlyArray<{ readonly image: { readonly reference: string } }> };
  const of = (list: ReadonlyArray<{ readonly image: string }>): string[] => list.map(({ image }) => image);
  return { containers: of(containers), initContainers: of(initContainers), ephemeralContainers: of(ephemeralContainers), volumes: volumes.map(({ image }) => image.reference) };
}

/** Whether all images of a Pod are allowed. */
export async function isAllowedIn(pod: Manifest, judge: Judge): Promise<Answer> {
  const name = pod.metadata.namespace ?? 'default';
  const refusals: string[] = [];
  for (const image of new Set(Object.values(imagesOf(pod)).flat())) {
    const { allowed, why } = await judge(image, { name, labels: { 'kubernetes.io/metadata.name': name, 'team': 'shop' } });
    refusals.push(...allowed ? [] : [why]);
  }
  return { says: refusals.length === 0 ? 'allow' : 'deny', why: refusals.join('; ') };
}
