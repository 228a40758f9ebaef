import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createBridge } from '@sextant/ros';
import { once } from 'node:events';
import { connect } from 'node:net';
import { BehaviorSubject } from 'rxjs';
import { WebSocket } from 'ws';
import { syntheticPerception } from '../../../test/support/synthetic.js';
import { startGateway, type Gateway, type GatewayOptions } from './gateway.js';

// Real sockets on a machine that may be busy.
jest.setTimeout(60_000);

const gateways: Gateway[] = [];
async function start(options: Partial<GatewayOptions> = {}): Promise<{ gateway: Gateway; bridge: ReturnType<typeof createBridge> }> {
  const bridge = options.bridge ?? createBridge();
  const gateway = await startGateway({ port: 0, ...options, bridge });
  gateways.push(gateway);
  return { gateway, bridge };
}
afterEach(async () => {
  await Promise.all(gateways.splice(0).map((g) => g.close()));
});

async function socket(url: string, headers: Record<string, string> = {}): Promise<WebSocket> {
  const ws = new WebSocket(url.replace('http', 'ws'), { headers });
  await once(ws, 'open');
  return ws;
}

async function refusedWith(url: string, headers: Record<string, string> = {}): Promise<number> {
  const ws = new WebSocket(url.replace('http', 'ws'), { headers });
  ws.on('error', () => undefined);
  const [request, response] = (await once(ws, 'unexpected-response')) as [{ destroy(): void }, { statusCode: number }];
  request.destroy();
  return response.statusCode;
}

