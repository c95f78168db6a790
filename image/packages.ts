/** What the image takes from Debian; `npm run image -- --refresh` locks their versions. */
export const DEBIAN_PACKAGES: readonly string[] = [
  // os-release, by which scanners know what they look at, and the licences that copyright files speak of.
  'base-files',
  'ca-certificates',
  // Holds the copyright file of the two libraries below.
  'gcc-12-base',
  'libc6',
  'libgcc-s1',
  'libstdc++6',
];
