import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FoxgloveClient } from '@foxglove/ws-protocol';
import type { Channel } from '@foxglove/ws-protocol';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { Ros, Topic } from 'roslib';
import { WebSocket } from 'ws';
import { TINY, pictureFolder, scratch, start } from '../../packages/cli/test/command.js';
import type { Started } from '../../packages/cli/test/command.js';
import { CHROMIUM, launch } from '../../packages/gateway/test/browser.js';

jest.setTimeout(240_000);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const root = scratch();

interface Twist { readonly linear: { readonly x: number; readonly y: number; readonly z: number }; readonly angular: { readonly x: number; readonly y: number; readonly z: number } }
interface Image { readonly header: { readonly stamp: { readonly sec: number; readonly nanosec: number } }; readonly width: number; readonly height: number; readonly encoding: string; readonly is_bigendian: number; readonly step: number; readonly data: Uint8Array }
interface Guard { depth(message: Image, now: number): void; relative(now: number): void; decide(now: number): { stop: boolean; reason: string } }
interface Decide {
  readonly ObstacleStop: new (options: { distance: number; maxAge?: number; leastValid?: number; foreignClock?: boolean }) => Guard;
  nearestAhead(message: Image): { metres: number; valid: number };
}

const running = new Set<ChildProcess>();
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** An example that goes on until it is told to end, and what it has printed. */
class Example {
  readonly lines: string[] = [];
  readonly child: ChildProcess;
  stderr = '';