describe('startGateway', () => {
  it('tells health by the age of the newest frame', async () => {
    const { gateway, bridge } = await start({ staleMs: 1500, status$: new BehaviorSubject({ device: 'cpu' }) });
    const health = async (): Promise<[number, Record<string, unknown>]> => {
      const response = await fetch(`${gateway.url}/healthz`);
      return [response.status, (await response.json()) as Record<string, unknown>];
    };
    expect(await health()).toEqual([503, expect.objectContaining({ status: 'starting', frames: 0, run: { device: 'cpu' } })]);
    bridge.publish(syntheticPerception(0));
    expect(await health()).toEqual([200, expect.objectContaining({ status: 'ok', frames: 1, clients: 0 })]);
    await new Promise((resolve) => setTimeout(resolve, 1600));
    expect((await health())[1]['status']).toBe('stale');
  });

  it('closes though a client comes back while another one is waited for', async () => {
    const { gateway } = await start();
    // One that never answers a close, and is waited for.
    const silent = connect(gateway.port, '127.0.0.1');
    silent.write('GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n');
    await once(silent, 'data');
    const quick = await socket(gateway.url);
    let stayed = false;
    const back = once(quick, 'close').then(async () => {
      const again = new WebSocket(gateway.url.replace('http', 'ws'));
      again.on('error', () => undefined);
      const end = setTimeout(() => {
        stayed = true;
        again.terminate();
      }, 5000);
      await new Promise((resolve) => again.once('close', resolve));
      clearTimeout(end);
    });
    await Promise.all([gateway.close(), back]);
    expect(stayed).toBe(false);
    silent.destroy();
  });

  it('closes though a client that was refused holds its side of the connection open', async () => {
    const { gateway } = await start();
    const refused = connect({ port: gateway.port, host: '127.0.0.1', allowHalfOpen: true });
    refused.write('GET /nowhere HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n');
    const [answer] = (await once(refused, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 404 .*"error":/s);
    let stayed = false;
    const end = setTimeout(() => {
      stayed = true;
      refused.destroy();
    }, 5000);
    await gateway.close();
    clearTimeout(end);
    refused.destroy();
    expect(stayed).toBe(false);
  });

  it('answers requests that offer HTTP/2 beside, as those of Java do, and no stranger', async () => {
    const { gateway } = await start({ token: 'secret' });
    const answer = async (path: string): Promise<string> => {
      const client = connect(gateway.port, '127.0.0.1');
      client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n\r\n`);
      return Buffer.concat(await client.toArray() as Buffer[]).toString();
    };
    expect(await answer('/healthz')).toMatch(/^HTTP\/1.1 503 .*"status":"starting"/s);
    expect(await answer('/topics')).toMatch(/^HTTP\/1.1 401 /);
    expect(await answer('/topics?token=secret')).toMatch(/^HTTP\/1.1 200 .*"\/sextant\/depth\/image"/s);
  });

  it('counts frames, topics, drops and clients for Prometheus', async () => {
    const { gateway, bridge } = await start();
    bridge.drops.add('model', 4);
    const ws = await socket(gateway.url);
    ws.send(JSON.stringify({ op: 'subscribe', topic: '/sextant/depth/image', compression: 'cbor' }));
    while (bridge.stats()['/sextant/depth/image']?.subscribers === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    bridge.publish(syntheticPerception(0));
    await once(ws, 'message');
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    for (const line of [
      'sextant_frames_total 1',
      'sextant_latency_seconds_count 1',
      'sextant_latency_seconds_bucket{le="0.02"} 1',
      'sextant_dropped_total{where="model"} 4',
      'sextant_published_total{topic="/sextant/depth/image"} 1',
      'sextant_clients 1',
    ])
      expect(text.split('\n')).toContain(line);
    expect(text).toMatch(/sextant_resident_memory_bytes \d{8,}/);
    expect(text).toMatch(/sextant_event_loop_delay_p99_seconds \d/);
    const { topics } = (await (await fetch(`${gateway.url}/topics`)).json()) as { topics: { name: string; subscribers: number }[] };
    expect(topics.find((t) => t.name === '/sextant/depth/image')).toMatchObject({ type: 'sensor_msgs/msg/Image', subscribers: 1, encoded: 1 });
    ws.close();
  });

  it('speaks rosbridge on / and /rosbridge and nowhere else', async () => {
    const { gateway } = await start();
    for (const path of ['', '/', '/rosbridge', '/rosbridge/']) {
      const ws = await socket(gateway.url + path);
      ws.send('{"op":"call_service","id":"t","service":"/rosapi/topics"}');
      const [data] = (await once(ws, 'message')) as [Buffer];
      expect(JSON.parse(data.toString())).toMatchObject({ op: 'service_response', id: 't', result: true });
      ws.close();
    }
    expect(await refusedWith(`${gateway.url}/elsewhere`)).toBe(404);
    expect((await fetch(`${gateway.url}/elsewhere`)).status).toBe(404);
  });

  it.each([['/foxglove/', 'foxglove.sdk.v1'], ['/masks/', 'sextant.masks.v1']])('takes a WebSocket at %s, with a slash at the end', async (path, protocol) => {
    const { gateway } = await start();
    const ws = new WebSocket(gateway.url.replace('http', 'ws') + path, [protocol]);
    await once(ws, 'open');
    expect(ws.protocol).toBe(protocol);
    ws.close();
  });

  it('names the port that is in use', async () => {
    const { gateway } = await start();
    await expect(startGateway({ bridge: createBridge(), port: gateway.port })).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(`port ${gateway.port} on 127.0.0.1 is in use`),
      hint: expect.stringContaining(`--port ${gateway.port + 1}`),
    });
  });

  it.each<[Partial<GatewayOptions>, string]>([
    [{ host: '0.0.0.0' }, 'unauthorized'],
    [{ port: 70_000 }, 'bad-argument'],
    [{ port: 1.5 }, 'bad-argument'],
    [{ token: '' }, 'bad-argument'],
    [{ host: '203.0.113.7', token: 'x' }, 'bad-argument'],
  ])('refuses %j', async (options, code) => {
    await expect(startGateway({ bridge: createBridge(), port: 0, ...options })).rejects.toMatchObject({ code });
  });

  it('asks for the token everywhere but for the page and the health', async () => {
    const { gateway } = await start({ host: '0.0.0.0', token: 'secret' });
    const url = `http://127.0.0.1:${gateway.port}`;
    for (const path of ['/metrics', '/topics']) expect((await fetch(url + path)).status).toBe(401);
    expect((await fetch(`${url}/metrics?token=secret`)).status).toBe(200);
    expect((await fetch(`${url}/healthz`)).status).toBe(503);
    expect(await refusedWith(url)).toBe(401);
    const ws = await socket(`${url}/?token=secret`);
    ws.close();
    const other = await socket(url, { authorization: 'Bearer secret' });
    other.close();
  });

  it('refuses WebSockets of other sites', async () => {
    const { gateway } = await start();
    expect(await refusedWith(gateway.url, { origin: 'https://evil.example' })).toBe(403);
    const own = await socket(gateway.url, { origin: gateway.url });
    own.close();
  });

  it('frees the port and every socket on close, also of clients that do not answer', async () => {
    const { gateway, bridge } = await start();
    const ws = await socket(gateway.url);
    const closed = once(ws, 'close') as Promise<[number]>;
    const mute = connect(gateway.port, '127.0.0.1');
    await once(mute, 'connect');
    mute.on('error', () => undefined);
    mute.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`);
    await once(mute, 'data');
    expect(gateway.clients).toBe(2);
    await gateway.close();
    expect((await closed)[0]).toBe(1001);
    expect(gateway.clients).toBe(0);
    mute.destroy();
    const again = await startGateway({ bridge, port: gateway.port });
    await again.close();
  });
});
