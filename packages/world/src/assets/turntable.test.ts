import { Document, NodeIO } from '@gltf-transform/core';
import { describe, expect, it } from '@jest/globals';
import type { Pinhole } from '../render/types.js';
import { bounds } from './glb.js';
import { readScan } from './scans.js';
import { turntable } from './turntable.js';

/** A leaning plate 0.6 m wide and 1.7 m tall, in glTF's axes. */
async function plate(): Promise<Uint8Array> {
  const document = new Document();
  const buffer = document.createBuffer();
  const corners = Float32Array.of(-0.3, 0, 0.1, 0.3, 0, 0.1, 0.3, 1.7, -0.2, -0.3, 1.7, -0.2);
  const positions = document.createAccessor().setType('VEC3').setArray(corners).setBuffer(buffer);
  const indices = document.createAccessor().setType('SCALAR').setArray(Uint16Array.of(0, 1, 2, 0, 2, 3)).setBuffer(buffer);
  const mesh = document.createMesh().addPrimitive(document.createPrimitive().setAttribute('POSITION', positions).setIndices(indices));
  document.createScene().addChild(document.createNode().setMesh(mesh));
  return new NodeIO().writeBinary(document);
}

/** A view's camera, as JSON has it. */
type Meta = Omit<Pinhole, 'camToWorld'> & { readonly camToWorld: readonly number[] };

/** JSON, depth and instances of a record of one frame. */
function decode(record: Uint8Array): { meta: Meta; depth: Float32Array; instances: Uint16Array } {
  const length = new DataView(record.buffer).getUint32(4, true);
  const meta = JSON.parse(new TextDecoder().decode(record.subarray(8, 8 + length))) as Meta;
  const n = meta.width * meta.height;
  const plane = (offset: number, bytes: number): ArrayBuffer => record.slice(8 + length + offset, 8 + length + offset + bytes).buffer;
  return { meta, depth: new Float32Array(plane(3 * n, 4 * n)), instances: new Uint16Array(plane(17 * n, 2 * n)) };
}

describe('turntable', () => {
  it('shows all of a scan from all around, with cameras that lead back to where it is', async () => {
    const glb = await plate();
    const { low, high } = bounds((await readScan(glb)).positions);
    const views: ReturnType<typeof decode>[] = [];
    for await (const record of turntable(glb, 3)) views.push(decode(record));
    expect(views).toHaveLength(6);
    const eyes = new Set(views.map(({ meta: { camToWorld } }) => [3, 7, 11].map((i) => camToWorld[i].toFixed(2)).join()));
    expect(eyes.size).toBe(6);
    for (const { meta: { width, height, fx, fy, cx, cy, camToWorld: m }, depth, instances } of views) {
      let [seen, outside] = [0, 0];
      for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) {
        if (instances[i] === 0) continue;
        seen++;
        if (x === 0 || y === 0 || x === width - 1 || y === height - 1) outside++;
        const [px, py, pz] = [((x - cx) / fx) * depth[i], ((y - cy) / fy) * depth[i], depth[i]];
        const point = [0, 4, 8].map((row) => m[row] * px + m[row + 1] * py + m[row + 2] * pz + m[row + 3]);
        if (point.some((value, axis) => value < low[axis] - 0.02 || value > high[axis] + 0.02)) outside++;
      }
      expect(seen).toBeGreaterThan(1000);
      expect(outside).toBe(0);
    }
  });
});
