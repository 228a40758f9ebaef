import { malformed } from './byte-cursor.js';
import { ByteSink } from './byte-sink.js';

/** A plane of class ids, instance ids or body parts, row-major. */
export type IdPlane = Uint8Array | Uint16Array;

/**
 * Operations of the run-length code. A row is a list of edges (where a run begins, and its value), coded against the edges of
 * the row above, or of the same row of the reference frame, after CCITT T.6's idea of a two-dimensional code.
 */
const OP = { above: 0, reference: 1, fromReference: 2, pass: 3, explicit: 4, end: 5, shifted: 9 } as const;
/** An edge may move by so many pixels from one row to the next and be `shifted`: codes 6..12 are -3..3. */
const REACH = 3;

/** Edges of one row: start and value of each run. */
class Row {
  readonly start: Int32Array;
  readonly value: Uint16Array;
  count = 0;

  constructor(width: number) {
    this.start = new Int32Array(width);
    this.value = new Uint16Array(width);
  }

  /** Reads the runs of one row of a plane. */
  scan(plane: IdPlane, offset: number, width: number): void {
    const { start, value } = this;
    let count = 0;
    let last = -1;
    for (let x = 0; x < width; x += 1) {
      const id = plane[offset + x];
      if (id === last) continue;
      start[count] = x;
      value[count] = last = id;
      count += 1;
    }
    this.count = count;
  }

  equals(other: Row): boolean {
    if (this.count !== other.count) return false;
    for (let i = 0; i < this.count; i += 1) if (this.start[i] !== other.start[i] || this.value[i] !== other.value[i]) return false;
    return true;
  }
}

/** Codes planes; keep one per stream of planes, its buffers are reused. */
export class RunLengthEncoder {
  readonly #ops = new ByteSink();
  readonly #places = new ByteSink();
  readonly #values = new ByteSink();

  /**
   * Appends the code of a plane to `out`: u32 bytes of operations, u32 bytes of places, then operations, places, values.
   * With a `reference` of the same size, rows may be coded as they differ from it.
   */
  encode(plane: IdPlane, width: number, height: number, reference: IdPlane | undefined, out: ByteSink): void {
    const [ops, places, values] = [this.#ops, this.#places, this.#values];
    for (const sink of [ops, places, values]) sink.length = 0;
    let row = new Row(width);
    let above = new Row(width);
    const before = new Row(width);
    // The row above the first is one run of 0.
    above.count = 1;
    for (let y = 0; y < height; y += 1) {
      row.scan(plane, y * width, width);
      if (row.equals(above)) ops.u8(OP.above);
      else {
        before.count = 0;
        if (reference !== undefined) before.scan(reference, y * width, width);
        if (reference !== undefined && row.equals(before)) ops.u8(OP.reference);
        else this.#row(row, above, reference === undefined ? undefined : before);
      }
      [row, above] = [above, row];
    }
    out.u32(ops.length);
    out.u32(places.length);
    for (const sink of [ops, places, values]) out.append(sink.bytes);
  }

  /** Codes a row against whichever of its two predecessors makes it shorter. */
  #row(row: Row, above: Row, before: Row | undefined): void {
    const [ops, places, values] = [this.#ops, this.#places, this.#values];
    const mark = [ops.length, places.length, values.length] as const;
    const rollback = (): void => {
      [ops.length, places.length, values.length] = mark;
    };
    const size = (): number => ops.length + 2 * (places.length + values.length);
    this.#edges(row, above);
    if (before === undefined) return;
    const fromAbove = size();
    rollback();
    ops.u8(OP.fromReference);
    this.#edges(row, before);
    if (size() < fromAbove) return;
    rollback();
    this.#edges(row, above);
  }

  #edges(row: Row, known: Row): void {
    let last = -1;
    let next = 0;
    for (let i = 0; i < row.count; i += 1) {
      const [x, value] = [row.start[i], row.value[i]];
      while (next < known.count && known.start[next] <= last - REACH) next += 1;
      let match = next;
      while (match < known.count && known.start[match] <= x + REACH && (known.start[match] < x - REACH || known.value[match] !== value)) match += 1;
      if (match < known.count && known.start[match] <= x + REACH) {
        for (; next < match; next += 1) this.#ops.u8(OP.pass);
        this.#ops.u8(OP.shifted + x - known.start[match]);
        next += 1;
      } else {
        this.#ops.u8(OP.explicit);
        this.#places.varint(x - last - 1);
        this.#values.varint(value);
      }
      last = x;
    }
    this.#ops.u8(OP.end);
  }
}

