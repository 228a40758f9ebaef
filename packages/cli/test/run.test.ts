import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { readMcap } from '@sextant/ros';
import { TINY, closed, dropped, filmed, modelCopy, scratch, sextant, start, startWith } from './command.js';

// Real processes on a machine that may be busy: nothing here waits for a clock, only for lines.
jest.setTimeout(90_000);

const root = scratch();
const { clip, camera } = filmed(root);

const play = (...more: string[]): string[] => ['run', '--json', '--port', '0', '--model', TINY, '--device', 'cpu', '--source', clip, ...more];

describe('sextant run', () => {
  it('plays a video to its end: ready, stats, end, exit code 0', async () => {
    const { code, lines } = await sextant(...play('--modalities', 'depth,flow', '--calibration', camera, '--record', join(root, 'played.mcap')));
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ event: 'ready', device: 'cpu', model: 'tiny-unified', modalities: ['depth', 'flow'] });
    expect(lines[0].url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'source-ended' });
    const stats = lines.filter((line) => line.event === 'stats').at(-1)!;
    expect(Object.keys(stats)).toEqual(expect.arrayContaining(['fps', 'latencyMs', 'published', 'dropped', 'eventLoopDelayMs', 'rssMiB']));
    const published = stats.published as Record<string, number>;
    // Every frame was published or counted as overtaken.
    expect(published['/sextant/rgb/image_raw'] + dropped(stats)).toBe(20);
    expect(published['/sextant/rgb/image_raw']).toBe(lines.at(-1)!.frames);
    expect(published['/sextant/depth/image']).toBeGreaterThan(0);
    expect(published['/sextant/segmentation/mask']).toBeUndefined();
    expect((stats.latencyMs as { p50: number }).p50).toBeGreaterThan(0);
  });

  it('records to its end where nobody reads stderr, as after `2>&1 | head`', async () => {
    const recording = join(root, 'unread.mcap');
    const run = start('run', '--port', '0', '--model', TINY, '--device', 'cpu', '--source', clip, '--record', recording);
    run.child.stderr!.destroy();
    expect((await run.end()).code).toBe(0);
    expect(await closed(recording)).toBe(true);
  });

  it('ends with 143 on SIGTERM', async () => {
    const run = start(...play('--loop'));
    await run.line((line) => line.event === 'ready');
    run.kill('SIGTERM');
    const { code, lines } = await run.end();
    expect(code).toBe(143);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'SIGTERM' });
  });

  it('ends after --duration, and shows page, health and metrics meanwhile', async () => {
    const run = start('run', '--json', '--port', '0', '--model', TINY, '--source', 'sim:7', '--width', '64', '--height', '48', '--duration', '2');
    const { url } = await run.line((line) => line.event === 'ready');
    const fetched = await Promise.all(['/', '/metrics', '/healthz'].map(async (path) => (await fetch(`${String(url)}${path}`)).text()));
    expect(fetched[0]).toMatch(/<html/i);
    expect(fetched[1]).toMatch(/^sextant_frames_total \d+$/m);
    expect(JSON.parse(fetched[2])).toMatchObject({ run: { source: 'sim:7', model: 'tiny-unified' } });
    const { code, lines } = await run.end();
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'duration' });
    expect(lines.at(-1)!.frames).toBeGreaterThan(0);
  });

  it('shows the password of a network camera to nobody', async () => {
    const ffmpeg = join(root, 'ffmpeg'); // a camera that never answers
    await writeFile(ffmpeg, '#!/bin/sh\ncase "$*" in *-version*) echo "ffmpeg version 6.0";; *) exec sleep 60;; esac\n', { mode: 0o755 });
    const run = startWith({ SEXTANT_FFMPEG: ffmpeg }, ...play(), '--source', 'rtsp://me:s3cr3t@127.0.0.1:1/x');
    const ready = await run.line((line) => line.event === 'ready');
    expect(ready.source).toBe('rtsp://me:***@127.0.0.1:1/x');
    const health = await (await fetch(`${String(ready.url)}/healthz`)).text();
    expect(JSON.parse(health)).toMatchObject({ run: { source: ready.source } });
    run.kill('SIGTERM');
    const { lines, stderr } = await run.end();
    expect(JSON.stringify([health, lines, stderr])).not.toContain('s3cr3t');
  });

  it('leaves an older recording as it was where the source gives no picture, and replaces it where it does', async () => {
    const recording = join(root, 'older.mcap');
    await writeFile(recording, 'of yesterday');
    const none = await sextant(...play('--start', '100', '--record', recording));
    expect([none.code, await readFile(recording, 'utf8')]).toEqual([2, 'of yesterday']);
    const { code, lines } = await sextant(...play('--modalities', 'depth', '--record', recording));
    expect(code).toBe(0);
    const topics = new Map<string, number>();
    for await (const { topic } of readMcap(recording)) topics.set(topic, (topics.get(topic) ?? 0) + 1);
    expect(topics.get('/sextant/depth/relative')).toBe(lines.at(-1)!.frames);
    expect(await closed(recording)).toBe(true);
  });

  it('reports a recording that cannot be made once and goes on', async () => {
    const { code, lines } = await sextant(...play('--record', join(clip, 'below-a-file.mcap')));
    expect(lines.filter((line) => line.event === 'error')).toMatchObject([{ code: 'io' }]);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'source-ended' });
    expect(lines.at(-1)!.frames).toBeGreaterThan(0);
    expect(code).toBe(1);
    // A live run ends by Ctrl-C, and did not do all it was asked for all the same.
    const stopped = start(...play('--loop', '--record', join(clip, 'below-a-file.mcap')));
    await stopped.line((line) => line.event === 'ready');
    stopped.kill('SIGINT');
    expect((await stopped.end()).code).toBe(1);
  });

  it('says that a port is in use before it looks for the model', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, lines } = await sextant('run', '--json', '--port', String(port), '--model', 'no-such-model');
    server.close();
    expect(lines).toMatchObject([{ event: 'error', code: 'port-in-use' }]);
    expect(code).toBe(1);
  });

  it('names what is wrong with a damaged or missing model', async () => {
    const folder = await modelCopy(join(root, 'damaged'));
    const file = await open(join(folder, 'depth.onnx'), 'r+');
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 100);
    buffer[0] ^= 1;
    await file.write(buffer, 0, 1, 100);
    await file.close();
    const damaged = await sextant('run', '--json', '--port', '0', '--source', clip, '--model', folder);
    expect(damaged).toMatchObject({ code: 1, lines: [{ event: 'error', code: 'model-damaged' }] });
    expect(damaged.lines[0].message).toContain('depth.onnx');
    expect(await sextant('run', '--json', '--port', '0', '--model', 'no-such-model')).toMatchObject({ code: 1, lines: [{ event: 'error', code: 'model-missing' }] });
  });

  it('ends with the error of a source that is missing or corrupt', async () => {
    const corrupt = join(root, 'corrupt.y4m');
    await writeFile(corrupt, 'YUV4MPEG2 W64 H48 F20:1\nFRAME\nshort');
    expect(await sextant(...play(), '--source', join(root, 'none.y4m'))).toMatchObject({ code: 1, lines: expect.arrayContaining([expect.objectContaining({ event: 'error', code: 'source-missing' })]) });
    const { code, lines } = await sextant(...play(), '--source', corrupt);
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ event: 'error' });
    expect(['source-corrupt', 'source-ended']).toContain(lines.at(-1)!.code);
  });

  it('reads a pipeline file and names the line that is wrong', async () => {
    const config = join(root, 'pipeline.yaml');
    await writeFile(config, `source: clip.y4m\nmodel: ${TINY}\nport: 0\nmodalities: [depth]\n`);
    const good = await sextant('run', '--json', '--config', config);
    expect(good).toMatchObject({ code: 0, lines: expect.arrayContaining([expect.objectContaining({ event: 'ready', modalities: ['depth'] })]) });
    await writeFile(config, 'source: clip.y4m\n\nmodalitys: [depth]\n');
    const bad = await sextant('run', '--json', '--config', config);
    expect(bad).toMatchObject({ code: 1, lines: [{ event: 'error', code: 'bad-config', message: `${config}:3: modalitys: no such key` }] });
  });
});

