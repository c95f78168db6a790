import { DemoCluster, Outcome } from './cluster';
import { Scene } from './scenes';

/** What became of a scene. */
export interface Result {
  readonly title: string;
  readonly admitted: boolean;
  /** Reason codes of the refusal, each once; for a webhook that did not answer, that. */
  readonly reasons: readonly string[];
  /** What the user reads. */
  readonly message: string;
  /** The images that were asked for, as admission left them. */
  readonly images: readonly string[];
  readonly asExpected: boolean;
}

export async function play(scene: Scene, cluster: DemoCluster): Promise<Result> {
  const outcome = await cluster.submit(scene.submission, scene.pinning);
  const { admitted, message, object } = outcome;
  return { title: scene.title, admitted, reasons: reasonsOf(outcome), message, images: imagesOf(object), asExpected: isExpected(scene, outcome) };
}

/** A reason counts when it stands in the message; an admission only when every image ended up with a digest. */
function isExpected({ expected }: Scene, { admitted, message, object }: Outcome): boolean {
  return expected === 'admitted'
    ? admitted && imagesOf(object).every((image) => image.includes('@sha256:') || object.kind !== 'Pod')
    : !admitted && message.includes(expected.refusedWith);
}

function reasonsOf({ admitted, message }: Outcome): string[] {
  if (admitted) {
    return [];
  }
  const codes = Array.from(message.matchAll(/\[([A-Z_]+)\]/g), ([, code]) => code ?? '');
  return codes.length > 0 ? [...new Set(codes)] : ['the webhook did not answer'];
}

function imagesOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, member]) => (key === 'image' && typeof member === 'string' ? [member] : imagesOf(member)));
}
