import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { MODALITIES, type Modality } from '@sextant/core';
import { MINIATURE, PROMPT, miniatureReference, worst } from '../../test/unityvideo-mini.js';
import type { StoredTensor } from '../../test/safetensors.js';
import { fillNoise } from '../generate/noise.js';
import { toRgb8 } from '../generate/pixels.js';
import { TASKS, type Task } from '../tasks.js';
import { LoadedGraph, integers } from './graphs.js';
import { makeClip, type ClipProgress, type ClipResult, type MadeLatents } from './make-clip.js';
import { readLatentManifest } from './read-manifest.js';
import { sampleLatents } from './sample-latents.js';
import type { LatentManifest } from './schema.js';
import { settleLatents } from './settings.js';
import { decodeVideo, encodeVideo, type Latents } from './video-codec.js';

// Small work, but each graph is loaded anew for each clip, and a busy machine takes its time.
jest.setTimeout(120_000);

/** What the issue allows between the runtime and PyTorch's reference loop. */
const ALLOWED = 1e-3;
const SIZE = { width: 96, height: 64 };

describe('the released layout in miniature, against PyTorch', () => {
  let manifest: LatentManifest;
  let reference: Readonly<Record<string, StoredTensor>>;
  beforeAll(async () => {
    manifest = (await readLatentManifest(MINIATURE))!;
    reference = miniatureReference();
  });
  const floats = (name: string): Float32Array => reference[name].data as Float32Array;
  const latents = (name: string): Latents => ({ data: floats(name), dims: reference[name].dims as unknown as Latents['dims'] });
  const load = (name: keyof LatentManifest['graphs']): Promise<LoadedGraph> => LoadedGraph.load(MINIATURE, manifest, name, 'cpu', 1);

  it('has its weights in one file or in several, as the released size has', () => {
    const shards = (graph: string): number => manifest.files.filter(({ path }) => path.startsWith(graph) && path.endsWith('.data')).length;
    expect(['text', 'joint', 'encoder', 'decoder'].map(shards)).toEqual([1, 2, 4, 4]);
  });

  it('reads sentences as Hugging Face\'s tokenizers do', async () => {
    const settled = await settleLatents(MINIATURE, manifest, { task: 'joint', modality: 'flow', prompt: PROMPT });
    expect(settled.prompt.ids).toEqual([...reference['ids.prompt'].data]);
    expect(settled.negative.ids).toEqual([...reference['ids.empty'].data]);
    const names: Record<Modality, string> = { depth: 'depth', flow: 'raft', segmentation: 'segmentation', skeleton: 'skeleton', densepose: 'densepose' };
    for (const modality of MODALITIES) {
      const { modalityPrompt } = await settleLatents(MINIATURE, manifest, { task: 'joint', modality });
      expect([modality, modalityPrompt.ids]).toEqual([modality, [...reference[`ids.${names[modality]}`].data]]);
    }
  });

  it('encodes the text', async () => {
    const graph = await load('text');
    const ids = [...reference['ids.prompt'].data];
    const out = await graph.run({ 'prompt.tokens': integers(ids, [1, ids.length]) });
    expect(worst(out.context.data as Float32Array, floats('prompt.context'))).toBeLessThan(ALLOWED);
    await graph.release();
  });

  it('encodes a clip in overlapping tiles and chunks', async () => {
    const graph = await load('encoder');
    const planes = floats('video'); // [1, 3, 5, 64, 96]; the runtime keeps frames first
    const n = SIZE.width * SIZE.height;
    const data = new Float32Array(planes.length);
    for (let c = 0; c < 3; c++) for (let f = 0; f < 5; f++) data.set(planes.subarray((c * 5 + f) * n, (c * 5 + f + 1) * n), (f * 3 + c) * n);
    const chunks: number[] = [];
    const made = await encodeVideo(graph, manifest, { data, frames: 5, ...SIZE }, (done) => void chunks.push(done));
    expect(made.dims).toEqual(reference['video.latents'].dims);
    expect(worst(made.data, floats('video.latents'))).toBeLessThan(ALLOWED);
    expect(chunks).toEqual([1, 2, 3, 4]); // two tiles of two chunks
    await graph.release();
  });

  it.each<[Task, Modality]>([['generate', 'depth'], ['estimate', 'segmentation'], ['joint', 'skeleton']])('samples as PyTorch does: %s', async (task, modality) => {
    const [joint, text] = [await load('joint'), await load('text')];
    const settled = await settleLatents(MINIATURE, manifest, { task, modality, prompt: PROMPT });
    const context = async (ids: readonly number[]) => (await text.run({ 'prompt.tokens': integers(ids, [1, ids.length]) })).context;
    const start = (stream: 'rgb' | 'modality'): Latents => latents(TASKS[task][stream] === 'clean' ? 'video.latents' : `noise.${stream}`);
    const made = await sampleLatents(joint, manifest, start('rgb'), start('modality'), {
      ...settled, modalityId: manifest.modalities[modality]!.id, context: await context(settled.prompt.ids), modalityContext: await context(settled.modalityPrompt.ids), noise: () => {},
    });
    expect(settled.steps).toBe(4);
    expect(worst(made.rgb.data, floats(`${task}.rgb`))).toBeLessThan(ALLOWED);
    expect(worst(made.modality.data, floats(`${task}.modality`))).toBeLessThan(ALLOWED);
    // A clean stream is left as it is, a noised one is not.
    for (const stream of ['rgb', 'modality'] as const) expect([stream, worst(made[stream].data, start(stream).data) === 0]).toEqual([stream, TASKS[task][stream] === 'clean']);
    await joint.release();
    await text.release();
  });

  it('decodes latents in overlapping tiles and chunks', async () => {
    const graph = await load('decoder');
    const video = await decodeVideo(graph, manifest, latents('generate.rgb'));
    const planes = floats('generate.frames');
    const n = SIZE.width * SIZE.height;
    let most = 0;
    for (let c = 0; c < 3; c++) for (let f = 0; f < 5; f++) most = Math.max(most, worst(video.data.subarray((f * 3 + c) * n, (f * 3 + c + 1) * n), planes.subarray((c * 5 + f) * n, (c * 5 + f + 1) * n)));
    expect([video.frames, video.width, video.height]).toEqual([5, 96, 64]);
    expect(most).toBeLessThan(ALLOWED);
    await graph.release();
  });

  describe('from end to end', () => {
    const clean = Array.from({ length: 5 }, (_, f) => Uint8Array.from({ length: 3 * 96 * 64 }, (_, i) => (i * 7 + f * 31) & 255));
    const make = async (extra: Partial<Parameters<typeof settleLatents>[2]>, onProgress: (p: ClipProgress) => void = () => {}): Promise<{ result: ClipResult; made: MadeLatents }> => {
      const settled = await settleLatents(MINIATURE, manifest, { task: 'generate', modality: 'depth', prompt: PROMPT, seed: 7, steps: 2, ...extra });
      let made: MadeLatents | undefined;
      const result = await makeClip({ folder: MINIATURE, manifest, device: 'cpu', threads: 1, settled, clean: settled.task === 'joint' ? [] : clean }, onProgress, (l) => (made = l));
      return { result, made: made! };
    };

    it('makes frames of a condition and a sentence, the same for the same seed', async () => {
      const seen: string[] = [];
      const once = await make({}, ({ phase, done, total }) => seen.push(`${phase} ${done}/${total}`));
      expect(Object.keys(once.result)).toEqual(['rgb']);
      expect(once.result.rgb!.map(({ width, height, rgb }) => [width, height, rgb.length])).toEqual(Array.from({ length: 5 }, () => [96, 64, 3 * 96 * 64]));
      expect([seen.at(0), seen.at(-1)]).toEqual(['text 1/2', 'decode 4/4']);
      expect(seen).toContain('sample 2/2');
      const again = await make({});
      expect(again.result.rgb!.map(({ rgb }) => Buffer.from(rgb).toString('base64'))).toEqual(once.result.rgb!.map(({ rgb }) => Buffer.from(rgb).toString('base64')));
      const other = await make({ seed: 8 });
      expect(worst(other.made.rgb.data, once.made.rgb.data)).toBeGreaterThan(0.01);
    });

    it('hears the prompt, the negative prompt and the modality', async () => {
      const once = await make({});
      for (const [what, extra] of [['prompt', { prompt: 'two dogs' }], ['guidance', { guidance: 4 }], ['modality', { modality: 'skeleton' as const }]] as const) {
        expect([what, worst((await make(extra)).made.rgb.data, once.made.rgb.data) > 1e-3]).toEqual([what, true]);
      }
      expect(worst((await make({ guidance: 4, negative: 'a car' })).made.rgb.data, (await make({ guidance: 4 })).made.rgb.data)).toBeGreaterThan(1e-3);
    });

    it('makes both streams for joint, the modality alone for estimate', async () => {
      const joint = await make({ task: 'joint', modality: 'flow' });
      expect([joint.result.rgb?.length, joint.result.modality?.length]).toEqual([5, 5]);
      const estimate = await make({ task: 'estimate', modality: 'segmentation' });
      expect([estimate.result.rgb, estimate.result.modality?.length]).toEqual([undefined, 5]);
    });

    it('starts from noise of its own for each stream', () => {
      const [a, b] = [0, 1].map((stream) => fillNoise(new Float32Array(64), 7, stream));
      expect(worst(a, b)).toBeGreaterThan(0.1);
      expect(toRgb8(Float32Array.of(-1, 0, 1))).toEqual(Uint8Array.of(0, 128, 255));
    });
  });
});
