/** The shapes things are built from. Local frames follow REP-103; triangles are counter-clockwise seen from outside. */
export { MeshBuilder, type SurfaceOptions } from './builder.js';
export { box, boxBetween } from './box.js';
export { cylinder, cone, sphere, ellipsoid, capsule, type CylinderOptions } from './round.js';
export { lathe, type LatheOptions } from './lathe.js';
export { plane, heightfield, type HeightGrid, type PlaneOptions } from './grid.js';
export { tube, type TubeOptions } from './tube.js';
export { extrude } from './extrude.js';
export { transformed } from './transformed.js';
export { merge, type MergePart } from './merge.js';
