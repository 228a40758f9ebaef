import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startGateway } from '@sextant/gateway';
import type { Gateway } from '@sextant/gateway';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { WebSocketServer } from 'ws';

jest.setTimeout(120_000);
const repository = fileURLToPath(new URL('../../', import.meta.url));
const [WIDTH, HEIGHT] = [32, 24];

interface Message { readonly op: string; readonly topic: string; readonly msg: { readonly linear: { readonly x: number }; readonly angular: { readonly z: number } } }

async function until(what: () => boolean, seconds = 60): Promise<void> {
  for (const end = Date.now() + 1000 * seconds; !what();) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A base with a rosbridge of its own: drives as it is told, and its planner always wants to go on. */
class Base {
  readonly server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  readonly told: Message['msg'][] = [];
  /** What the planner wants. */
  wish: object = { linear: { x: 0.5, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0.1 } };
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.server.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => {
        const { op, topic, msg } = JSON.parse(data.toString()) as Message;
        if (op === 'publish') this.told.push(msg);
        if (op !== 'subscribe') return;
        this.#timer = setInterval(() => {
          socket.send(JSON.stringify({ op: 'publish', topic, msg: this.wish }));
        }, 50);
      });
    });
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The planner dies. */
  silence(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.silence();
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
  }
}

