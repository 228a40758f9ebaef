export { CLASSES, SUPERSETS, SUPERSET_CLASSES, SUPERSET_OF, classId } from './classes.js';
export type { AssetLibrary, LoadAssetsOptions } from './assets/library.js';
export { loadAssets } from './assets/library.js';
export { SimulatedWorld, createWorld } from './world.js';
export type { StreamOptions } from './stream.js';
export { records } from './stream.js';
export type { SceneKind, World, WorldFrame, WorldKeypoint, WorldOptions, WorldPerson } from './types.js';
export type { GBuffer } from './render/types.js';
