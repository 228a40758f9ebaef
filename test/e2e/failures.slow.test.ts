import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { readMcap } from '@sextant/ros';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { TINY, calibration, scratch, sextant, start, y4m } from '../../packages/cli/test/command.js';
import type { Line, Started } from '../../packages/cli/test/command.js';

// What goes wrong with the whole program running. Its parts have tests of the same beside them.
jest.setTimeout(120_000);
const root = scratch();

const published = (line: Line): number => (line.published as Record<string, number>)['/sextant/depth/image'] ?? 0;

/** Waits for a `stats` line after now with more depth published than before. */
async function goesOn(run: Started): Promise<void> {
  const seen = run.lines.length;
  const first = await run.line((line) => line.event === 'stats' && run.lines.indexOf(line) >= seen);
  await run.line((line) => line.event === 'stats' && run.lines.indexOf(line) > run.lines.indexOf(first) && published(line) > published(first));
}

async function socket(url: string): Promise<WebSocket> {
  const ws = new WebSocket(url.replace('http', 'ws'));
  ws.on('error', () => undefined);
  await once(ws, 'open');
  return ws;
}

const subscribe = JSON.stringify({ op: 'subscribe', topic: '/sextant/depth/image', compression: 'cbor' });

describe('a running sextant', () => {
  it('survives clients that send garbage, too much, or stop reading', async () => {
    const run = start('run', '--json', '--port', '0', '--source', 'sim:3', '--model', TINY, '--device', 'cpu', '--width', '96', '--height', '64');
    const url = String((await run.line((line) => line.event === 'ready')).url);
    const good = await socket(url);
    good.send(subscribe);

    const garbage = await socket(url);
    for (const text of ['', '{', '[]', '{"op":"dance"}', '{"op":"subscribe"}', '{"op":"publish","topic":"/sextant/depth/image","msg":7}', '\u0000'.repeat(1000)]) garbage.send(text);
    garbage.send(Buffer.from([0xff, 0, 0xfe]));

    const huge = await socket(url);
    const closed = once(huge, 'close') as Promise<[number]>;
    huge.send(Buffer.alloc(100 * 2 ** 20, 0x20).toString());
    expect((await closed)[0]).toBe(1009);

    const deaf = await socket(url);
    for (const topic of ['rgb/image_raw', 'depth/points', 'depth/image']) deaf.send(JSON.stringify({ op: 'subscribe', topic: `/sextant/${topic}`, compression: 'cbor' }));
    deaf.pause();

    await goesOn(run);
    const [message] = (await once(good, 'message')) as [Buffer];
    expect(message.length).toBeGreaterThan(1000);
    for (const ws of [good, garbage, deaf]) ws.terminate();
    run.kill('SIGINT');
    expect((await run.end()).code).toBe(130);
  });

  it('killed with SIGKILL leaves a recording that opens, and no worker behind', async () => {
    const path = join(root, 'killed.mcap');
    const clip = await y4m(join(root, 'clip.y4m'), 20);
    const run = start('run', '--json', '--port', '0', '--source', clip, '--loop', '--calibration', await calibration(join(root, 'camera.yaml')), '--model', TINY, '--device', 'cpu', '--record', path);
    const { workerPid } = await run.line((line) => line.event === 'ready');
    // A chunk is written each second.
    await run.line((line) => line.event === 'stats' && published(line) > 40);
    expect((await stat(path)).size).toBeGreaterThan(0);
    run.kill('SIGKILL');
    await run.end();
    let depth = 0;
    for await (const { topic } of readMcap(path)) if (topic === '/sextant/depth/image') depth += 1;
    expect(depth).toBeGreaterThan(5);
    for (let tries = 0; tries < 100 && alive(workerPid as number); tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(alive(workerPid as number)).toBe(false);
  });
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('odd pictures go all the way', () => {
  it.each([
    ['8K', 7680, 4320, 3],
    ['one pixel', 1, 1, 3],
    ['alpha', 40, 30, 4],
    ['one row', 300, 1, 3],
  ] as const)('%s', async (name, width, height, channels) => {
    const [folder, out] = [join(root, name, 'in'), join(root, name, 'out')];
    await mkdir(folder, { recursive: true });
    const background = { r: 200, g: 120, b: 40, alpha: 0.5 };
    await sharp({ create: { width, height, channels, background } }).png({ compressionLevel: 1 }).toFile(join(folder, '0.png'));
    const { code, lines } = await sextant('estimate', folder, '--json', '--model', TINY, '--device', 'cpu', '--modalities', 'depth,segmentation', '--out', out);
    expect(lines.filter(({ event }) => event === 'error')).toEqual([]);
    expect(code).toBe(0);
    expect(existsSync(join(out, 'depth', '000000.png'))).toBe(true);
    expect(await sharp(join(out, 'segmentation', '000000.png'), { limitInputPixels: false }).metadata()).toMatchObject({ format: 'png' });
  });

  it('a grey picture of 16 bits', async () => {
    const [folder, out] = [join(root, 'grey', 'in'), join(root, 'grey', 'out')];
    await mkdir(folder, { recursive: true });
    await sharp(Uint16Array.from({ length: 40 * 30 }, (_, i) => i * 50), { raw: { width: 40, height: 30, channels: 1 } }).toColourspace('grey16').png().toFile(join(folder, '0.png'));
    expect(await sextant('estimate', folder, '--json', '--model', TINY, '--device', 'cpu', '--modalities', 'depth', '--out', out)).toMatchObject({ code: 0 });
    expect(existsSync(join(out, 'depth', '000000.png'))).toBe(true);
  });
});
