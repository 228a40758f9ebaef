import fastifyStatic from '@fastify/static';
import { SextantError } from '@sextant/core';
import type { Modality } from '@sextant/core';
import { FOXGLOVE_SUBPROTOCOLS, FoxgloveServer, MAX_CLIENT_MESSAGE_BYTES, RosbridgeServer } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { ServerResponse } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Observable } from 'rxjs';
import { WebSocketServer } from 'ws';
import { carriesToken, isLoopback, refuse, refusePlace, sameText, urlOf, type AccessRules } from './access.js';
import { MaskServer } from './masks/mask-server.js';
import { offeredKinds } from './masks/offered-kinds.js';
import type { OfferedModalities } from './masks/offered-kinds.js';
import type { PromptDesk } from './masks/prompt-desk.js';
import type { Perceive } from './masks/uplink-camera.js';
import { createMetrics } from './metrics.js';
import { findPage } from './page-folder.js';

/** Options of {@link startGateway}. */
export interface GatewayOptions {
  readonly bridge: RosBridge;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes a free one. @default 8420 */
  readonly port?: number;
  /** Asked of everybody who wants data; needed to listen beyond this machine. */
  readonly token?: string;
  /** Listen beyond this machine without a token. */
  readonly insecure?: boolean;
  /** More host names under which clients may reach the gateway, e.g. a reverse proxy's. */
  readonly allowedHosts?: readonly string[];
  /** What the run says about itself; the newest value is shown in /healthz as `run`. */
  readonly status$?: Observable<unknown>;
  /** Frames older than this make /healthz say 503, milliseconds. @default 10000 */
  readonly staleMs?: number;
  /** Foxglove clients follow the frames' stamps: the source is a recording. @default false */
  readonly clock?: boolean;
  /**
   * What the program computes when somebody wants it, always or as it changes: what clients of /masks (the page) can ask for beside pictures. One too many, and
   * a page that shows it waits forever: frames go out when all that was asked for is there. @default every modality
   */
  readonly modalities?: OfferedModalities;
  /** Runs cameras that clients of /masks send through the model; without it they are refused. */
  readonly perceive?: Perceive;
  /** Takes the wishes of clients of /masks (the page's) of what is to be found by name. */
  readonly prompt?: PromptDesk;
  /** Folder of the built page. @default the one of this package */
  readonly page?: string;
}

/** A running gateway. */
export interface Gateway {
  /** e.g. `http://127.0.0.1:8420`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** WebSocket clients connected now. */
  readonly clients: number;
  /** What clients of /masks listen to; together with the bridge's `wanted$` what the model should compute. */
  readonly wanted$: Observable<ReadonlySet<Modality>>;
  /** Whether a client of /masks listens to what the prompt names; together with the bridge's. */
  readonly referredWanted$: Observable<boolean>;
  /** Closes every connection and frees the port. The bridge stays open. */
  close(): Promise<void>;
}

/** Paths of WebSockets. On `/` the subprotocol decides: Foxglove's if the client asks for it, else rosbridge, since that is what roslib users type. */
const SOCKET_PATHS = new Set(['/', '/rosbridge', '/foxglove', '/masks']);
const CONTENT_SECURITY_POLICY = "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'";

