import { describe, expect, it } from '@jest/globals';
import { inflateSync } from 'node:zlib';
import { encodeCbor } from './cbor.js';
import { encodeJson, parseJson } from './json.js';
import { encodeTextAsPng } from './png.js';

describe('encodeJson', () => {
  it('writes bytes as base64, other arrays as numbers, NaN as null', () => {
    const value = { data: Uint8Array.of(1, 2, 255), d: Float64Array.of(1.5, NaN), nan: NaN, big: 12n };
    expect(encodeJson(value)).toBe('{"data":"AQL/","d":[1.5,null],"nan":null,"big":12}');
  });

  it('respects the window of a view', () => {
    expect(encodeJson(Uint8Array.of(0, 1, 2, 3).subarray(1, 3))).toBe('"AQI="');
  });
});

describe('parseJson', () => {
  it('takes NaN and infinities as Python writes them, and leaves texts alone', () => {
    const text = String.raw`{"ranges": [1.5, Infinity, -Infinity, NaN], "a\"NaN": "Infinity \\", "b": NaN}`;
    expect(parseJson(text)).toEqual({ ranges: [1.5, Infinity, -Infinity, null], 'a"NaN': 'Infinity \\', b: null });
  });

  it.each(['{"a": NaNa}', '{"a": "NaN}', '[Infinity', 'NaN"', '{"a": nan}'])('refuses %s', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});

describe('encodeCbor', () => {
  it('writes maps, byte strings and tagged little-endian doubles to the byte', () => {
    expect(Buffer.from(encodeCbor({ a: Uint8Array.of(1, 2) })).toString('hex')).toBe('b90001' + '6161' + '420102');
    expect(Buffer.from(encodeCbor(Float64Array.of(1))).toString('hex')).toBe('d856' + '48' + '000000000000f03f');
  });

  it('never writes again into what it returned', () => {
    const first = encodeCbor({ n: 1 });
    const copy = first.slice();
    for (let i = 0; i < 1000; i++) encodeCbor({ n: i, data: new Uint8Array(100) });
    expect(Buffer.from(first).equals(copy)).toBe(true);
  });
});

describe('encodeTextAsPng', () => {
  it('gives an rgb8 PNG whose pixels are the text padded with newlines', async () => {
    const text = JSON.stringify({ op: 'publish', n: 'é'.repeat(100) });
    const png = Buffer.from(await encodeTextAsPng(text), 'base64');
    expect(png.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    const width = png.readUInt32BE(16);
    const height = png.readUInt32BE(20);
    const dataLength = png.readUInt32BE(33);
    const rows = inflateSync(png.subarray(41, 41 + dataLength));
    expect(rows.length).toBe((width * 3 + 1) * height);
    const pixels = Buffer.concat(Array.from({ length: height }, (_, y) => rows.subarray(y * (width * 3 + 1) + 1, (y + 1) * (width * 3 + 1))));
    expect(pixels.toString('utf8').trimEnd()).toBe(text);
  });
});
