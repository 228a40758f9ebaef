import { describe, expect, it } from '@jest/globals';
import { DENSEPOSE_PARTS } from '../metrics/densepose-breakdown.js';
import { TURNED_PARTS, turnParts } from './turned.js';

const named = (name: string): number => DENSEPOSE_PARTS.indexOf(name);
const [WIDTH, HEIGHT] = [8, 4];
/** Two people beside each other, each a row of head above three rows of thigh; the front map has half their size. */
const people = (headRows = 1) => ({
  width: WIDTH, height: HEIGHT,
  part: Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i < headRows * WIDTH ? named('left head') : named('left thigh front'))),
});
const bodies = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < WIDTH / 2 ? 1 : 2));
/** Logits of the upper and of the lower half, of the left person and of the right one. */
const front = (upper: readonly [number, number], lower: readonly [number, number]) => ({
  logits: Float32Array.from({ length: 8 }, (_, i) => (i < 4 ? upper : lower)[i % 4 < 2 ? 0 : 1]), w: 4, h: 2,
});
/** Parts at the head and the feet of both. */
const ends = (part: Uint8Array): string[] => [0, WIDTH - 1, WIDTH * (HEIGHT - 1), part.length - 1].map((i) => DENSEPOSE_PARTS[part[i]]);
const [FRONT, BEHIND] = [['left head', 'left thigh front'], ['right head', 'right thigh back']];

describe('turnParts', () => {
  const turned = (map: ReturnType<typeof people>, seen: ReturnType<typeof front>, threshold = 0.5, fronts = new Map<number, number>()): string[] => {
    turnParts(map, bodies, seen, threshold, fronts);
    return ends(map.part);
  };

  it('turns whoever is seen from behind by the head, and nobody else', () => {
    expect(turned(people(), front([-1, 1], [2, -2]))).toEqual([BEHIND[0], FRONT[0], BEHIND[1], FRONT[1]]);
  });

  it('asks the whole body where no head is in sight', () => {
    expect(turned(people(0), front([-1, 1], [2, -2])).slice(2)).toEqual([FRONT[1], BEHIND[1]]);
  });

  it('has the side of whose skeleton is known from there, and the threshold for the others', () => {
    expect(turned(people(), front([-1, -1], [0, 0]), 0.5, new Map([[1, 0.7]]))).toEqual([FRONT[0], BEHIND[0], FRONT[1], BEHIND[1]]);
    expect(turned(people(), front([1, 1], [0, 0]), 0.5, new Map([[2, 0.3]]))).toEqual([FRONT[0], BEHIND[0], FRONT[1], BEHIND[1]]);
    expect(turned(people(), front([-1, -3], [0, 0]), 0.2)).toEqual([FRONT[0], BEHIND[0], FRONT[1], BEHIND[1]]);
  });

  it('says how surely each is seen from the front', () => {
    const fronts = turnParts(people(), bodies, front([-1, 9], [0, 0]), 0.5, new Map([[2, 0.3]]));
    expect([...fronts].map(([id, seen]) => [id, Math.round(1000 * seen)]).sort(([a], [b]) => a - b)).toEqual([[1, 269], [2, 300]]);
  });

  it('leaves what is nobody', () => {
    const map = { width: WIDTH, height: HEIGHT, part: new Uint8Array(WIDTH * HEIGHT) };
    turnParts(map, new Uint16Array(WIDTH * HEIGHT), front([-1, -1], [-1, -1]), 0.5, new Map());
    expect(map.part.every((part) => part === 0)).toBe(true);
  });

  it('twice is what was before, and every part has another side', () => {
    expect(TURNED_PARTS.map((part) => TURNED_PARTS[part])).toEqual(DENSEPOSE_PARTS.map((_, part) => part));
    expect(TURNED_PARTS.filter((part, i) => part === i)).toEqual([0]);
    // As in training/sextant_nano/sides.py.
    expect(TURNED_PARTS).toEqual([0, 2, 1, 4, 3, 6, 5, 10, 9, 8, 7, 14, 13, 12, 11, 18, 17, 16, 15, 22, 21, 20, 19, 24, 23]);
  });
});
