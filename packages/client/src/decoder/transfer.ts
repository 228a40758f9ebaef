import type { Decoded } from './messages.js';

/** Everything of a result that can be moved instead of copied. */
export function transferables({ payload, bitmap }: Decoded): Transferable[] {
  const arrays: (ArrayBufferView | undefined)[] = [];
  switch (payload.kind) {
    case 'segmentation':
      arrays.push(payload.labels, payload.instances, payload.confidence);
      break;
    case 'depth':
      arrays.push(payload.metres, payload.confidence);
      break;
    case 'flow':
      arrays.push(payload.pixels, payload.confidence);
      break;
    case 'densepose':
      arrays.push(payload.part, payload.u, payload.v, payload.person);
      break;
    case 'rgb':
      arrays.push(payload.data);
      break;
    case 'skeleton':
  }
  const buffers = new Set(arrays.flatMap((array) => (array === undefined ? [] : [array.buffer as ArrayBuffer])));
  return bitmap === undefined ? [...buffers] : [...buffers, bitmap];
}
