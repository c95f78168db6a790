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
