import { COCO_LIMBS, TURBO, colorizeDensepose, colorizeDepth, colorizeFlow, labelColor } from '@sextant/core';
import { DepthRange } from './depth-range.js';
import { floats, metresOf, paint, type ImageMessage } from './image.js';
import type { PanelSpec, PanelView } from './panel.js';

interface LabelInfoMessage {
  readonly class_map: readonly { readonly class_id: number; readonly class_name: string }[];
}

interface People {
  readonly width: number;
  readonly height: number;
  readonly people: readonly { readonly id: number; readonly keypoints: readonly (readonly [number, number, number])[] }[];
}

const MIN_SCORE = 0.3;

/** The panels of the page, in order. */
export function streams(): PanelSpec[] {
  return [
    { id: 'rgb', title: 'Camera', topics: ['rgb/image_raw'], map: false, draw: drawCamera },
    { id: 'depth', title: 'Depth', topics: ['depth/image', 'depth/relative'], map: true, draw: depthPainter() },
    { id: 'flow', title: 'Optical flow', topics: ['flow/image'], map: true, draw: flowPainter() },
    { id: 'segmentation', title: 'Segmentation', topics: ['segmentation/mask', 'segmentation/label_info'], map: true, draw: segmentationPainter() },
    { id: 'skeleton', title: 'Skeleton', topics: ['skeleton/keypoints', 'rgb/image_raw'], map: false, draw: drawSkeletons },
    { id: 'densepose', title: 'DensePose', topics: ['densepose/image'], map: true, draw: drawDensepose },
  ];
}

function drawCamera(view: PanelView, messages: ReadonlyMap<string, unknown>): void {
  const image = messages.get('rgb/image_raw') as ImageMessage;
  paint(view.canvas, { width: image.width, height: image.height, rgb: image.data });
  view.footer.textContent = `${image.width} x ${image.height}`;
}

function depthPainter(): PanelSpec['draw'] {
  const range = new DepthRange();
  let seen: unknown;
  return (view, messages) => {
    // Depth is known in metres or it is not: whichever topic spoke last says which.
    const metric = messages.get('depth/image');
    const relative = messages.get('depth/relative');
    const useMetric = metric !== undefined && (relative === undefined || metric !== seen);
    const image = (useMetric ? metric : relative) as ImageMessage;
    seen = metric;
    const metres = metresOf(image);
    const span = range.follow(metres);
    paint(view.canvas, colorizeDepth({ width: image.width, height: image.height, metres, provenance: useMetric ? 'metric' : 'relative' }, span));
    view.badge(useMetric ? 'metric' : 'relative', useMetric ? 'metric' : 'relative, unit unknown');
    if (span !== undefined) {
      const unit = useMetric ? ' m' : '';
      scaleBar(view.footer, `${span.near.toFixed(2)}${unit}`, `${span.far.toFixed(2)}${unit}`);
    }
  };
}

/** A bar in the colours of `colorizeDepth`: near is red. */
function scaleBar(footer: HTMLElement, near: string, far: string): void {
  if (footer.firstElementChild?.className !== 'scale') {
    footer.innerHTML = '<div class="scale"><span></span><canvas></canvas><span></span></div>';
    const rgb = new Uint8Array(256 * 3);
    for (let i = 0; i < 256; i++) rgb.set(TURBO.subarray((255 - i) * 3, (256 - i) * 3), i * 3);
    paint(footer.querySelector('canvas') as HTMLCanvasElement, { width: 256, height: 1, rgb });
  }
  const [left, right] = footer.querySelectorAll('span');
  if (left) left.textContent = near;
  if (right) right.textContent = `${far} (log)`;
}

function flowPainter(): PanelSpec['draw'] {
  let most = 1;
  return (view, messages) => {
    const image = messages.get('flow/image') as ImageMessage;
    const pixels = floats(image);
    let largest = 1;
    for (let i = 0; i < pixels.length; i += 2) {
      const length = Math.hypot(pixels[i] ?? 0, pixels[i + 1] ?? 0);
      if (length > largest && length < Infinity) largest = length;
    }
    most += (largest > most ? 0.5 : 0.05) * (largest - most);
    paint(view.canvas, colorizeFlow({ width: image.width, height: image.height, pixels }, { maxPixels: most }));
    if (view.footer.firstElementChild?.className !== 'scale') {
      view.footer.innerHTML = '<div class="scale"><canvas class="wheel"></canvas><span></span></div>';
      drawWheel(view.footer.querySelector('canvas') as HTMLCanvasElement);
    }
    const words = view.footer.querySelector('span');
    if (words) words.textContent = `Hue is direction, full colour ${most.toFixed(1)} px per frame`;
  };
}

