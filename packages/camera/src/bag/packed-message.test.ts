import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { McapIndexedReader, McapWriter, TempBuffer } from '@mcap/core';
import { loadDecompressHandlers } from '@mcap/support';
import type { Frame } from '@sextant/core';
import { lastValueFrom, toArray } from 'rxjs';
import { image, info, times, writeBag } from '../../../../test/support/bags.js';
import { scratch } from '../../test/media.js';
import { openSource } from '../open-source.js';
import type { SourceIssue } from '../source-options.js';
import { unpackMessage } from './packed-message.js';

const root = scratch();

/** A zstd frame that holds `data` as it is, in one raw block (RFC 8878, 3.1.1). `header` is the descriptor and what it announces. */
const frame = (data: Uint8Array, header: readonly number[]): Buffer => {
  const block = (data.length << 3) | 1; // the last one, raw
  return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...header, block & 0xff, (block >> 8) & 0xff, block >> 16]), data]);
};
const packed = (data: Uint8Array): Buffer => frame(data, [0xa0, data.length & 0xff, (data.length >> 8) & 0xff, 0, 0]);

describe('unpackMessage', () => {
  it.each<[string, number, readonly number[]]>([
    ['1 byte', 200, [0x20, 200]],
    ['2 bytes, less 256', 300, [0x60, 44, 0]],
    ['4 bytes', 300, [0xa0, 44, 1, 0, 0]],
    ['4 bytes behind a window', 300, [0x80, 0x58, 44, 1, 0, 0]],
    ['8 bytes', 300, [0xe0, 44, 1, 0, 0, 0, 0, 0, 0]],
  ])('reads a size of %s', async (_what, length, header) => {
    const data = Uint8Array.from({ length }, (_, i) => i & 0xff);
    expect(unpackMessage(frame(data, header), await loadDecompressHandlers())).toEqual(data);
  });

  it('leaves what is not packed, and refuses what cannot be', async () => {
    const handlers = await loadDecompressHandlers();
    for (const data of [new Uint8Array(0), Uint8Array.of(0, 1, 0, 0, 5, 0, 0, 0)]) expect(unpackMessage(data, handlers)).toBe(data);
    const data = new Uint8Array(9);
    expect(() => unpackMessage(frame(data, [0x00, 0x58]), handlers)).toThrow('an unknown number of bytes');
    expect(() => unpackMessage(frame(data, [0xe0, 0, 0, 0, 0, 0, 1, 0, 0]), handlers)).toThrow('to 1099511627776 bytes');
    expect(() => unpackMessage(frame(data, [0x20, 8]), handlers)).toThrow();
  });

  it('plays a recording of rosbag2 whose messages are compressed one by one', async () => {
    const plain = join(root, 'plain.mcap');
    await writeBag(plain, times(3).flatMap((time, i) => [info(time), image(time, 10 * i)]));
    const reader = await McapIndexedReader.Initialize({ readable: new TempBuffer(await readFile(plain)) });
    const out = new TempBuffer();
    const writer = new McapWriter({ writable: out });
    await writer.start({ profile: 'ros2', library: 'test' });
    const channels = new Map<number, number>();
    for (const channel of reader.channelsById.values()) {
      channels.set(channel.id, await writer.registerChannel({ ...channel, schemaId: await writer.registerSchema(reader.schemasById.get(channel.schemaId)!) }));
    }
    for await (const message of reader.readMessages()) await writer.addMessage({ ...message, channelId: channels.get(message.channelId)!, data: packed(message.data) });
    await writer.end();
    await writeFile(join(root, 'packed.mcap'), out.get());
    const issues: SourceIssue[] = [];
    const play = (name: string): Promise<Frame[]> => lastValueFrom(openSource(join(root, name), { realtime: false, onIssue: (issue) => issues.push(issue) }).pipe(toArray()));
    expect(await play('packed.mcap')).toEqual(await play('plain.mcap'));
    expect(issues).toEqual([]);
  });
});