describe('wrong usage', () => {
  it.each([
    [['run', '--modalities', 'depth,smell'], /unknown modality "smell".*Modalities: depth, flow, segmentation, skeleton, densepose/],
    [['run', '--device', 'abacus'], /Allowed choices are auto, cuda, webgpu, cpu/],
    [['run', '--ros', 'maybe'], /Allowed choices are auto, native, off/],
    [['run', '--rate', '-3'], /above 0/],
    [['run', '--port', '70000'], /0 to 65535/],
    [['run', '--source', 'sim:x'], /seed 'x'/],
    [['run', '--nonsense'], /unknown option '--nonsense'.*--modalities/],
    [['estimate', 'clip.mp4'], /required option '--out <dir>'/],
    [['world', 'seven', '--frames', '1', '--out', 'x'], /whole number/],
    [['world', '5', '--frames', '1', '--out', 'x', '--size', '64x48', '--width', '64'], /'--size <WxH>' cannot be used with option '--width <px>'/],
    [['frobnicate'], /unknown command 'frobnicate'.*run, estimate, generate, joint, world/],
  ])('%j exits with 2 and lists what is valid', async (args, message) => {
    const { code, lines, stderr } = await sextant(...args, '--json');
    expect(code).toBe(2);
    expect(lines).toHaveLength(1);
    expect(`${String(lines[0].message)} ${String(lines[0].hint)}`).toMatch(message);
    expect(lines[0]).toMatchObject({ event: 'error', code: 'bad-argument' });
    expect(stderr).toBe('');
  });

  it('says that the native transport is not in this build', async () => {
    const { code, lines } = await sextant('run', '--ros', 'native', '--json');
    expect(code).toBe(1);
    expect(lines).toMatchObject([{ event: 'error', code: 'unsupported' }]);
  });
});