function drawWheel(canvas: HTMLCanvasElement): void {
  const size = 64;
  const pixels = new Float32Array(size * size * 2);
  for (let y = 0, i = 0; y < size; y++) for (let x = 0; x < size; x++) [pixels[i++], pixels[i++]] = [(2 * x) / (size - 1) - 1, (2 * y) / (size - 1) - 1];
  paint(canvas, colorizeFlow({ width: size, height: size, pixels }, { maxPixels: 1 }));
}

function segmentationPainter(): PanelSpec['draw'] {
  let legend = '';
  return (view, messages) => {
    const image = messages.get('segmentation/mask') as ImageMessage | undefined;
    if (image === undefined) return;
    const rgb = new Uint8Array(image.data.length * 3);
    const counts = new Uint32Array(256);
    const colors = Array.from({ length: 256 }, (_, id) => labelColor(id));
    image.data.forEach((id, i) => {
      counts[id] = (counts[id] ?? 0) + 1;
      rgb.set(colors[id] ?? [0, 0, 0], i * 3);
    });
    paint(view.canvas, { width: image.width, height: image.height, rgb });
    const names = new Map((messages.get('segmentation/label_info') as LabelInfoMessage | undefined)?.class_map.map((c) => [c.class_id, c.class_name]));
    const present = [...counts.keys()].filter((id) => (counts[id] ?? 0) * 500 > image.data.length);
    const key = present.map((id) => `${id} ${names.get(id) ?? ''}`).join();
    if (key === legend && view.footer.childElementCount > 0) return;
    legend = key;
    const list = document.createElement('ul');
    list.className = 'legend';
    for (const id of present) {
      const item = document.createElement('li');
      const swatch = document.createElement('canvas');
      paint(swatch, { width: 1, height: 1, rgb: Uint8Array.from(labelColor(id)) });
      item.append(swatch, names.get(id) ?? `class ${id}`);
      list.append(item);
    }
    view.footer.replaceChildren(list);
  };
}

function drawSkeletons(view: PanelView, messages: ReadonlyMap<string, unknown>): void {
  const text = messages.get('skeleton/keypoints') as { data: string } | undefined;
  if (text === undefined) return;
  const { width, height, people } = JSON.parse(text.data) as People;
  const picture = messages.get('rgb/image_raw') as ImageMessage | undefined;
  const shown = picture ?? { width, height, data: new Uint8Array(width * height * 3) };
  const context = paint(view.canvas, { width: shown.width, height: shown.height, rgb: shown.data });
  if (context === undefined) return;
  context.fillStyle = 'rgb(0 0 0 / 45%)'; // the picture steps back behind the skeletons
  context.fillRect(0, 0, shown.width, shown.height);
  const thick = Math.max(1.5, shown.width / 160);
  context.lineWidth = thick;
  context.lineCap = 'round';
  people.forEach((person, index) => {
    const hue = Math.round((((person.id || index + 1) * 0.618034) % 1) * 360);
    context.strokeStyle = context.fillStyle = `hsl(${hue} 90% 62%)`;
    const at = (joint: number): [number, number] | undefined => {
      const [x, y, score] = person.keypoints[joint] ?? [0, 0, 0];
      return score >= MIN_SCORE ? [((x + 0.5) * shown.width) / width, ((y + 0.5) * shown.height) / height] : undefined;
    };
    for (const [a, b] of COCO_LIMBS) {
      const [from, to] = [at(a), at(b)];
      if (from === undefined || to === undefined) continue;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
    person.keypoints.forEach((_, joint) => {
      const spot = at(joint);
      if (spot === undefined) return;
      context.beginPath();
      context.arc(...spot, thick, 0, 2 * Math.PI);
      context.fill();
    });
  });
  view.footer.textContent = people.length === 1 ? '1 person' : `${people.length} people`;
}

function drawDensepose(view: PanelView, messages: ReadonlyMap<string, unknown>): void {
  const image = messages.get('densepose/image') as ImageMessage;
  const size = image.width * image.height;
  const [part, u, v] = [new Uint8Array(size), new Uint8Array(size), new Uint8Array(size)];
  for (let i = 0; i < size; i++) {
    part[i] = image.data[3 * i] ?? 0;
    u[i] = image.data[3 * i + 1] ?? 0;
    v[i] = image.data[3 * i + 2] ?? 0;
  }
  paint(view.canvas, colorizeDensepose({ width: image.width, height: image.height, part, u, v }));
  view.footer.textContent = '24 parts, brighter along u and v';
}
