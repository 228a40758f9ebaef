// An instant of a world as figures are measured on it: the picture, every condition, the caption.
import { regionColours } from '../../packages/synth/dist/index.js';
import { createWorld, loadAssets } from '../../packages/world/dist/index.js';

/** Returns `look(seed)`: worlds of `size` at an instant, from the assets of a folder or procedural; labels are those of the model's classes of the same names. */
export async function worldsFor(model, size, assets, instant = 10) { // by then what moves is moving
  const library = assets === undefined ? undefined : await loadAssets(assets);
  const names = new Map(model.classes.map(({ name, id }) => [name, id]));
  const look = (seed) => {
    const world = createWorld({ seed, ...size, ...(library && { assets: library }) });
    const now = world.render(instant);
    const labels = now.labels.map((id) => names.get(world.classes[id].name) ?? 0);
    const people = now.people.filter(({ labelled, box }) => labelled && box[2] > 0).map(({ instanceId, box, keypoints }) => ({
      id: instanceId, score: 1, box, keypoints: keypoints.map(({ x, y, visibility }) => ({ x, y, score: visibility > 0 ? 1 : 0 })),
    }));
    const frame = { rgb: now.rgb, ...size, stamp: now.stamp, frameId: 'camera', sequence: seed, camera: now.camera };
    const condition = { depth: { ...size, metres: now.depth }, segmentation: { ...size, labels, instances: now.instances }, skeleton: { ...size, people }, focal: now.camera.k[0] };
    return { frame, condition, caption: world.caption, palette: () => ({ ...size, rgb: regionColours(now.rgb, labels, now.instances) }) };
  };
  return { look, assets: library?.name ?? null };
}
