import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goVersion, prepare } from '../../e2e/harness/binaries';

/** The release of engine and CLI that `engine/pulumi/go.mod` pins; the SDK in package.json is of the same. */
export const PULUMI_VERSION = '3.245.0';

/**
 * The Pulumi CLI with the engine inside, built from its pinned Go module unless an earlier run has left it in the user's cache.
 *
 * @throws CannotRun when Go is missing or the build fails
 */
export async function preparePulumi(root: string): Promise<string> {
  return prepare({
    source: join(root, 'test/pulumi/engine/pulumi'),
    title: `Pulumi ${PULUMI_VERSION} (some minutes)`,
    package: 'github.com/pulumi/pulumi/pkg/v3/cmd/pulumi',
    ldflags: `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${PULUMI_VERSION}`,
  }, goVersion());
}

/** The release that `engine/kubernetes/go.mod` pins, which has no tag there; the SDK in package.json is of the same. */
const PROVIDER_VERSION = '4.25.0';

const PROVIDER_MODULE = 'github.com/pulumi/pulumi-kubernetes/provider/v4';

/**
 * The Kubernetes provider, built as the engine is.
 *
 * @throws CannotRun when Go is missing or the build fails
 */
export async function prepareKubernetesProvider(root: string): Promise<string> {
  const source = join(root, 'test/pulumi/engine/kubernetes');
  return prepare({
    source,
    name: 'pulumi-resource-kubernetes',
    title: `the Kubernetes provider of Pulumi ${PROVIDER_VERSION} (many minutes)`,
    ldflags: `-s -w -X ${PROVIDER_MODULE}/pkg/version.Version=${PROVIDER_VERSION}`,
    generate: () => embed(source),
  }, goVersion());
}

/** The two files that the provider embeds, made as its release makes them from what its module holds. */
function embed(source: string): void {
  const { Dir: module } = JSON.parse(execFileSync('go', ['mod', 'download', '-json', PROVIDER_MODULE], { cwd: source, encoding: 'utf8' })) as { readonly Dir: string };
  const read = (name: string): object => JSON.parse(readFileSync(join(module, 'cmd/pulumi-resource-kubernetes', name), 'utf8')) as object;
  writeFileSync(join(source, 'schema-embed.json'), JSON.stringify({ ...read('schema.json'), version: PROVIDER_VERSION }));
  writeFileSync(join(source, 'terraform-mapping-embed.json'), JSON.stringify(read('terraform-mapping.json')));
}