/**
 * Opens the one HTTP port: `/` the page, `/rosbridge` (and a WebSocket on `/`) rosbridge v2, `/foxglove` the
 * Foxglove WebSocket protocol, `/masks` the mask protocol (docs/mask-protocol.md), `/healthz`, `/metrics`
 * (Prometheus), `/topics`.
 * @throws SextantError `port-in-use`; `unauthorized` for an open address without a token; `bad-argument`; `io`.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { bridge, host = '127.0.0.1', port = 8420, token, insecure = false, staleMs = 10_000 } = options;
  checkOptions(host, port, token, insecure);
  offeredKinds(options.modalities ?? []); // complains before anything is opened
  const rules: AccessRules = { token, localOnly: isLoopback(host), allowedHosts: options.allowedHosts ?? [] };
  const rosbridge = bridge.attach(new RosbridgeServer());
  const foxglove = bridge.attach(new FoxgloveServer({ clock: options.clock ?? false }));
  const masks = new MaskServer({
    perceptions$: bridge.perceptions$,
    drops: bridge.drops,
    log: (message) => {
      bridge.log('warning', message);
    },
    ...(options.modalities && { modalities: options.modalities }),
    ...(options.perceive && { perceive: options.perceive }),
    ...(options.prompt && { prompt: options.prompt }),
    ...(token !== undefined && { checkToken: (given: string) => sameText(given, token) }),
  });
  const clients = (): number => rosbridge.clients + foxglove.clients + masks.clients;
  const metrics = createMetrics(bridge, clients);
  let run: unknown;
  const status = options.status$?.subscribe({ next: (value) => (run = value), error: () => undefined });

  const app = Fastify({ forceCloseConnections: true, bodyLimit: 1024, routerOptions: { ignoreTrailingSlash: true } });
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_CLIENT_MESSAGE_BYTES, perMessageDeflate: false, clientTracking: false, handleProtocols: chooseProtocol });
  const maskSockets = new WebSocketServer({ noServer: true, maxPayload: masks.maxPayload, perMessageDeflate: false, clientTracking: false, handleProtocols: (asked) => MaskServer.chooseProtocol(asked) });
  // Node takes them for upgraded, and closes them with nothing else.
  const plain = new Set<Duplex>();
  let closing: Promise<void> | undefined;
  app.server.on('upgrade', (request, socket, head) => {
    if (closing !== undefined) {
      socket.destroy(); // a client that comes back at once: nobody would say goodbye to it, and the port is free when the last one is gone
      return;
    }
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      plain.add(socket);
      socket.once('close', () => plain.delete(socket));
      answerPlainly(app.server, request, socket);
      return;
    }
    if (socketPath(request) === '/masks' && refusePlace(request, rules) === undefined) {
      // The token is asked for in the protocol: a browser cannot tell its page why an upgrade was refused.
      socket.on('error', () => socket.destroy());
      maskSockets.handleUpgrade(request, socket, head, (client) => {
        masks.accept(client, carriesToken(request, rules));
      });
      return;
    }
    upgrade(sockets, { rosbridge, foxglove }, rules, request, socket, head, (message) => {
      bridge.log('warning', message);
    });
  });
  addHeaders(app);
  await addPage(app, options.page ?? findPage());
  addHealth(app, bridge, staleMs, () => ({ clients: clients(), ...(run === undefined ? {} : { run }) }));
  addData(app, rules, bridge, metrics);

  const release = async (): Promise<void> => {
    status?.unsubscribe();
    metrics.close();
    for (const socket of plain) socket.destroy();
    await Promise.all([rosbridge.close(), foxglove.close(), masks.close()]);
    await app.close();
  };
  try {
    await app.listen({ host, port });
  } catch (error) {
    await release();
    throw listenError(error, host, port);
  }
  const bound = (app.server.address() as AddressInfo).port;
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${named}:${bound}`,
    host,
    port: bound,
    get clients() {
      return clients();
    },
    wanted$: masks.wanted$,
    referredWanted$: masks.referredWanted$,
    close: () => (closing ??= release()),
  };
}

function checkOptions(host: string, port: number, token: string | undefined, insecure: boolean): void {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SextantError('bad-argument', `port ${String(port)} cannot be`, { hint: 'Give a whole number from 0 (any free port) to 65535.', details: { port } });
  if (token === '') throw new SextantError('bad-argument', 'the token is empty', { hint: 'Give a token of at least one character, or none.' });
  if (!isLoopback(host) && token === undefined && !insecure)
    throw new SextantError('unauthorized', `listening on ${host} would show the camera to the whole network`, {
      hint: 'Set a token (--token), or say that you mean it (--insecure).',
      details: { host },
    });
}

function listenError(error: unknown, host: string, port: number): SextantError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new SextantError('port-in-use', `port ${port} on ${host} is in use`, {
      hint: `Stop what listens there, or choose another port (--port ${port + 1}).`,
      details: { host, port },
      cause: error,
    });
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new SextantError('bad-argument', `${host} is not an address of this machine`, { hint: 'Use 127.0.0.1, 0.0.0.0 or an address of this machine.', cause: error });
  return new SextantError('io', `cannot listen on ${host}:${port}: ${(error as Error).message}`, {
    hint: code === 'EACCES' ? 'Ports below 1024 need privileges: choose a higher one.' : 'See the system message.',
    details: { host, port, code },
    cause: error,
  });
}

function addHeaders(app: FastifyInstance): void {
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'no-referrer').header('content-security-policy', CONTENT_SECURITY_POLICY);
    done();
  });
}

/** The page itself carries no data: it is served without a token and asks for one. */
async function addPage(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder !== undefined) await app.register(fastifyStatic, { root: folder, cacheControl: false });
  else app.get('/', (_request, reply) => reply.code(503).type('text/plain').send('The page is not built: run "npm run build".\n'));
}

