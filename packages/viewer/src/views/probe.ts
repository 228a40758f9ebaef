import type { FrameResult } from '@sextant/client';

/** DensePose's charts, by their number. */
const PARTS = [
  '', 'torso (back)', 'torso (front)', 'right hand', 'left hand', 'left foot', 'right foot', 'right upper leg (back)', 'left upper leg (back)',
  'right upper leg (front)', 'left upper leg (front)', 'right lower leg (back)', 'left lower leg (back)', 'right lower leg (front)',
  'left lower leg (front)', 'left upper arm (inside)', 'right upper arm (inside)', 'left upper arm (outside)', 'right upper arm (outside)',
  'left lower arm (inside)', 'right lower arm (inside)', 'left lower arm (outside)', 'right lower arm (outside)', 'head (right)', 'head (left)',
];

interface Sized {
  readonly width: number;
  readonly height: number;
}

/** What the frame says about a place in it (0..1 across and down), e.g. "chair, 2.31 m, moves 1.2 px". */
export function probeText({ masks, depth, flow, densePose }: FrameResult, x: number, y: number): string {
  if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) return '';
  const at = ({ width, height }: Sized): number => Math.floor(y * height) * width + Math.floor(x * width);
  const words: string[] = [];
  if (masks !== undefined) {
    const i = at(masks);
    const id = masks.labels[i];
    const thing = masks.instances?.[i] ?? 0;
    words.push(id === 0 ? 'no class' : `${masks.classes.find((c) => c.id === id)?.name ?? `class ${id}`}${thing === 0 ? '' : ` ${thing}`}`);
  }
  if (depth !== undefined) {
    const z = depth.metres[at(depth)];
    words.push(!(z > 0) ? 'no depth' : depth.provenance === 'relative' ? `${z.toFixed(2)} relative` : `${z.toFixed(2)} m`);
  }
  if (flow !== undefined) {
    const i = at(flow) * 2;
    const length = Math.hypot(flow.pixels[i], flow.pixels[i + 1]);
    if (length < Infinity) words.push(`moves ${length.toFixed(1)} px`);
  }
  const part = densePose?.part[at(densePose)] ?? 0;
  if (part !== 0) words.push(PARTS[part] ?? `part ${part}`);
  return words.join(', ');
}