  constructor(path: string, ...args: string[]) {
    this.child = spawn(process.execPath, [`examples/${path}`, ...args], { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(this.child);
    createInterface({ input: this.child.stdout as NodeJS.ReadableStream }).on('line', (line) => this.lines.push(line));
    this.child.stderr?.on('data', (data: Buffer) => (this.stderr += data.toString()));
  }

  async end(): Promise<number | null> {
    if (this.child.exitCode === null) {
      const closed = new Promise((resolve) => this.child.once('close', resolve));
      this.child.kill('SIGINT');
      await closed;
    }
    running.delete(this.child);
    return this.child.exitCode;
  }
}

async function until(what: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; !(await what());) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('examples for a robot, on a running sextant', () => {
  let run: Started;
  let http: string;
  let url: string;
  beforeAll(async () => {
    run = start('run', '--json', '--port', '0', '--ros', 'off', '--source', 'sim:7', '--model', TINY, '--device', 'cpu', '--width', '96', '--height', '64', '--rate', '5');
    http = String((await run.line((line) => line.event === 'ready')).url);
    url = http.replace('http', 'ws');
  });
  afterAll(async () => {
    run.kill('SIGTERM');
    await run.end();
  });

  /** Commands one way and what comes out the other, over the same rosbridge. */
  async function drive(at: string, ...args: string[]): Promise<{ example: Example; out: Twist[]; stop: () => Promise<number | null> }> {
    const ros = new Ros();
    await ros.connect(at);
    const out: Twist[] = [];
    new Topic<Twist>({ ros, name: '/cmd_vel', messageType: 'geometry_msgs/Twist' }).subscribe((message) => out.push(message));
    const commands = new Topic<Twist>({ ros, name: '/cmd_vel_nav', messageType: 'geometry_msgs/Twist' });
    const timer = setInterval(() => {
      commands.publish({ linear: { x: 0.3, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0.1 } });
    }, 100);
    const example = new Example('roboticist/obstacle-stop.mjs', '--url', at, '--max-age', '5', '--least-valid', '0.01', ...args);
    return {
      example, out,
      stop: async () => {
        clearInterval(timer);
        const code = await example.end();
        await until(() => out.at(-1)?.linear.x === 0 && out.at(-1)?.angular.z === 0, 10); // the last word is "stand still"
        ros.close();
        return code;
      },
    };
  }

  it('obstacle-stop passes commands on while nothing is near', async () => {
    const { example, out, stop } = await drive(url, '--foreign-clock', '--distance', '0.01');
    await until(() => out.some(({ linear }) => linear.x === 0.3));
    expect(out[0].linear.x).toBe(0); // before the first depth
    expect(example.lines[0]).toBe('stop: no depth yet');
    // What it publishes may come before what it says: a socket is not a pipe.
    await until(() => example.lines.length > 1);
    expect(example.lines.at(-1)).toMatch(/^clear, \d+\.\d\d m ahead$/);
    expect(await stop()).toBe(0);
    expect(example.stderr).toBe('');
  });

  it('obstacle-stop holds forward speed and leaves turning when something is near', async () => {
    const { example, out, stop } = await drive(url, '--foreign-clock', '--distance', '1000');
    await until(() => example.lines.some((line) => /^stop: \d+\.\d\d m ahead$/.test(line)) && out.some(({ angular }) => angular.z === 0.1));
    await until(() => out.length > 40);
    expect(out.every(({ linear }) => linear.x === 0)).toBe(true);
    await stop();
  });

  it('obstacle-stop does not trust stamps of another clock unless told to', async () => {
    const { example, out, stop } = await drive(url, '--distance', '0.01');
    await until(() => example.lines.includes('stop: depth is years old'));
    await until(() => out.length > 20);
    expect(out.every(({ linear }) => linear.x === 0)).toBe(true);
    await stop();
  });

  it('obstacle-stop says that relative depth is no distance', async () => {
    const other = start('run', '--json', '--port', '0', '--ros', 'off', '--source', `dir:${await pictureFolder(`${root}/pictures`, 20)}`, '--loop', '--rate', '5', '--model', TINY, '--device', 'cpu');
    const at = String((await other.line((line) => line.event === 'ready')).url).replace('http', 'ws');
    const { example, out, stop } = await drive(at, '--foreign-clock', '--distance', '0.01');
    await until(() => example.lines.includes('stop: depth is relative: calibrate the camera or give a scale'));
    expect(out.every(({ linear }) => linear.x === 0)).toBe(true);
    await stop();
    other.kill('SIGTERM');
    await other.end();
  });

  (CHROMIUM === undefined ? it.skip : it)('the page draws depth, in metres, and reads it under the pointer', async () => {
    const server = new Example('roboticist/browser/serve.mjs', '--port', '0');
    await until(() => server.lines.length > 0);
    const browser = await launch();
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`${server.lines[0]}?server=${url}`);
      const state = page.locator('#state');
      await until(async () => /^\d+\.\d{3} s: \d+\.\d\d to \d+\.\d\d m$/.test(await state.innerText()));
      const colours = await page.evaluate(() => {
        const canvas = document.querySelector('canvas') as HTMLCanvasElement;
        const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, canvas.width, canvas.height);
        return { width: canvas.width, height: canvas.height, colours: new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 3).join())).size };
      });
      expect(colours.width / colours.height).toBeCloseTo(4 / 3, 0);
      expect(colours.colours).toBeGreaterThan(8);
      await page.locator('canvas').hover();
      expect(await page.locator('#pointer').innerText()).toMatch(/^(\d+\.\d\d m|no depth)$/);
      if (process.env.SEXTANT_SCREENSHOTS !== undefined) await page.screenshot({ path: `${process.env.SEXTANT_SCREENSHOTS}/depth-page.png` });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
      await server.end();
    }
  });

  it('the Foxglove layout names topics that are there, and colours that the cloud has', async () => {
    const layout = JSON.parse(await readFile(`${repository}examples/foxglove/layout.json`, 'utf8')) as { configById: Record<string, Record<string, unknown>>; layout: unknown };
    const text = JSON.stringify(layout.configById);
    const named = new Set([...text.matchAll(/"(\/(?:sextant\/[a-z_/]+|diagnostics))"/g)].map(([, topic]) => topic));
    expect(named).toContain('/sextant/depth/points');
    const leaves = [...JSON.stringify(layout.layout).matchAll(/"(?:first|second)":"([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(leaves)).toEqual(new Set(Object.keys(layout.configById)));

    const socket = new WebSocket(`${url}/foxglove`, FoxgloveClient.SUPPORTED_SUBPROTOCOL);
    const client = new FoxgloveClient({ ws: socket });
    const channels = new Map<string, Channel>();
    client.on('advertise', (list) => { for (const channel of list) channels.set(channel.topic, channel); });
    await until(() => [...named].every((topic) => channels.has(topic)), 20).catch(() => {});
    expect([...named].filter((topic) => !channels.has(topic))).toEqual([]);
    const cloud = channels.get('/sextant/depth/points') as Channel;
    const data = await new Promise<ArrayBufferView>((resolve) => {
      const id = client.subscribe(cloud.id);
      client.on('message', (message) => { if (message.subscriptionId === id) resolve(message.data); });
    });
    const { fields, header, width, height } = new MessageReader(parse(cloud.schema, { ros2: true })).readMessage<{ fields: { name: string }[]; header: { frame_id: string }; width: number; height: number }>(data);
    expect(fields.map(({ name }) => name)).toEqual(['x', 'y', 'z', 'rgb']); // colorField
    expect(header.frame_id).toBe('camera_optical_frame');
    expect(width * height).toBeGreaterThan(0);
    client.close();
  });
});

