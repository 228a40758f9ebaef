import { describe, expect, it } from '@jest/globals';
import type { Modality } from '@sextant/core';
import type { Manifest } from '../manifest/schema.js';
import type { NamedTensor } from '../runtime/tensor.js';
import { decode, type Nearer } from './decode.js';

const [W, H] = [16, 6];
const [BEHIND, FRONT] = [-3, 3];
const manifest = { name: 'synthetic', classes: [], modalities: { densepose: { graph: 'g', outputs: ['o', 'p', 'f'], codec: { type: 'part-uv', frontThreshold: 0.5 } } } } as unknown as Manifest;
const context = { grid: { width: W, height: H }, focal: 20, focalKnown: false, hasPrevious: false };

/** Torsos four pixels wide at these columns; each is seen from behind or from the front. */
function said(...bodies: readonly { readonly x: number; readonly front: number }[]): ReadonlyMap<Modality, readonly NamedTensor[]> {
  const at = (i: number) => bodies.find(({ x }) => i % W >= x && i % W < x + 4);
  const tensor = (type: NamedTensor['type'], data: Uint8Array | Float32Array, dims: number[]): NamedTensor => ({ name: 'o', type, data, dims });
  const n = W * H;
  return new Map([['densepose', [
    tensor('uint8', Uint8Array.from({ length: n }, (_, i) => (at(i) ? 2 : 0)), [1, H, W]),
    tensor('float32', new Float32Array(2 * n), [1, 2, H, W]),
    tensor('float32', Float32Array.from({ length: n }, (_, i) => at(i)?.front ?? 0), [1, 1, H, W]),
  ]]]);
}

/** Close-ups that nobody's skeleton is known from, and what they do to the parts. */
const closer = (parts: NonNullable<Nearer['parts']>): Nearer => ({ people: { skeletons: { width: W, height: H, people: [] }, owners: { count: 0, at: () => 0 } }, parts });

describe('decode', () => {
  const outputs = said({ x: 1, front: BEHIND }, { x: 8, front: FRONT });

  it('says of every body from which side it is seen', () => {
    const { fronts, person, part } = decode(manifest, outputs, context).densepose!;
    expect([fronts!.get(person![1])! < 0.5, fronts!.get(person![8])! < 0.5, part[1], part[8]]).toEqual([true, false, 1, 2]);
    expect(fronts!.size).toBe(2);
  });

  it('says it of the bodies as they are numbered after close-ups', () => {
    // Only the first look took the left one for a body: the right one is the first now.
    const { fronts, person } = decode(manifest, outputs, context, closer(({ part }) => { part.forEach((_, i) => { if (i % W < 6) part[i] = 0; }); })).densepose!;
    expect(new Set(person)).toEqual(new Set([0, 1]));
    expect([...fronts!.keys()]).toEqual([1]);
    expect(fronts!.get(1)).toBeGreaterThan(0.5);
  });
});
