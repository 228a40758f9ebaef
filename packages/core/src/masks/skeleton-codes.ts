import { COCO_KEYPOINTS } from '../types/perception.js';
import type { Keypoint, Person, Skeletons } from '../types/perception.js';
import type { ByteCursor} from './byte-cursor.js';
import { malformed } from './byte-cursor.js';
import type { ByteSink } from './byte-sink.js';
import { MAX_PEOPLE } from './constants.js';

const JOINTS = COCO_KEYPOINTS.length;
const FINEST = 1 / 16;
const LARGEST = 0x7fff;
/** u16 id, u8 score, 4 x i16 box, 17 x (i16 x, i16 y, u8 score). */
const PERSON_BYTES = 3 + 8 + JOINTS * 5;

const score8 = (score: number): number => (score > 0 ? Math.min(255, Math.round(score * 255)) : 0);

/** Appends: f32 pixels per step, u16 people, u8 joints (17), u8 zero, then each person. */
export function appendSkeletons({ people }: Skeletons, out: ByteSink): void {
  const sent = people.slice(0, MAX_PEOPLE);
  let largest = 0;
  for (const { box, keypoints } of sent) {
    for (const value of [...box, ...keypoints.flatMap(({ x, y }) => [x, y])]) if (Math.abs(value) > largest && Math.abs(value) < Infinity) largest = Math.abs(value);
  }
  let step = FINEST;
  while (step * LARGEST < largest) step *= 2;
  const place = (value: number): void => {
    out.i16(Number.isFinite(value) ? Math.round(value / step) : 0);
  };
  out.f32(step);
  out.u16(sent.length);
  out.u8(JOINTS);
  out.u8(0);
  for (const { id, score, box, keypoints } of sent) {
    out.u16(id);
    out.u8(score8(score));
    for (const value of box) place(value);
    for (let j = 0; j < JOINTS; j += 1) {
      const { x, y, score: sure } = keypoints[j] ?? { x: 0, y: 0, score: 0 };
      place(x);
      place(y);
      out.u8(score8(sure));
    }
  }
}

/** Reads what `appendSkeletons` wrote. @throws SextantError `protocol`. */
export function readSkeletons(cursor: ByteCursor, width: number, height: number): Skeletons {
  const step = cursor.f32('skeleton step');
  if (!(step > 0 && step < Infinity)) throw malformed(`skeleton step ${step} cannot be`, { step });
  const [count, joints] = [cursor.u16('people'), cursor.u8('joints')];
  cursor.u8('skeleton padding');
  if (count > MAX_PEOPLE || joints !== JOINTS) throw malformed(`${count} people of ${joints} joints, expected at most ${MAX_PEOPLE} of ${JOINTS}`, { count, joints });
  cursor.need(count * PERSON_BYTES, 'people');
  const place = (): number => cursor.i16('coordinate') * step;
  const people: Person[] = [];
  for (let i = 0; i < count; i += 1) {
    const id = cursor.u16('person id');
    const score = cursor.u8('score') / 255;
    const box = [place(), place(), place(), place()] as const;
    const keypoints: Keypoint[] = [];
    for (let j = 0; j < JOINTS; j += 1) keypoints.push({ x: place(), y: place(), score: cursor.u8('joint score') / 255 });
    people.push({ id, score, box, keypoints });
  }
  return { width, height, people };
}
