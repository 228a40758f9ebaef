// Perceptions that cost nothing to make while a bench runs: a few prepared ones, of which only the stamp changes. Every map is full
// of different values, so that nothing is cheaper than it would be with a camera.
import { pinholeCamera } from '../../packages/core/dist/index.js';

const CLASSES = [
  { id: 0, name: 'background', color: [0, 0, 0], thing: false },
  { id: 1, name: 'person', color: [220, 20, 60], thing: true },
];

/** Perception number `seed`; `depth` and `maps` are [width, height]. */
function perception(seed, [width, height], depth, maps) {
  const random = (i) => (Math.imul(i + 1, 2_654_435_761) ^ Math.imul(seed + 1, 40_503)) >>> 0;
  const fill = (array, value) => {
    for (let i = 0; i < array.length; i++) array[i] = value(random(i));
    return array;
  };
  const [n, m] = [depth[0] * depth[1], maps[0] * maps[1]];
  const people = Array.from({ length: 3 }, (_, p) => ({
    id: p + 1, score: 0.9, box: [10 * p, 10, 20, 60], keypoints: Array.from({ length: 17 }, (__, k) => ({ x: 10 * p + k, y: 12 + 2 * k, score: 0.8 })),
  }));
  const frame = { stamp: 0n, frameId: 'camera_optical_frame', sequence: seed, width, height, rgb: fill(new Uint8Array(width * height * 3), (r) => r & 255), camera: pinholeCamera({ width, height }, { fx: 0.8 * width, provenance: 'simulated' }) };
  const [mapWidth, mapHeight] = maps;
  return {
    frame,
    depth: { width: depth[0], height: depth[1], metres: fill(new Float32Array(n), (r) => 1 + (r % 8000) / 1000), provenance: 'metric', confidence: fill(new Float32Array(n), (r) => (r % 100) / 100) },
    flow: { width: mapWidth, height: mapHeight, pixels: fill(new Float32Array(2 * m), (r) => (r % 100) / 10 - 5) },
    segmentation: { width: mapWidth, height: mapHeight, labels: bands(new Uint8Array(m), mapWidth, 2), instances: bands(new Uint16Array(m), mapWidth, 4), classes: CLASSES },
    skeleton: { width: mapWidth, height: mapHeight, people },
    densepose: { width: mapWidth, height: mapHeight, part: fill(new Uint8Array(m), (r) => r % 25), u: fill(new Uint8Array(m), (r) => r & 255), v: fill(new Uint8Array(m), (r) => (r >> 8) & 255) },
    latencyMs: 20,
  };
}

/** Upright bands of the ids 0 to `count` - 1: ids come in regions, as a model's do. */
function bands(array, width, count) {
  return array.map((_, i) => Math.floor(((i % width) * count) / width));
}

/** A function that gives perception after perception, each with the stamp it is told (nanoseconds). */
export function perceptionRing({ camera = [640, 480], depth = camera, maps = camera, length = 6 } = {}) {
  const ring = Array.from({ length }, (_, i) => perception(i, camera, depth, maps));
  let index = 0;
  return (stamp) => {
    const sequence = index++;
    const next = ring[sequence % length];
    return { ...next, frame: { ...next.frame, stamp, sequence } };
  };
}

/** Calls `tick` at `hz` without drift; a tick that is late is not made up for. Returns what ends it. */
export function everyTick(hz, tick) {
  const period = 1000 / hz;
  let due = performance.now() + period;
  let timer = setTimeout(function run() {
    tick();
    const now = performance.now();
    due = Math.max(due + period, now);
    timer = setTimeout(run, due - now);
  }, period);
  return () => clearTimeout(timer);
}

/** Wall clock in nanoseconds that processes of one machine share, finer than Date.now. */
export function nowNs() {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
