import { Application, application } from './application';
import { Cache } from './cache';
import { composeImage, ComposedImage, NamedLayer } from './compose';
import { readDeb } from './deb';
import { DebianMirror } from './debian-mirror';
import { ImageError } from './error';
import { Layer, layerOf } from './layer';
import { LayerDescriptor, Lock, lockedNode, LockedLayers } from './lock';
import { nodeEntries } from './node-layer';
import { npmTarball } from './npm-registry';
import { perPlatform, PerPlatform, Platform } from './platform';
import { systemEntries } from './system-layer';

/** An image with everything that is in it. */
export interface Image {
  readonly composed: ComposedImage;
  readonly application: Application;
  /** Layers, by digest. */
  readonly blobs: ReadonlyMap<string, Buffer>;
}

/** Layers below the application. */
export interface BaseLayers {
  readonly system: Layer;
  readonly node: Layer;
}

/** The digest that the image of this source has, from what the lock says of the layers below it: nothing is downloaded. */
export async function digestOfSource(lock: Lock): Promise<string> {
  const { entries } = await application();
  return composeImage(await layersOver(lock.layers, await layerOf(entries))).index.digest;
}

/** Puts the application of this source on layers. */
export async function assemble(base: PerPlatform<BaseLayers>): Promise<Image> {
  const app = await application();
  const layer = await layerOf(app.entries);
  const all = [layer, ...Object.values(base).flatMap(({ system, node }) => [system, node])];
  return { composed: composeImage(await layersOver(base, layer)), application: app, blobs: new Map(all.map(({ digest, blob }) => [digest, blob])) };
}

/** Makes the layers below the application from locked packages, whatever the lock says that they become. */
export async function buildBase(lock: Pick<Lock, 'suite' | 'debian'>, cache: Cache): Promise<PerPlatform<BaseLayers>> {
  const mirror = new DebianMirror(lock.suite, cache);
  return perPlatform(async (platform) => {
    const { entries, program } = await nodeEntries(npmTarball(lockedNode(platform.node), cache));
    const packages = await Promise.all(lock.debian[platform.architecture].map(async (locked) => [locked.name, await readDeb(await mirror.get(locked))] as const));
    const [system, node] = await Promise.all([layerOf(systemEntries(new Map(packages), program)), layerOf(entries)]);
    return { system, node };
  });
}

/** The layers that the lock names: those that were made before, or new ones. @throws ImageError when new ones are not what the lock says */
export async function lockedBase(lock: Lock, cache: Cache, options: { readonly fresh: boolean }): Promise<PerPlatform<BaseLayers>> {
  const known = options.fresh ? undefined : knownBase(lock, cache);
  if (known !== undefined) {
    return known;
  }
  const base = await buildBase(lock, cache);
  for (const [architecture, { system, node }] of Object.entries(base) as Array<[Platform['architecture'], BaseLayers]>) {
    checkLayer(`${architecture}, system`, system, lock.layers[architecture].system);
    checkLayer(`${architecture}, Node`, node, lock.layers[architecture].node);
    [system, node].forEach(({ digest, blob }) => cache.put(digest, blob));
  }
  return base;
}

/** What the lock says of layers. */
export async function describeBase(base: PerPlatform<BaseLayers>): Promise<Lock['layers']> {
  const describe = ({ digest, size, diffId }: LayerDescriptor): LayerDescriptor => ({ digest, size, diffId });
  return perPlatform(async ({ architecture }): Promise<LockedLayers> => ({ system: describe(base[architecture].system), node: describe(base[architecture].node) }));
}

function checkLayer(name: string, built: LayerDescriptor, locked: LayerDescriptor): void {
  if (built.digest !== locked.digest) {
    throw new ImageError(
      `the layer ${name} is ${built.digest} (unpacked ${built.diffId}), and image/lock.json says ${locked.digest} (unpacked ${locked.diffId}). `
      + "If image/ or the version of Node has changed, run 'npm run image -- --pin' and commit what it changes; otherwise this machine builds something else from the same packages.",
    );
  }
}

function knownBase(lock: Lock, cache: Cache): PerPlatform<BaseLayers> | undefined {
  const layers = Object.entries(lock.layers).map(([architecture, { system, node }]) => {
    const [systemBlob, nodeBlob] = [cache.tryGet(system.digest), cache.tryGet(node.digest)];
    return systemBlob === undefined || nodeBlob === undefined ? undefined : [architecture, { system: { ...system, blob: systemBlob }, node: { ...node, blob: nodeBlob } }] as const;
  });
  return layers.every((layer) => layer !== undefined) ? Object.fromEntries(layers) as unknown as PerPlatform<BaseLayers> : undefined;
}

async function layersOver(base: PerPlatform<LockedLayers>, app: LayerDescriptor): Promise<PerPlatform<readonly NamedLayer[]>> {
  return perPlatform(async ({ architecture }) => [
    { holds: 'libraries, authorities and licences from Debian', layer: base[architecture].system },
    { holds: 'Node', layer: base[architecture].node },
    { holds: 'the verifier', layer: app },
  ]);
}
