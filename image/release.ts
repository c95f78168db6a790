import { CYCLONEDX } from './bill-of-materials';
import { Descriptor } from './compose';
import { ImageError } from './error';
import { readBlob, readLayout } from './layout';
import { Pin } from './pin';
import { IN_TOTO, SLSA_PROVENANCE, statement } from './provenance';
import { Repository } from './push';
import { BUNDLE_TYPE, IMAGE_SIGNATURE, SigningOptions, signStatement } from './sign';

const CYCLONEDX_PREDICATE = 'https://cyclonedx.org/bom';

/** An image that no constructs of this source would deploy, and that was not pushed for that reason. */
export class NotDeployed extends ImageError {
  constructor(made: string, deployed: string) {
    super(
      `nothing was pushed: this source makes the image ${made}, and its constructs deploy ${deployed}, which the cluster would look for in vain. `
      + "Run 'npm run image -- --pin', then 'npm pack' for who installs the package, synthesize with that, and push again.",
    );
    this.name = 'NotDeployed';
  }
}

/**
 * Pushes the image of a layout with what is attached to it.
 *
 * @param deployed - digest that the constructs deploy
 * @throws NotDeployed before anything is pushed, where the layout holds another image
 */
export async function pushImage(folder: string, repository: Repository, deployed: string): Promise<void> {
  const [image, ...attached] = readLayout(folder);
  if (image.digest !== deployed) {
    throw new NotDeployed(image.digest, deployed);
  }
  await repository.push(folder, image);
  for (const { digest, artifactType } of attached) {
    await repository.attach(image, artifactType ?? '', documentIn(folder, digest));
  }
}

/**
 * Signs the image of a layout, its bill of materials and its provenance, each as a statement of its own, and attaches the bundles.
 *
 * @param name - repository that the statements speak of
 * @throws ImageError when the layout holds no provenance; nothing is signed then
 */
export async function signImage(folder: string, name: string, repository: Repository, options: SigningOptions): Promise<void> {
  const [image, ...attached] = readLayout(folder);
  const signed: Pin = { repository: name, digest: image.digest };
  const document = (type: string): Buffer => documentIn(folder, (attached.find(({ artifactType }) => artifactType === type) ?? noDocument(folder, type)).digest);
  const bill = JSON.parse(document(CYCLONEDX).toString()) as object;
  const say = (predicateType: string, predicate: object): readonly [string, Buffer] => [predicateType, Buffer.from(JSON.stringify(statement(signed, predicateType, predicate)))];
  const statements = [say(IMAGE_SIGNATURE, {}), say(CYCLONEDX_PREDICATE, bill), [SLSA_PROVENANCE, document(IN_TOTO)] as const];
  for (const [predicateType, content] of statements) {
    await repository.attach(image, BUNDLE_TYPE, await signStatement(content, options), {
      'dev.sigstore.bundle.content': 'dsse-envelope', 'dev.sigstore.bundle.predicateType': predicateType,
    });
  }
}

/** The only layer of an artifact. */
function documentIn(folder: string, digest: string): Buffer {
  const { layers: [layer] } = JSON.parse(readBlob(folder, digest).toString()) as { layers: [Descriptor] };
  return readBlob(folder, layer.digest);
}

function noDocument(folder: string, type: string): never {
  throw new ImageError(`${folder} holds no ${type} beside its image; build it from a checkout without changes, whose commit the provenance can name`);
}