describe('when to stop', () => {
  let decide: Decide;
  beforeAll(async () => {
    decide = await import(new URL('../../examples/sextant_obstacle_stop/src/decide.mjs', import.meta.url).href) as Decide;
  });
  const image = (at: number, values: Float32Array | Uint16Array, encoding = values instanceof Uint16Array ? '16UC1' : '32FC1'): Image => ({
    header: { stamp: { sec: Math.floor(at), nanosec: Math.round((at % 1) * 1e9) } }, width: 12, height: 8, encoding, is_bigendian: 0, step: 12 * values.BYTES_PER_ELEMENT, data: new Uint8Array(values.buffer),
  });
  const flat = (metres: number): Float32Array => new Float32Array(96).fill(metres);

  it('reads metres and millimetres, and no invalid value', () => {
    const mixed = flat(2);
    for (let i = 0; i < 96; i += 2) mixed[i] = [NaN, Infinity, 0, -1][(i / 2) % 4];
    expect(decide.nearestAhead(image(0, mixed))).toEqual({ metres: 2, valid: 0.5 });
    expect(decide.nearestAhead(image(0, new Uint16Array(96).fill(1500)))).toEqual({ metres: 1.5, valid: 1 });
    expect(decide.nearestAhead(image(0, flat(NaN)))).toEqual({ metres: Infinity, valid: 0 });
    expect(() => decide.nearestAhead(image(0, flat(1), '8UC1'))).toThrow(/8UC1/);
    expect(() => decide.nearestAhead({ ...image(0, flat(1)), height: 9 })).toThrow(/does not fit/);
  });

  it.each([
    ['distance', { distance: Number('0,6') }, /a distance of NaN m/], ['max-age', { maxAge: Number('0,5') }, /at most NaN s old/], ['max-age', { maxAge: 0 }, /at most 0 s old/],
    ['least-valid', { leastValid: Number('30%') }, /a share of NaN/], ['least-valid', { leastValid: 30 }, /a share of 30/],
  ])('refuses a %s that is none: with NaN nothing would be a stop', (_what, option, reason) => {
    expect(() => new decide.ObstacleStop({ distance: 0.6, ...option })).toThrow(reason);
  });

  it.each<[string, (guard: Guard) => void, boolean, RegExp]>([
    ['nothing came', () => {}, true, /no depth yet/],
    ['all is far', (g) => { g.depth(image(9.9, flat(3)), 10); }, false, /clear, 3\.00 m/],
    ['something is near', (g) => { g.depth(image(9.9, flat(0.5)), 10); }, true, /0\.50 m ahead/],
    ['the picture is old', (g) => { g.depth(image(8, flat(3)), 10); }, true, /2\.00 s old/],
    ['it came long ago', (g) => { g.depth(image(7.9, flat(3)), 8); }, true, /old/],
    ['it comes from the future', (g) => { g.depth(image(12, flat(3)), 10); }, true, /in the future/],
    ['the camera is covered', (g) => { g.depth(image(9.9, flat(NaN)), 10); }, true, /only 0 % of the pixels/],
    ['an old picture follows a new one', (g) => { g.depth(image(9.9, flat(0.5)), 10); g.depth(image(9.8, flat(3)), 10); }, true, /0\.50 m/],
    ['depth is relative', (g) => { g.relative(10); }, true, /relative/],
    ['the message is broken', (g) => { g.depth({ ...image(9.9, flat(3)), step: 4 }, 10); }, true, /does not fit/],
  ])('%s', (_what, happen, stop, reason) => {
    const guard = new decide.ObstacleStop({ distance: 1 });
    happen(guard);
    expect(guard.decide(10)).toEqual({ stop, reason: expect.stringMatching(reason) });
  });

  it('is when the clock was set back, until a picture comes by the new one', () => {
    const guard = new decide.ObstacleStop({ distance: 1, foreignClock: true });
    guard.depth(image(1, flat(3)), 100);
    expect(guard.decide(100.1)).toMatchObject({ stop: false });
    expect(guard.decide(40)).toMatchObject({ stop: true });
    guard.relative(100);
    expect(guard.decide(40).reason).not.toMatch(/relative/);
    guard.depth(image(1.1, flat(3)), 40);
    expect(guard.decide(40.1)).toMatchObject({ stop: false });
  });
});
