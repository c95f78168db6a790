/** An image for one platform. */
export interface PlatformImage {
  /** `sha256:…` of its manifest. */
  readonly digest: string;
  /** For people, as the index says it: `linux/arm64`; nothing is decided by it. */
  readonly platform: string;
}