function addHealth(app: FastifyInstance, bridge: RosBridge, staleMs: number, more: () => object): void {
  const started = Date.now();
  app.get('/healthz', (_request, reply) => {
    const { frames, fps, silentMs } = bridge.health();
    const status = silentMs === undefined ? 'starting' : silentMs > staleMs ? 'stale' : 'ok';
    const uptimeSeconds = Math.round((Date.now() - started) / 1000);
    return reply
      .code(status === 'ok' ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status, frames, fps: Math.round(fps * 100) / 100, lastFrameAgeMs: silentMs ?? null, uptimeSeconds, ...more() });
  });
}

function addData(app: FastifyInstance, rules: AccessRules, bridge: RosBridge, metrics: ReturnType<typeof createMetrics>): void {
  void app.register((guarded, _options, done) => {
    guarded.addHook('onRequest', (request, reply, next) => {
      const refusal = refuse(request.raw, rules);
      if (refusal === undefined) next();
      else void reply.code(refusal.status).send({ error: refusal.message });
    });
    guarded.get('/metrics', async (_request, reply) => {
      const { text, type } = await metrics.read();
      return reply.type(type).send(text);
    });
    guarded.get('/topics', () => {
      const stats = bridge.stats();
      return { topics: bridge.topics.map(({ name, type, latched, modality }) => ({ name, type, latched, modality, ...stats[name] })) };
    });
    done();
  });
}

/** Answers a request that offers another protocol than WebSocket as if it did not, as RFC 9110 (7.8) has it: Java's HTTP client and `curl --http2` offer h2c each time. */
function answerPlainly(server: Server, request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false; // nobody reads further requests from this socket
  response.assignSocket(socket as Socket);
  response.once('finish', () => {
    socket.once('finish', () => socket.destroy());
    socket.end();
  });
  server.emit('request', request, response);
}

/** The first subprotocol that we speak; a client that asks for others gets none and decides for itself. */
function chooseProtocol(asked: ReadonlySet<string>): string | false {
  return FOXGLOVE_SUBPROTOCOLS.find((known) => asked.has(known)) ?? false;
}

/** Where a WebSocket is asked for; a slash at the end is ignored, as it is where pages are asked for. */
function socketPath(request: IncomingMessage): string {
  return urlOf(request).pathname.replace(/(.)\/$/, '$1');
}

function upgrade(
  sockets: WebSocketServer, servers: { readonly rosbridge: RosbridgeServer; readonly foxglove: FoxgloveServer }, rules: AccessRules,
  request: IncomingMessage, socket: Duplex, head: Buffer, told: (message: string) => void,
): void {
  socket.on('error', () => socket.destroy());
  const path = socketPath(request);
  const asked = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((word) => word.trim());
  const speaksFoxglove = FOXGLOVE_SUBPROTOCOLS.some((known) => asked.includes(known));
  const refusal = !SOCKET_PATHS.has(path)
    ? { status: 404, message: `no WebSocket at ${path}: use /rosbridge, /foxglove or /masks` }
    : path === '/foxglove' && !speaksFoxglove
      ? { status: 400, message: `/foxglove speaks ${FOXGLOVE_SUBPROTOCOLS.join(' and ')}; the client asked for ${asked.join(', ') || 'no subprotocol'}` }
      : refuse(request, rules);
  if (refusal === undefined) {
    const server = path === '/foxglove' || (path === '/' && speaksFoxglove) ? servers.foxglove : servers.rosbridge;
    sockets.handleUpgrade(request, socket, head, (client) => {
      server.accept(client);
    });
    return;
  }
  // Browsers hide the answer from the page: who runs the gateway must be able to see why nothing comes.
  told(`a WebSocket of ${request.socket.remoteAddress ?? 'somebody'} was refused: ${refusal.message}`);
  const body = JSON.stringify({ error: refusal.message });
  // Not left half open: a client that does not end its side would hold the socket, and the close of the server, for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${refusal.status} Refused\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