describe('obstacle-stop between a Sextant and a base of its own', () => {
  let bridge: RosBridge;
  let gateway: Gateway;
  let base: Base;
  let feeding: NodeJS.Timeout;
  let child: ChildProcess | undefined;
  let [stdout, stderr] = ['', ''];
  /** By so much the camera's clock was set back, milliseconds. */
  let setBack = 0;
  let code: number | null | undefined;

  beforeEach(async () => {
    bridge = createBridge();
    gateway = await startGateway({ bridge, port: 0 });
    base = new Base();
    await once(base.server, 'listening');
    let sequence = 0;
    feeding = setInterval(() => {
      const frame = { stamp: BigInt(Date.now() - setBack) * 1_000_000n, sequence: sequence++, frameId: 'camera', width: WIDTH, height: HEIGHT, rgb: new Uint8Array(WIDTH * HEIGHT * 3) };
      bridge.publish({ frame, latencyMs: 1, depth: { width: WIDTH, height: HEIGHT, metres: new Float32Array(WIDTH * HEIGHT).fill(5), provenance: 'metric' } });
    }, 50);
    [stdout, stderr, code, setBack] = ['', '', undefined, 0];
    // A mistake that a test can make it have.
    const mistake = `data:text/javascript,process.on('SIGUSR2', () => { throw new Error('a mistake') })`;
    // And this machine's clock, set back by an hour.
    const clock = `data:text/javascript,const now = Date.now; process.on('SIGHUP', () => { Date.now = () => now() - 3600000 })`;
    child = spawn(process.execPath, ['--import', mistake, '--import', clock, 'examples/roboticist/obstacle-stop.mjs', '--url', gateway.url.replace('http', 'ws'), '--robot', base.url], { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    child.once('close', (status) => (code = status));
    await until(() => base.told.at(-1)?.linear.x === 0.5);
  });
  afterEach(async () => {
    if (code === undefined && child?.kill('SIGKILL') === true) await until(() => code !== undefined, 10); // or the next test would see this end
    clearInterval(feeding);
    base.close();
    await gateway.close();
    await bridge.close();
  });

  it('tells the base to stand still and ends with 1 when Sextant goes', async () => {
    await gateway.close();
    await until(() => code !== undefined, 10);
    expect(base.told.at(-1)).toMatchObject({ linear: { x: 0 }, angular: { z: 0 } });
    expect(code).toBe(1);
    expect(stderr).toContain('the connection to Sextant at ws://127.0.0.1:');
    expect(stderr).toContain('the base is told to stand still');
  });

  it('ends with 1 when the base goes', async () => {
    base.close();
    await until(() => code !== undefined, 10);
    expect(code).toBe(1);
    expect(stderr).toContain('the connection to base at ws://127.0.0.1:');
  });

  it('holds the base while no depth comes over an open connection', async () => {
    clearInterval(feeding);
    await until(() => base.told.at(-1)?.linear.x === 0, 5);
    await until(() => /stop: depth is \d\.\d\d s old/.test(stdout), 5);
    const from = base.told.length;
    await until(() => base.told.length > from + 20, 5); // told again and again, not once
    expect(base.told.slice(from).every(({ linear }) => linear.x === 0)).toBe(true);
    expect(code).toBeUndefined();
  });

  it('takes the missing parts of a command for 0, also while it holds the base', async () => {
    base.wish = { angular: { z: 0.3 } };
    const turning = { linear: { x: 0, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0.3 } };
    await until(() => base.told.at(-1)?.linear.x === 0, 5);
    expect(base.told.at(-1)).toEqual(turning);
    clearInterval(feeding);
    await until(() => /stop: depth is \d\.\d\d s old/.test(stdout), 5);
    const from = base.told.length;
    await until(() => base.told.length > from + 5, 5);
    expect(base.told.at(-1)).toEqual(turning);
    base.wish = { linear: { x: null } }; // NaN in JSON
    await until(() => base.told.at(-1)?.angular.z === 0, 5);
    expect(base.told.at(-1)).toEqual({ linear: turning.linear, angular: turning.linear });
    expect(code).toBeUndefined();
  });

  it('forgets the last command of a planner that dies as the clock is set back', async () => {
    base.silence();
    setBack = 3_600_000;
    child?.kill('SIGHUP');
    await until(() => base.told.slice(-20).every(({ linear }) => linear.x === 0), 10); // for a second: it stands, and not just until the next picture
  });

  it('tells the base to stand still and ends with 1 when it fails itself', async () => {
    child?.kill('SIGUSR2');
    await until(() => code !== undefined, 10);
    expect(base.told.at(-1)).toMatchObject({ linear: { x: 0 }, angular: { z: 0 } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/this program failed; the base is told to stand still: Error: a mistake/);
  });
});

describe('the node obstacle_stop, on a stand-in of rclnodejs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-obstacle-stop-'));
  beforeAll(() => {
    cpSync(join(repository, 'examples/sextant_obstacle_stop/src'), folder, { recursive: true });
    mkdirSync(join(folder, 'node_modules/rclnodejs'), { recursive: true });
    cpSync(join(repository, 'test/e2e/rclnodejs-standin.cjs'), join(folder, 'node_modules/rclnodejs/index.js'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** What the node said of a few messages, in order. */
  async function said(clock: string, ...args: string[]): Promise<string[]> {
    const node = spawn(process.execPath, [join(folder, 'obstacle_stop.mjs'), ...args], { env: { ...process.env, STANDIN_CLOCK: clock }, stdio: ['ignore', 'pipe', 'inherit'] });
    let lines = '';
    node.stdout.on('data', (data: Buffer) => (lines += data.toString()));
    await once(node, 'close');
    return lines.trim().split('\n').flatMap((line) => {
      const { info, warn } = JSON.parse(line) as { info?: string; warn?: string };
      return info ?? warn ?? [];
    });
  }
  // Wide enough for a machine that is busy: the stand-in's whole play is 0.7 s.
  const patient = ['--ros-args', '-p', 'max_age:=5.0'];

  it.each([
    ['stamps of this clock', 'wall', [], ['stop: no depth yet', 'clear, 3.00 m ahead', 'stop: 0.40 m ahead']],
    ['stamps that begin at 0', '0', [], ['stop: no depth yet', 'stop: depth is years old']],
    ['stamps that begin at 0, with foreign_clock', '0', ['-p', 'foreign_clock:=true'], ['stop: no depth yet', 'clear, 3.00 m ahead', 'stop: 0.40 m ahead']],
  ])('%s', async (_what, clock, parameters, expected) => {
    expect(await said(clock, ...patient, ...parameters)).toEqual(expected);
  });

  it('tells the base to stand still and ends with 1 when it fails itself', async () => {
    const mistake = `data:text/javascript,setTimeout(() => { throw new Error('a mistake') }, 300)`;
    const node = spawn(process.execPath, ['--import', mistake, join(folder, 'obstacle_stop.mjs'), ...patient], { env: { ...process.env, STANDIN_CLOCK: 'wall' }, stdio: ['ignore', 'pipe', 'ignore'] });
    let lines = '';
    node.stdout.on('data', (data: Buffer) => (lines += data.toString()));
    expect(await once(node, 'close')).toEqual([1, null]);
    const still = { x: 0, y: 0, z: 0 };
    expect(lines.trim().split('\n').slice(-3).map((line) => JSON.parse(line) as unknown)).toEqual([{ published: { linear: still, angular: still } }, { destroyed: true }, { shutdown: true }]);
  });
});
