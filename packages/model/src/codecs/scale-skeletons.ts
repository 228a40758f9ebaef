import type { MapSize, Person, Skeletons } from '@sextant/core';

/** The same people in pixels of another size. */
export function scaleSkeletons({ people, width: w, height: h }: Skeletons, { width, height }: MapSize): Skeletons {
  const [sx, sy] = [width / w, height / h];
  return {
    width,
    height,
    people: people.map((person) => ({
      ...person,
      box: [person.box[0] * sx, person.box[1] * sy, person.box[2] * sx, person.box[3] * sy] as const,
      keypoints: person.keypoints.map((k) => ({ ...k, x: (k.x + 0.5) * sx - 0.5, y: (k.y + 0.5) * sy - 0.5 })),
    })),
  };
}

/** A person who was found in a part of a picture, in pixels of the whole: moved by the part's corner (x, y). */
export function shiftPerson(person: Person, { x, y }: { readonly x: number; readonly y: number }): Person {
  const { box, keypoints } = person;
  return { ...person, box: [box[0] + x, box[1] + y, box[2], box[3]], keypoints: keypoints.map((k) => ({ ...k, x: k.x + x, y: k.y + y })) };
}
