import type { ClassTable, Frame, Modality, Perception } from '@sextant/core';
import { COCO_KEYPOINTS } from '@sextant/core';
import { startGateway } from '@sextant/gateway';
import type { Gateway, GatewayOptions } from '@sextant/gateway';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import type { Observable } from 'rxjs';
import { map, withLatestFrom } from 'rxjs';

export const [WIDTH, HEIGHT] = [48, 36];
const SIZE = WIDTH * HEIGHT;
export const CLASSES: ClassTable['classes'] = [
  { id: 0, name: 'background', color: [0, 0, 0], thing: false },
  { id: 1, name: 'person', color: [220, 20, 60], thing: true },
  { id: 2, name: 'chair', color: [10, 200, 60], thing: true },
];

/** A frame whose first pixel says which one it is. */
export function frame(sequence: number, stamp = BigInt(sequence) * 33_000_000n): Frame {
  return { stamp, frameId: 'camera_optical_frame', sequence, width: WIDTH, height: HEIGHT, rgb: new Uint8Array(SIZE * 3).fill(sequence & 255) };
}

/** What a model could say of a frame: a person that walks, a chair that stands. Only what is wanted. */
export function perception(of: Frame, wanted: readonly Modality[] = ['depth', 'flow', 'segmentation', 'skeleton', 'densepose'], more: Partial<Perception> = {}): Perception {
  const at = of.sequence % 20;
  const inPerson = (i: number): boolean => Math.abs((i % WIDTH) - 10 - at) < 5 && Math.floor(i / WIDTH) > 8;
  const labels = Uint8Array.from({ length: SIZE }, (_, i) => (inPerson(i) ? 1 : i % WIDTH > 40 ? 2 : 0));
  const all = {
    depth: { width: WIDTH, height: HEIGHT, provenance: 'metric' as const, metres: Float32Array.from({ length: SIZE }, (_, i) => 1 + (i % WIDTH) / 10) },
    flow: { width: WIDTH, height: HEIGHT, pixels: new Float32Array(2 * SIZE).fill(1.5) },
    segmentation: { width: WIDTH, height: HEIGHT, labels, instances: Uint16Array.from(labels, (id) => id * 300), classes: CLASSES },
    skeleton: { width: WIDTH, height: HEIGHT, people: [{ id: 300, score: 1, box: [at, 9, 10, 27] as const, keypoints: COCO_KEYPOINTS.map((_, j) => ({ x: at + j / 4, y: 10 + j, score: 1 })) }] },
    densepose: { width: WIDTH, height: HEIGHT, part: labels.map((id) => (id === 1 ? 2 : 0)), u: labels.map((id) => (id === 1 ? 90 : 0)), v: labels.map((id) => (id === 1 ? 200 : 0)) },
  };
  return { frame: of, ...Object.fromEntries(wanted.map((name) => [name, all[name]])), latencyMs: 12, ...more };
}

/** Stands for the model where clients send cameras: results of what is wanted, at once. */
export const perceive = (frames$: Observable<Frame>, wanted$: Observable<readonly Modality[]>): Observable<Perception> =>
  frames$.pipe(withLatestFrom(wanted$), map(([one, wanted]) => perception(one, wanted)));

/** A gateway on a free port, fed by hand. */
export async function server(options: Partial<GatewayOptions> = {}): Promise<{ readonly bridge: RosBridge; readonly gateway: Gateway; readonly url: string; close(): Promise<void> }> {
  const bridge = createBridge();
  const gateway = await startGateway({ bridge, port: 0, perceive, ...options });
  return {
    bridge, gateway, url: gateway.url,
    close: async () => {
      await bridge.close();
      await gateway.close();
    },
  };
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until something holds. */
export async function until(what: () => boolean, ms = 8000): Promise<void> {
  for (const end = Date.now() + ms; !what(); await sleep(5)) if (Date.now() > end) throw new Error(`waited ${ms} ms in vain for ${what.toString()}`);
}
