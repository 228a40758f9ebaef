import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Client } from '@sextant/client';
import type { Notices } from './notices.js';
import { OwnCamera } from './own-camera.js';

/** As much of an element as the button and its icon need. */
const element = (): object => ({ disabled: false, setAttribute: () => undefined, append: () => undefined, replaceChildren: () => undefined, addEventListener: () => undefined });

describe('OwnCamera', () => {
  const { document: documentBefore } = globalThis as { document?: unknown };
  const navigatorBefore = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  /** Cameras that the browser was asked for: whether they are on, and how they come. */
  let cameras: { on: boolean; come: () => Promise<void> }[];

  beforeEach(() => {
    cameras = [];
    const button = element();
    const getUserMedia = (): Promise<object> => new Promise((resolve) => {
      const camera = {
        on: true,
        come: () => {
          resolve(media);
          return new Promise<void>((done) => setTimeout(done, 0));
        },
      };
      const track = { stop: () => { camera.on = false; }, addEventListener: () => undefined };
      const media = { getTracks: () => [track], getVideoTracks: () => [track] };
      cameras.push(camera);
    });
    Object.assign(globalThis, { document: { getElementById: () => button, createElementNS: element } });
    Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: { getUserMedia } }, configurable: true });
  });
  afterEach(() => {
    Object.assign(globalThis, { document: documentBefore });
    if (navigatorBefore !== undefined) Object.defineProperty(globalThis, 'navigator', navigatorBefore);
  });

  const made = (): OwnCamera => {
    const camera = new OwnCamera({ clear: () => undefined, tell: () => undefined } as unknown as Notices, () => undefined);
    camera.setClient({ camera: () => ({ close: () => undefined }) } as unknown as Client);
    camera.offer(true);
    return camera;
  };

  it('is asked for once, however often the key is pressed while it starts, and is off after it was stopped', async () => {
    const camera = made();
    void camera.toggle();
    void camera.toggle();
    for (const { come } of cameras) await come();
    expect(camera.link).toBeDefined();
    await camera.toggle();
    expect(camera.link).toBeUndefined();
    expect(cameras.map(({ on }) => on)).toEqual([false]);
  });

  it('is switched off when it comes after the page was left', async () => {
    const camera = made();
    void camera.toggle();
    camera.stop();
    await cameras[0].come();
    expect(cameras[0].on).toBe(false);
    expect(camera.link).toBeUndefined();
  });
});
