// Quality and time of fullResolution() on simulated frames with exact truth: low-resolution maps are the truth sampled at 64x48,
// enlarged to 320x240; time is of 128x96 to 640x480, processor time. Depth error (mean |ln ratio|) within 4 pixels of a depth edge, and wrong labels within 4 pixels of
// a label edge, against nearest and bilinear enlargement. Usage: node packages/model/test/bench/full-resolution.mjs [sigmaColor] [sigmaSpace]
import { build } from 'esbuild';
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const file = join(mkdtempSync(join(tmpdir(), 'sextant-bench-')), 'bench.mjs');
await build({
  stdin: {
    contents: `export { FullResolution } from '../../src/resolution/full-resolution.ts'; export { createWorld } from '@sextant/world'; export { resampleNearest } from '@sextant/core';`,
    resolveDir: here, loader: 'ts',
  },
  bundle: true, format: 'esm', platform: 'node', outfile: file, conditions: ['source'], logLevel: 'error', external: ['sharp'],
  banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(import.meta.url)});` },
});
const { FullResolution, createWorld, resampleNearest } = await import(pathToFileURL(file).href);

const [W, H, w, h] = [320, 240, 64, 48];
const SEEDS = [501, 502, 503];
const [sigmaColor, sigmaSpace] = process.argv.slice(2).map(Number);
const full = new FullResolution({ ...(sigmaColor && { sigmaColor }), ...(sigmaSpace && { sigmaSpace }) });

/** Pixels within `reach` of one where `differ(i, j)` holds for a neighbour. */
function band(differ, reach) {
  let near = new Uint8Array(W * H);
  for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) {
    const i = y * W + x;
    if (x + 1 < W && differ(i, i + 1)) near[i] = near[i + 1] = 1;
    if (y + 1 < H && differ(i, i + W)) near[i] = near[i + W] = 1;
  }
  for (let r = 0; r < reach; r++) {
    const next = near.slice();
    for (let y = 1; y < H - 1; y++) for (let x = 1; x < W - 1; x++) {
      const i = y * W + x;
      if (near[i - 1] || near[i + 1] || near[i - W] || near[i + W]) next[i] = 1;
    }
    near = next;
  }
  return near;
}

function bilinear(metres) {
  const out = new Float32Array(W * H);
  const clamp = (v, most) => Math.max(0, Math.min(most, v));
  for (let y = 0; y < H; y++) for (let x = 0; x < W; x++) {
    const [fx, fy] = [((x + 0.5) * w) / W - 0.5, ((y + 0.5) * h) / H - 0.5];
    const [x0, y0] = [Math.floor(fx), Math.floor(fy)];
    const at = (u, v) => Math.log(metres[clamp(v, h - 1) * w + clamp(u, w - 1)]);
    const [a, b] = [fx - x0, fy - y0];
    out[y * W + x] = Math.exp((at(x0, y0) * (1 - a) + at(x0 + 1, y0) * a) * (1 - b) + (at(x0, y0 + 1) * (1 - a) + at(x0 + 1, y0 + 1) * a) * b);
  }
  return out;
}

const sums = {};
const add = (row, column, value, count) => {
  const cell = ((sums[row] ??= {})[column] ??= [0, 0]);
  cell[0] += value;
  cell[1] += count;
};
let [ms, runs] = [0, 0];
/** Processor time in milliseconds: the machine may be shared. */
const spent = () => process.cpuUsage().user / 1000;
for (const seed of SEEDS) {
  const world = createWorld({ seed, width: W, height: H });
  const truth = world.render(3);
  const frame = { stamp: 0n, frameId: 'c', sequence: 0, width: W, height: H, rgb: truth.rgb };
  const low = (map) => resampleNearest(map, W, H, w, h);
  const flowLow = resampleNearest(truth.flow, W, H, w, h, 2).map((v) => (v * w) / W);
  const perception = {
    frame, latencyMs: 0,
    depth: { width: w, height: h, metres: low(truth.depth), provenance: 'metric', confidence: new Float32Array(w * h).fill(0.8) },
    flow: { width: w, height: h, pixels: flowLow, confidence: new Float32Array(w * h).fill(0.8) },
    segmentation: { width: w, height: h, labels: low(truth.labels), instances: low(truth.instances), classes: world.classes, confidence: new Float32Array(w * h).fill(0.9) },
    densepose: { width: w, height: h, part: low(truth.part), u: low(truth.partU), v: low(truth.partV) },
  };
  const result = full.apply(perception);
  // The same scene at twice the size, for the time.
  const twice = (map, channels = 1) => resampleNearest(map, w, h, 2 * w, 2 * h, channels);
  const size = { width: 2 * w, height: 2 * h };
  const sure = new Float32Array(4 * w * h).fill(0.8);
  const { depth, flow, segmentation, densepose } = perception;
  const large = {
    depth: { ...size, metres: twice(depth.metres), provenance: 'metric', confidence: sure },
    flow: { ...size, pixels: twice(flow.pixels, 2).map((v) => 2 * v), confidence: sure },
    segmentation: { ...size, labels: twice(segmentation.labels), instances: twice(segmentation.instances), classes: world.classes, confidence: sure },
    densepose: { ...size, part: twice(densepose.part), u: twice(densepose.u), v: twice(densepose.v) },
  };
  const largeFrame = { ...frame, width: 2 * W, height: 2 * H, rgb: resampleNearest(frame.rgb, W, H, 2 * W, 2 * H, 3) };
  for (const only of ['depth', 'flow', 'segmentation', 'densepose']) {
    for (let warm = 0; warm < 3; warm++) full.apply({ frame: largeFrame, latencyMs: 0, [only]: large[only] });
    const start = spent();
    for (let again = 0; again < 3; again++) full.apply({ frame: largeFrame, latencyMs: 0, [only]: large[only] });
    add('ms', only, (spent() - start) / 3, 1);
  }
  const start = spent();
  for (let again = 0; again < 3; again++) full.apply({ frame: largeFrame, latencyMs: 0, ...large });
  ms += (spent() - start) / 3;
  runs++;
  const depthEdges = band((i, j) => !(Math.abs(Math.log(truth.depth[i] / truth.depth[j])) < Math.log(1.1)), 4);
  const labelEdges = band((i, j) => truth.labels[i] !== truth.labels[j], 4);
  const rivals = {
    nearest: [resampleNearest(perception.depth.metres, w, h, W, H), resampleNearest(perception.segmentation.labels, w, h, W, H), resampleNearest(perception.densepose.part, w, h, W, H), resampleNearest(flowLow, w, h, W, H, 2).map((v) => (v * W) / w)],
    bilinear: [bilinear(perception.depth.metres)],
    fullResolution: [result.depth.metres, result.segmentation.labels, result.densepose.part, result.flow.pixels],
  };
  for (const [name, [depth, labels, part, flow]] of Object.entries(rivals)) {
    for (let i = 0; i < W * H; i++) {
      if (depthEdges[i]) {
        const [a, b] = [depth[i], truth.depth[i]];
        add(name, 'hole mismatch', (a > 0) !== (b > 0) ? 1 : 0, 1);
        if (a > 0 && b > 0) add(name, 'ln depth, edges', Math.abs(Math.log(a / b)), 1);
        if (flow) {
          const e = Math.hypot(flow[2 * i] - truth.flow[2 * i], flow[2 * i + 1] - truth.flow[2 * i + 1]);
          if (e < 1e3) add(name, 'flow px, edges', e, 1);
        }
      } else if (depth[i] > 0 && truth.depth[i] > 0) add(name, 'ln depth, else', Math.abs(Math.log(depth[i] / truth.depth[i])), 1);
      if (labels && labelEdges[i]) add(name, 'wrong label', labels[i] === truth.labels[i] ? 0 : 1, 1);
      if (part && labelEdges[i] && (truth.part[i] || part[i])) add(name, 'wrong part', part[i] === truth.part[i] ? 0 : 1, 1);
    }
  }
}
console.log(`${cpus()[0].model}, Node ${process.version}, ${runs} frames; all maps, 128x96 -> 640x480: ${(ms / runs).toFixed(0)} ms per frame`);
console.table(Object.fromEntries(Object.entries(sums).map(([row, columns]) => [row, Object.fromEntries(Object.entries(columns).map(([c, [sum, n]]) => [c, +(sum / n).toFixed(4)]))])));
