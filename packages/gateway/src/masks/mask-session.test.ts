import { afterEach, describe, expect, it } from '@jest/globals';
import { MASK_KINDS, encodeControl, encodePing } from '@sextant/core';
import type { MaskKind } from '@sextant/core';
import { EventEmitter } from 'node:events';
import { BehaviorSubject } from 'rxjs';
import type { WebSocket } from 'ws';
import { perception } from '../../test/mask-server-run.js';
import { ClassTables, MaskSource } from './mask-source.js';
import { MaskSession } from './mask-session.js';
import type { SessionHost } from './session-host.js';

/** A socket whose other end reads nothing: all that is sent waits. */
class Unread extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  send(message: Uint8Array): void {
    this.bufferedAmount += message.length;
  }
  ping(): void {
    // Nobody answers.
  }
  terminate(): void {
    this.readyState = 3;
  }
}

function session(): { readonly socket: Unread; readonly source: MaskSource; readonly logged: string[]; readonly say: (message: Uint8Array) => void } {
  const [socket, logged, tables] = [new Unread(), [] as string[], new ClassTables()];
  const source = new MaskSource(tables);
  const limits = { maxStreams: 4, maxCameras: 0, maxMessageBytes: 1e6, maxCameraPixels: 1e6 };
  const host: SessionHost = {
    source, tables, limits, kinds$: new BehaviorSubject<readonly MaskKind[]>(MASK_KINDS), server: 's', perceive: undefined, prompt: undefined, checkToken: undefined, drops: { add: () => undefined },
    takeCamera: () => false, releaseCamera: () => undefined, wantedChanged: () => undefined, log: (message) => logged.push(message), ended: () => undefined,
  };
  new MaskSession(socket as unknown as WebSocket, host, 'id', true);
  const say = (message: Uint8Array): void => {
    socket.emit('message', Buffer.from(message), true);
  };
  say(encodeControl('hello', { version: 1 }));
  return { socket, source, logged, say };
}

describe('a client that does not read', () => {
  let end: (() => void) | undefined;
  afterEach(() => end?.());
  const opened = (): ReturnType<typeof session> => {
    const made = session();
    end = () => made.socket.emit('close');
    return made;
  };

  it.each(['ping of the protocol', 'ping of the WebSocket'])('is disconnected when it goes on sending: %s', (what) => {
    const { socket, logged, say } = opened();
    socket.bufferedAmount = 1e6; // answers, since no results were sent
    for (let i = 0; i < 5000 && socket.readyState === 1; i += 1) {
      if (what === 'ping of the protocol') say(encodePing(BigInt(i)));
      else {
        socket.bufferedAmount += 125; // which the socket answers by itself
        socket.emit('ping', Buffer.alloc(0));
      }
    }
    expect(socket.readyState).toBe(3);
    expect(socket.bufferedAmount).toBeLessThan(1.1e6);
    expect(logged).toEqual([expect.stringMatching(/^a client of \/masks was disconnected: it sends and does not read, \d+ bytes/)]);
  });

  it('stays where it is results that wait, however large', () => {
    const { socket, source, say } = opened();
    say(encodeControl('subscribe', { id: 1, want: { kind: 'depth' } }));
    const [width, height] = [1000, 1000];
    // Noise: nothing of it can be packed.
    let seed = 1;
    const metres = Float32Array.from({ length: width * height }, () => ((seed = (seed * 48271) % 2147483647) / 2147483647) * 50 + 0.1);
    source.publish({ ...perception(1), depth: { width, height, metres, provenance: 'metric' } });
    expect(socket.bufferedAmount).toBeGreaterThan(1024 * 1024);
    say(encodePing(1n));
    expect(socket.readyState).toBe(1);
  });
});
