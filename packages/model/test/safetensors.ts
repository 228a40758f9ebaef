import { readFileSync } from 'node:fs';

/** A tensor of a safetensors file. */
export interface StoredTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** The float32 and int32 tensors of a safetensors file (8 bytes of header length, JSON, data), by name. */
export function readSafetensors(path: string): Readonly<Record<string, StoredTensor>> {
  const bytes = readFileSync(path);
  const header = Number(bytes.readBigUInt64LE(0));
  const entries = JSON.parse(bytes.subarray(8, 8 + header).toString('utf8')) as Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  return Object.fromEntries(Object.entries(entries).map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    const copy = new Uint8Array(bytes.subarray(8 + header + from, 8 + header + to)).buffer;
    return [name, { dims: shape, data: dtype === 'I32' ? new Int32Array(copy) : new Float32Array(copy) }];
  }));
}
