import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { connect } from '@sextant/client';
import type { Prompted } from '@sextant/client';
import { readMcap } from '@sextant/ros';
import { filter, firstValueFrom } from 'rxjs';
import { Ros, Service, Topic } from 'roslib';
import { WebSocket } from 'ws';
import { PAINTER, TINY, closed, dropped, filmed, scratch, sextant, start } from './command.js';
import type { Line } from './command.js';

// As run.test.ts: real processes, nothing waits for a clock; with clients that come and go.
jest.setTimeout(90_000);

const root = scratch();
const { clip, camera } = filmed(root);

describe('sextant run and its clients', () => {
  it('serves a roslib client, survives SIGKILL of its worker, and leaves a readable recording after SIGINT', async () => {
    const recording = join(root, 'killed.mcap');
    const run = start('run', '--json', '--port', '0', '--model', TINY, '--device', 'cpu', '--source', clip, '--loop', '--calibration', camera, '--record', recording);
    const ready = await run.line((line) => line.event === 'ready');
    const ros = new Ros();
    await ros.connect(String(ready.url).replace('http', 'ws'));
    const topic = new Topic<{ width: number; encoding: string; data: Uint8Array }>({ ros, name: '/sextant/depth/image', messageType: 'sensor_msgs/Image', compression: 'cbor' });
    const next = (): Promise<{ width: number; encoding: string; data: Uint8Array }> => new Promise((resolve) => {
      topic.subscribe((message) => {
        topic.unsubscribe();
        resolve(message);
      });
    });
    const depth = await next();
    expect(depth.encoding).toBe('32FC1');
    expect(depth.data.byteLength % (depth.width * 4)).toBe(0);

    const before = await run.line((line) => line.event === 'stats' && (line.published as Record<string, number>)['/sextant/depth/image'] > 2);
    const worker = ready.workerPid as number;
    process.kill(worker, 'SIGKILL');
    const after = await run.line((line) => line.event === 'stats' && line.workerPid !== undefined && line.workerPid !== worker && run.lines.indexOf(line) > run.lines.indexOf(before));
    const count = (line: Line): number => (line.published as Record<string, number>)['/sextant/depth/image'];
    const later = await run.line((line) => line.event === 'stats' && run.lines.indexOf(line) > run.lines.indexOf(after) && count(line) > count(after));
    expect(dropped(later)).toBeGreaterThan(dropped(before));
    expect((await next()).width).toBe(depth.width);
    ros.close();

    run.kill('SIGINT');
    const { code, lines } = await run.end();
    expect(code).toBe(130);
    expect(lines.at(-1)).toMatchObject({ event: 'end', reason: 'SIGINT' });
    const topics = new Map<string, number>();
    for await (const message of readMcap(recording)) topics.set(message.topic, (topics.get(message.topic) ?? 0) + 1);
    expect(topics.get('/sextant/depth/image')).toBeGreaterThan(2);
    expect([...topics.values()].reduce((sum, n) => sum + n, 0)).toBe(lines.at(-1)!.recorded);
    expect(await closed(recording)).toBe(true);
  });

  it('finds by name what --prompt, a ROS parameter and a client of /masks say, refuses nonsense and goes on', async () => {
    const playing = ['run', '--json', '--port', '0', '--model', PAINTER, '--device', 'cpu', '--source', clip];
    const refused = await sextant(...playing, '--prompt', 'qwertzuiop');
    expect(refused.code).toBe(2);
    expect(refused.lines.at(-1)).toMatchObject({ event: 'error', code: 'bad-argument', message: expect.stringContaining('qwertzuiop') });

    const run = start(...playing, '--loop', '--prompt', 'two dogs');
    const ready = await run.line((line) => line.event === 'ready');
    const ros = new Ros();
    await ros.connect(String(ready.url).replace('http', 'ws'));
    const names: string[] = [];
    const named = (name: string): Promise<void> => new Promise((resolve) => {
      const look = (): unknown => (names.at(-1) === name ? resolve() : setTimeout(look, 20));
      look();
    });
    new Topic<{ class_map: { class_name: string }[] }>({ ros, name: '/sextant/referred/label_info', messageType: 'vision_msgs/LabelInfo' }).subscribe(({ class_map }) => names.push(class_map[1].class_name));
    await named('two dogs');
    const set = new Service({ ros, name: '/sextant/set_parameters', serviceType: 'rcl_interfaces/SetParameters' });
    const ask = (prompt: string): Promise<unknown> => new Promise((resolve, reject) => {
      set.callService({ parameters: [{ name: 'prompt', value: { type: 4, string_value: prompt } }] }, resolve, reject);
    });
    await ask('the red kitchen');
    await named('the red kitchen');
    await ask('qwertzuiop');
    expect(await run.line((line) => line.event === 'warning' && String(line.message).includes('qwertzuiop'))).toMatchObject({ message: expect.stringContaining('"the red kitchen" is looked for as before') });

    const client = connect(String(ready.url), { webSocket: WebSocket as unknown as typeof globalThis.WebSocket });
    const answers: Prompted[] = [];
    client.prompt$.subscribe((answer) => answers.push(answer));
    const first = await firstValueFrom(client.referred());
    expect(first).toMatchObject({ kind: 'referred', phrase: 'the red kitchen', classes: [{ name: 'background' }, { name: 'the red kitchen' }] });
    client.prompt('the person');
    expect(await firstValueFrom(client.referred().pipe(filter(({ phrase }) => phrase === 'the person')))).toMatchObject({ kind: 'referred' });
    await named('the person');
    client.prompt('nonsense asdfgh');
    await firstValueFrom(client.prompt$.pipe(filter(({ refused: no }) => no === true)));
    expect(answers.map(({ phrase }) => phrase)).toEqual(['the red kitchen', 'the person', 'the person']);
    client.close();
    ros.close();
    run.kill('SIGINT');
    expect((await run.end()).code).toBe(130);
  });
});
