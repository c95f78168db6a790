/** The oldest releases with what this entry uses: resource hooks, and admission policies of version v1. */
const OLDEST: { readonly [peer: string]: readonly [major: number, minor: number] } = {
  '@pulumi/pulumi': [3, 245],
  '@pulumi/kubernetes': [4, 25],
};

/**
 * Pulumi is an optional peer that the package does not name, since its main entry does without: so this is where its absence is said.
 *
 * @throws Error with one readable line when a peer is missing or of a release that is not known to work
 */
export function requirePeers(load: (id: string) => unknown): void {
  for (const [peer, [major, minor]] of Object.entries(OLDEST)) {
    const wanted = `${peer}@^${major}.${minor}.0`;
    const found = versionOf(peer, load);
    const [foundMajor = 0, foundMinor = 0] = (found ?? '').split('.').map(Number);
    if (foundMajor !== major || foundMinor < minor) {
      throw new Error(`proofgate/pulumi needs ${wanted}, and ${found === undefined ? 'it is not installed' : `finds ${found}`}. Run: npm install ${wanted}`);
    }
  }
}

function versionOf(peer: string, load: (id: string) => unknown): string | undefined {
  try {
    return (load(`${peer}/package.json`) as { readonly version: string }).version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') {
      return undefined;
    }
    throw error;
  }
}
