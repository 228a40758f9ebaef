import { float, scalar, type LoadedGraph } from './graphs.js';
import type { LatentManifest } from './schema.js';
import { Mosaic, spans, type Span } from './tiles.js';

/** Latents of a clip, [1, channels, frames, rows, columns]. */
export interface Latents {
  readonly data: Float32Array;
  readonly dims: readonly [1, number, number, number, number];
}

/** A clip in pixels, planar [frames, 3, height, width] in -1..1. */
export interface Video {
  readonly data: Float32Array;
  readonly frames: number;
  readonly width: number;
  readonly height: number;
}

/** Called after every chunk of every tile. */
export type ChunkListener = (done: number, total: number) => Promise<void> | void;

/** Latents of a clip of `latents.frames` k + 1 frames, tile by tile and chunk by chunk. */
export async function encodeVideo(encoder: LoadedGraph, { latents, tiles }: LatentManifest, video: Video, onChunk?: ChunkListener): Promise<Latents> {
  const { frames: chunk, pixels, channels } = latents;
  const [rows, columns, count] = [video.height / pixels, video.width / pixels, (video.frames - 1) / chunk + 1];
  const mosaic = new Mosaic(new Float32Array(channels * count * rows * columns), rows, columns);
  const all = tilesOf(rows, columns, tiles);
  let done = 0;
  for (const [v, h] of all) {
    mosaic.weigh(v, h, tiles.overlap);
    const size = (v[1] - v[0]) * (h[1] - h[0]);
    let memories = encoder.emptyMemories(v[1] - v[0], h[1] - h[0]);
    for (let k = 0; k < count; k++) {
      const frames = cut(video, k === 0 ? 1 - chunk : 1 + (k - 1) * chunk, chunk, v, h, pixels);
      const out = await encoder.run({ 'frames.chunk': frames, 'frames.first': scalar(k === 0 ? 1 : 0) }, memories);
      memories = encoder.nextMemories(out);
      const values = out[encoder.spec.outputs[0]].data as Float32Array;
      for (let c = 0; c < channels; c++) mosaic.add(c * count + k, values, c * size, v, h, tiles.overlap);
      await onChunk?.(++done, all.length * count);
    }
  }
  return { data: mosaic.finish(), dims: [1, channels, count, rows, columns] };
}

/** The clip of latents, tile by tile and chunk by chunk. */
export async function decodeVideo(decoder: LoadedGraph, { latents, tiles }: LatentManifest, { data, dims }: Latents, onChunk?: ChunkListener): Promise<Video> {
  const { frames: chunk, pixels } = latents;
  const [, channels, count, rows, columns] = dims;
  const [height, width, frames] = [rows * pixels, columns * pixels, (count - 1) * chunk + 1];
  const mosaic = new Mosaic(new Float32Array(frames * 3 * height * width), height, width);
  const all = tilesOf(rows, columns, tiles);
  const overlap = tiles.overlap * pixels;
  let done = 0;
  for (const [v, h] of all) {
    const [vp, hp] = [v, h].map(([a, b]): Span => [a * pixels, b * pixels]);
    mosaic.weigh(vp, hp, overlap);
    const [tileRows, tileColumns] = [v[1] - v[0], h[1] - h[0]];
    const size = tileRows * tileColumns * pixels * pixels;
    let memories = decoder.emptyMemories(tileRows, tileColumns);
    for (let k = 0; k < count; k++) {
      const latent = new Float32Array(channels * tileRows * tileColumns);
      for (let c = 0, o = 0; c < channels; c++) {
        for (let y = v[0]; y < v[1]; y++) {
          const from = ((c * count + k) * rows + y) * columns;
          latent.set(data.subarray(from + h[0], from + h[1]), o);
          o += tileColumns;
        }
      }
      const out = await decoder.run({ 'latents.chunk': float(latent, [1, channels, 1, tileRows, tileColumns]), 'frames.first': scalar(k === 0 ? 1 : 0) }, memories);
      memories = decoder.nextMemories(out);
      const values = out[decoder.spec.outputs[0]].data as Float32Array; // [1, 3, chunk, h, w]
      // Of the first chunk only the last frame is one of the clip's.
      for (let f = k === 0 ? chunk - 1 : 0; f < chunk; f++) {
        const index = 1 + (k - 1) * chunk + f;
        for (let c = 0; c < 3; c++) mosaic.add(index * 3 + c, values, (c * chunk + f) * size, vp, hp, overlap);
      }
      await onChunk?.(++done, all.length * count);
    }
  }
  return { data: mosaic.finish(), frames, width, height };
}

function tilesOf(rows: number, columns: number, { size, overlap }: LatentManifest['tiles']): readonly (readonly [Span, Span])[] {
  return spans(rows, size, overlap).flatMap((v) => spans(columns, size, overlap).map((h) => [v, h] as const));
}

/** Frames first..first+count of a tile, [1, 3, count, h, w]; zeros before the clip's first. */
function cut(video: Video, first: number, count: number, v: Span, h: Span, pixels: number): ReturnType<typeof float> {
  const [height, width] = [(v[1] - v[0]) * pixels, (h[1] - h[0]) * pixels];
  const out = new Float32Array(3 * count * height * width);
  for (let f = Math.max(0, -first); f < count; f++) {
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < height; y++) {
        const from = (((first + f) * 3 + c) * video.height + v[0] * pixels + y) * video.width + h[0] * pixels;
        out.set(video.data.subarray(from, from + width), ((c * count + f) * height + y) * width);
      }
    }
  }
  return float(out, [1, 3, count, height, width]);
}
