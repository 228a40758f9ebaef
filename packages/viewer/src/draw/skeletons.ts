import type { SkeletonResult } from '@sextant/client';
import { COCO_LIMBS, LEAST_JOINT_SCORE } from '@sextant/client';

/** OpenPose's habit: the person's left in cool colours, right in warm ones. */
const [LEFT, RIGHT, MIDDLE] = ['#40a0ff', '#ff8a24', '#4be070'];

/** COCO lists left joints at odd and right joints at even indices; the nose is 0. */
function sideColor(a: number, b: number): string {
  if (a === 0 || b === 0 || a % 2 !== b % 2) return MIDDLE;
  return a % 2 === 1 ? LEFT : RIGHT;
}

/** Draws people's limbs and joints over a canvas of `width` x `height`, outlined so that they stand out from any picture. */
export function drawSkeletons(context: CanvasRenderingContext2D, { people, ...map }: SkeletonResult, width: number, height: number): void {
  const [sx, sy] = [width / map.width, height / map.height];
  const thick = Math.max(2, width / 220);
  context.lineCap = 'round';
  for (const { keypoints } of people) {
    const seen = keypoints.map(({ score, x, y }) => score >= LEAST_JOINT_SCORE && Number.isFinite(x) && Number.isFinite(y));
    // Keypoints are at pixel centres: 0 is half a pixel from the edge.
    const place = (joint: number): [number, number] => [(keypoints[joint].x + 0.5) * sx, (keypoints[joint].y + 0.5) * sy];
    const limbs = COCO_LIMBS.filter(([a, b]) => seen[a] && seen[b]);
    const path = (a: number, b: number): void => {
      context.beginPath();
      context.moveTo(...place(a));
      context.lineTo(...place(b));
      context.stroke();
    };
    context.strokeStyle = 'rgb(0 0 0 / 55%)';
    context.lineWidth = thick * 1.9;
    for (const [a, b] of limbs) path(a, b);
    context.lineWidth = thick;
    for (const [a, b] of limbs) {
      context.strokeStyle = sideColor(a, b);
      path(a, b);
    }
    context.fillStyle = '#fff';
    context.lineWidth = thick * 0.5;
    for (let joint = 0; joint < keypoints.length; joint++) {
      if (!seen[joint]) continue;
      context.strokeStyle = sideColor(joint, joint);
      context.beginPath();
      context.arc(...place(joint), thick * 0.85, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }
}
