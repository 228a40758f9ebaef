import type { RgbImage } from '../image/rgb-image.js';
import { COCO_LIMBS, LEAST_JOINT_SCORE } from '../types/perception.js';
import type { Keypoint, Skeletons } from '../types/perception.js';

type Rgb = readonly [number, number, number];

/** OpenPose's habit: the person's left in cool colours, right in warm ones. */
const LEFT: Rgb = [64, 160, 255];
const RIGHT: Rgb = [255, 128, 32];
const MIDDLE: Rgb = [64, 224, 96];

/** COCO lists left joints at odd and right joints at even indices; the nose is 0. */
function sideColor(a: number, b: number): Rgb {
  if (a === 0 || b === 0 || a % 2 !== b % 2) return MIDDLE;
  return a % 2 === 1 ? LEFT : RIGHT;
}

/**
 * Draws people's limbs and joints over a picture (or over black of the skeletons' size) and returns a new picture;
 * `background` is not written to. Coordinates are scaled from the skeletons' size to the picture's.
 *
 * @param options.background picture to draw over
 * @param options.minScore joints below this score are not drawn; default `LEAST_JOINT_SCORE`
 */
export function drawSkeleton(skeletons: Skeletons, options: { readonly background?: RgbImage; readonly minScore?: number } = {}): RgbImage {
  const { background, minScore = LEAST_JOINT_SCORE } = options;
  const { width, height } = background ?? skeletons;
  const rgb = background === undefined ? new Uint8Array(width * height * 3) : background.rgb.slice();
  const radius = Math.max(1, Math.round(Math.max(width, height) / 256));

  const disc = (cx: number, cy: number, r: number, color: Rgb): void => {
    for (let y = Math.max(0, cy - r); y <= Math.min(height - 1, cy + r); y += 1) {
      for (let x = Math.max(0, cx - r); x <= Math.min(width - 1, cx + r); x += 1) {
        if ((x - cx) ** 2 + (y - cy) ** 2 <= r * r) rgb.set(color, (y * width + x) * 3);
      }
    }
  };
  const toPicture = ({ x, y }: Keypoint): [number, number] => [
    ((x + 0.5) * width) / skeletons.width - 0.5,
    ((y + 0.5) * height) / skeletons.height - 0.5,
  ];
  const drawn = (joint: Keypoint | undefined): joint is Keypoint =>
    joint !== undefined && joint.score >= minScore && Number.isFinite(joint.x) && Number.isFinite(joint.y);

  for (const person of skeletons.people) {
    for (const [a, b] of COCO_LIMBS) {
      const [from, to] = [person.keypoints[a], person.keypoints[b]];
      if (!drawn(from) || !drawn(to)) continue;
      const [[x0, y0], [x1, y1]] = [toPicture(from), toPicture(to)];
      // Joints far outside the picture must not cost a step for each pixel on the way.
      const steps = Math.min(4 * (width + height), Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0)))));
      for (let i = 0; i <= steps; i += 1) {
        const t = i / steps;
        disc(Math.round(x0 + (x1 - x0) * t), Math.round(y0 + (y1 - y0) * t), radius - 1, sideColor(a, b));
      }
    }
    person.keypoints.forEach((joint, index) => {
      if (!drawn(joint)) return;
      const [x, y] = toPicture(joint);
      disc(Math.round(x), Math.round(y), radius, sideColor(index, index));
    });
  }
  return { width, height, rgb };
}
