import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startGateway, type Gateway, type GatewayOptions } from '../src/index.js';
import { buildViewer, launch, until } from './browser.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

/** No stream on; spread one's own over it. */
export const ONLY = { picture: false, depth: false, flow: false, masks: false, densePose: false, skeletons: false };

/** The viewer built from its sources, a gateway that serves it with the person of `syntheticPerception`, and a browser. */
export class ViewerRun {
  /** The person walks; else it stands as in frame 0 while stamps go on. */
  moving = true;
  /** Depth without a unit. */
  relative = false;
  /** The picture and the maps stand on their short side, as a phone's. */
  upright = false;
  gateway!: Gateway;
  readonly #timer: NodeJS.Timeout;
  #index = 0;

  private constructor(
    readonly folder: string, readonly bridge: RosBridge, readonly browser: Browser, private readonly options: Partial<GatewayOptions>,
  ) {
    this.#timer = setInterval(() => {
      const index = this.#index++;
      const size = this.upright ? { width: 240, height: 320, mapWidth: 96, mapHeight: 128 } : { width: 320, height: 240, mapWidth: 128, mapHeight: 96 };
      const perception = syntheticPerception(this.moving ? index : 0, { ...size, relative: this.relative });
      const stamp = 1_700_000_000_000_000_000n + BigInt(index) * 150_000_000n;
      this.bridge.publish({ ...perception, frame: { ...perception.frame, stamp, sequence: index } });
    }, 150);
  }

  static async start(browserArgs: readonly string[] = [], options: Partial<GatewayOptions> = {}): Promise<ViewerRun> {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-page-'));
    await buildViewer(folder);
    const run = new ViewerRun(folder, createBridge(), await launch(...browserArgs), options);
    run.gateway = await run.serve();
    return run;
  }

  /** Another gateway of the same frames. */
  serve(options: Partial<GatewayOptions> = {}): Promise<Gateway> {
    return startGateway({ bridge: this.bridge, port: 0, page: this.folder, ...this.options, ...options });
  }

  /** The modalities that viewers listen to now. */
  wanted(): string {
    let now = '';
    this.gateway.wanted$.subscribe((wanted) => (now = [...wanted].sort().join())).unsubscribe();
    return now;
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.browser.close();
    await this.gateway.close();
    await rm(this.folder, { recursive: true });
  }
}

/** The text of an element. */
export function words(page: Page, selector: string): Promise<string> {
  return page.locator(selector).innerText();
}

/** Waits until frames come. */
export function live(page: Page): Promise<void> {
  return until(async () => (await words(page, '#connection')) === 'Live');
}
