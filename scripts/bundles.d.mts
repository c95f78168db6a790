/** The code of one bundle, and the files it is made of. */
export declare function bundleInMemory(name: string): Promise<{ readonly code: string; readonly inputs: readonly string[] }>;

/** Names of the bundles that the image holds. */
export const OF_THE_IMAGE: readonly string[];
