// What generation holds at most: test/bench/generate.mjs --memory.
import { readFileSync } from 'node:fs';
import { estimateMemory, generate, joint, loadModel } from '../../packages/model/dist/index.js';

const MIB = 2 ** 20;
const PROMPT = 'a person walks past a red sofa';
/** As packages/model/src/generate/memory.ts counts: bytes of weights in memory per byte in the files. */
const PER_WEIGHT = 4;

/** Ways of generating. `plain`: one look a step; `guided`: as the manifest says for a sentence. */
const WAYS = {
  'generate, plain': { task: 'generate', modalities: ['depth'], guidance: 1, conditionGuidance: 1 },
  'generate, guided': { task: 'generate', modalities: ['depth'], prompt: PROMPT },
  'generate of three, guided': { task: 'generate', modalities: ['depth', 'flow', 'segmentation'], prompt: PROMPT },
  'joint, plain': { task: 'joint', modalities: ['depth'], guidance: 1 },
  'joint, guided': { task: 'joint', modalities: ['depth'], prompt: PROMPT },
  'joint of three, guided': { task: 'joint', modalities: ['depth', 'segmentation', 'skeleton'], prompt: PROMPT },
};

/**
 * Prints peaks, estimates and the constants that fit.
 * @param sides of squares, pixels; three or more of them for a fit
 * @returns whether every estimate is at least its peak
 */
export async function measureMemory(folder, sides) {
  const rows = [];
  for (const side of sides) {
    for (const [way, settings] of Object.entries(WAYS)) {
      rows.push({ way, side, task: settings.task, ...(await peakOf(folder, side, settings)) });
      process.stderr.write(`${way}, ${side}x${side}: ${Math.round(rows.at(-1).peak / MIB)} MiB\n`);
    }
  }
  const shown = rows.map(({ way, side, peak, estimate }) => [`${way}, ${side}x${side}`, { peak: Math.round(peak / MIB), estimate: Math.round(estimate / MIB), 'estimate / peak': +(estimate / peak).toFixed(2) }]);
  console.table(Object.fromEntries(shown));
  for (const task of ['generate', 'joint']) {
    const all = rows.filter((row) => row.task === task);
    const [some, sizes] = [all.some(({ side, sampled }) => sampled < side ** 2), new Set(all.map(({ sampled }) => sampled)).size];
    if (!some || sizes < 2 || sides.length < 3) continue; // too few to tell the two apart
    const [once, perPixel, perSampled] = fit(all);
    console.log(`${task}: ${(once / MIB).toFixed(0)} MiB beside the weights, ${perPixel.toFixed(0)} bytes per pixel, ${perSampled.toFixed(0)} more per pixel that is sampled fit best`);
  }
  return rows.every(({ peak, estimate }) => estimate >= peak);
}

/** The peak of a fresh worker, bytes (Linux says it), and what is estimated. */
async function peakOf(folder, side, { task, ...settings }) {
  const size = { width: side, height: side };
  const n = side ** 2;
  const condition = (index) => ({
    depth: { ...size, metres: Float32Array.from({ length: n }, (_, i) => 2 + ((i + 3 * index) % side) / 40) },
    flow: { ...size, pixels: new Float32Array(2 * n).fill(1) }, segmentation: { ...size, labels: new Uint8Array(n) },
  });
  const model = await loadModel(folder, { device: 'cpu' });
  const options = { frames: 2, steps: 2, size, ...settings };
  await new Promise((resolve, reject) => {
    (task === 'joint' ? joint(model, options) : generate(model, { ...options, condition })).subscribe({ error: reject, complete: resolve });
  });
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${model.health.pid}/status`, 'utf8'))?.[1]) * 1024;
  await model.close();
  const weights = PER_WEIGHT * model.manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  const { base = size } = model.manifest.tasks[task];
  return { peak, weights, sampled: Math.min(n, base.width * base.height), estimate: estimateMemory(model.manifest, task, size) };
}

/** Constant, bytes per pixel and per pixel that is sampled with the least squares of relative errors: normal equations, by Cramer's rule. Pairs of tokens tell only where there are thousands. */
function fit(rows) {
  const normal = [0, 1, 2].map(() => [0, 0, 0]);
  const right = [0, 0, 0];
  for (const { side, peak, weights, sampled } of rows) {
    const terms = [1, side ** 2, sampled].map((term) => term / peak);
    terms.forEach((a, i) => {
      terms.forEach((b, j) => (normal[i][j] += a * b));
      right[i] += (a * (peak - weights)) / peak;
    });
  }
  const determinant = ([a, b, c]) => a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
  return right.map((_, k) => determinant(normal.map((row, i) => row.map((value, j) => (j === k ? right[i] : value)))) / determinant(normal));
}
