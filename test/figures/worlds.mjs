// An instant of a world as figures are measured on it: the picture, every condition, the caption.
import { regionColours } from '../../packages/synth/dist/index.js';
import { createWorld, loadAssets } from '../../packages/world/dist/index.js';

/** A part that is none of DensePose's: such truth does not count. */
const VOID_PART = 255;

/**
 * Worlds of `size`, from the assets of a folder or procedural; labels are those of the model's classes of the same names. Returns `look(seed)`, a world at an instant,
 * and `watch(seed, frames)`, that many frames of it from then on, one at a time.
 */
export async function worldsFor(model, size, assets, instant = 10) { // by then what moves is moving
  const library = assets === undefined ? undefined : await loadAssets(assets);
  const names = new Map(model.classes.map(({ name, id }) => [name, id]));
  const person = names.get('person');
  const open = (seed) => createWorld({ seed, ...size, ...(library && { assets: library }) });
  const seen = (world, seed, at) => {
    const now = world.render(at);
    const labels = now.labels.map((id) => names.get(world.classes[id].name) ?? 0);
    const people = now.people.filter(({ labelled, box }) => labelled && box[2] > 0).map(({ instanceId, box, keypoints }) => ({
      id: instanceId, score: 1, box, keypoints: keypoints.map(({ x, y, visibility }) => ({ x, y, score: visibility > 0 ? 1 : 0 })),
    }));
    const frame = { rgb: now.rgb, ...size, stamp: now.stamp, frameId: 'camera', sequence: seed, camera: now.camera };
    const condition = {
      depth: { ...size, metres: now.depth }, flow: { ...size, pixels: now.flow }, segmentation: { ...size, labels, instances: now.instances }, skeleton: { ...size, people },
      densepose: { ...size, part: now.part, u: now.partU, v: now.partV }, focal: now.camera.k[0],
    };
    // As `condition`, to be compared with: the bodies of people whose surface nobody knows do not count.
    const truth = { ...condition, densepose: { ...condition.densepose, part: now.part.map((id, i) => (id === 0 && labels[i] === person ? VOID_PART : id)) } };
    return { frame, condition, truth, caption: world.captionOf(now), palette: () => ({ ...size, rgb: regionColours(now.rgb, labels, now.instances) }) };
  };
  const look = (seed) => seen(open(seed), seed, instant);
  function* watch(seed, frames) {
    const world = open(seed);
    for (let i = 0; i < frames; i++) yield seen(world, seed, instant + i);
  }
  return { look, watch, assets: library?.name ?? null };
}