/** Reads the varints and operations of one code, checking that they are there. */
class CodeReader {
  #at: number;

  constructor(
    private readonly bytes: Uint8Array,
    start: number,
    private readonly end: number,
    private readonly what: string,
  ) {
    this.#at = start;
  }

  byte(): number {
    if (this.#at >= this.end) throw malformed(`run-length code ends within its ${this.what}`);
    return this.bytes[this.#at++];
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw malformed(`run-length code has a number of more than 28 bits among its ${this.what}`);
  }

  done(): void {
    if (this.#at !== this.end) throw malformed(`run-length code has ${this.end - this.#at} bytes of ${this.what} too many`);
  }
}

/**
 * Decodes a plane into `plane` (`width * height` ids, all written). `bytes` must be the whole code.
 * @throws SextantError `protocol` for anything that is no code of a plane of this size.
 */
export function decodeRunLength(bytes: Uint8Array, width: number, height: number, plane: IdPlane, reference?: IdPlane): void {
  if (bytes.length < 8) throw malformed(`run-length code of ${bytes.length} bytes has no lengths`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [opBytes, placeBytes] = [view.getUint32(0, true), view.getUint32(4, true)];
  if (8 + opBytes + placeBytes > bytes.length) throw malformed(`run-length code of ${bytes.length} bytes declares ${opBytes} and ${placeBytes}`, { opBytes, placeBytes });
  const ops = new CodeReader(bytes, 8, 8 + opBytes, 'operations');
  const places = new CodeReader(bytes, 8 + opBytes, 8 + opBytes + placeBytes, 'places');
  const values = new CodeReader(bytes, 8 + opBytes + placeBytes, bytes.length, 'values');
  const largest = plane.BYTES_PER_ELEMENT === 1 ? 0xff : 0xffff;
  let row = new Row(width);
  let above = new Row(width);
  const before = new Row(width);
  above.count = 1;
  for (let y = 0; y < height; y += 1) {
    const offset = y * width;
    let op = ops.byte();
    if ((op === OP.reference || op === OP.fromReference) && reference === undefined) throw malformed(`row ${y} refers to a frame that is not there`, { row: y });
    if (op === OP.above) {
      if (y === 0) plane.fill(0, 0, width);
      else plane.copyWithin(offset, offset - width, offset);
      continue;
    }
    if (op === OP.reference) {
      plane.set((reference as IdPlane).subarray(offset, offset + width), offset);
      above.scan(plane, offset, width);
      continue;
    }
    let known = above;
    if (op === OP.fromReference) {
      before.scan(reference as IdPlane, offset, width);
      known = before;
      op = ops.byte();
    }
    let last = -1;
    let next = 0;
    row.count = 0;
    for (; op !== OP.end; op = ops.byte()) {
      while (next < known.count && known.start[next] <= last - REACH) next += 1;
      if (op === OP.pass) {
        next += 1;
        continue;
      }
      let x: number;
      let value: number;
      if (op === OP.explicit) {
        x = last + 1 + places.varint();
        value = values.varint();
        if (value > largest) throw malformed(`id ${value} does not fit ${plane.BYTES_PER_ELEMENT} byte(s)`, { value });
      } else {
        const shift = op - OP.shifted;
        if (shift < -REACH || shift > REACH) throw malformed(`operation ${op} does not exist`, { op, row: y });
        if (next >= known.count) throw malformed(`row ${y} refers to an edge that is not there`, { row: y });
        x = known.start[next] + shift;
        value = known.value[next];
        next += 1;
      }
      if (x <= last || x >= width) throw malformed(`row ${y} has an edge at ${x} after one at ${last}, its width is ${width}`, { row: y, x, last, width });
      if (last < 0 ? x !== 0 : false) throw malformed(`row ${y} begins at ${x}`, { row: y, x });
      if (last >= 0) plane.fill(row.value[row.count - 1], offset + last, offset + x);
      row.start[row.count] = x;
      row.value[row.count] = value;
      row.count += 1;
      last = x;
    }
    if (row.count === 0) throw malformed(`row ${y} has no run`, { row: y });
    plane.fill(row.value[row.count - 1], offset + last, offset + width);
    [row, above] = [above, row];
  }
  ops.done();
  places.done();
  values.done();
}
