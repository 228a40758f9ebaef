import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { CHROMIUM, apart, colorAt, look, openPage, screen, until } from './browser.js';
import { ONLY, ViewerRun, live, words } from './viewer-run.js';

jest.setTimeout(400_000);
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;
const SCREENSHOTS = process.env['SEXTANT_SCREENSHOTS'];
const ALL = { picture: true, depth: true, flow: true, masks: true, densePose: true, skeletons: true };
/** The person of frame 0 stands in the middle: see `syntheticPerception`. */
const PERSON = [0.5, 0.6] as const;
const FLOOR = [0.9, 0.8] as const;
const NOTHING = [0.9, 0.3] as const;
const RED = [220, 20, 60];
const BROWN = [120, 90, 60];

withBrowser(CHROMIUM === undefined ? 'the viewer (skipped: no Chromium on this machine; set SEXTANT_CHROMIUM)' : 'the viewer', () => {
  let run: ViewerRun;

  beforeAll(async () => {
    run = await ViewerRun.start();
  });
  afterAll(async () => {
    await run?.end();
  });

  const shot = async (page: Page, name: string): Promise<void> => {
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  };

  it('draws every stream side by side, and goes on drawing', async () => {
    run.moving = true;
    const { page, complaints } = await openPage(run.browser, run.gateway.url, { view: 'grid', on: ALL });
    for (const id of Object.keys(ALL)) await until(async () => (await look(page, `#panel-${id}`)).colors > 2);
    for (const id of Object.keys(ALL)) {
      const before = (await look(page, `#panel-${id}`)).sum;
      await until(async () => (await look(page, `#panel-${id}`)).sum !== before);
    }
    await live(page);
    await until(async () => /^\d+\.\d fps$/.test(await words(page, '#rate')));
    expect(await words(page, '#latency')).toMatch(/^\d+ ms$/);
    // Each stream's own figures: rate, latency, drops, data.
    await until(async () => /^\d+\.\d fps \d[\d.]* ms \d+ \d[\d.]* .B\/s$/.test((await page.locator('#layer-depth .figures dd').allInnerTexts()).join(' ')));
    await shot(page, 'grid');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('lays classes over the person and the floor, and hides them by the legend', async () => {
    run.moving = false;
    const { page, complaints } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, picture: true, masks: true }, opacity: { masks: 1 } });
    await until(async () => apart(await colorAt(page, '#overlay', ...PERSON), RED) < 3);
    expect(apart(await colorAt(page, '#overlay', ...FLOOR), BROWN)).toBeLessThan(3);
    // Where there is no class the camera shows: red grows to the right, green downwards.
    expect(apart(await colorAt(page, '#overlay', ...NOTHING), [0.9 * 255, 0.3 * 255, 0])).toBeLessThan(16);
    await until(async () => (await page.locator('.classes .class').count()) === 2);
    expect((await page.locator('.classes .class').allInnerTexts()).join(' ')).toMatch(/floor\s+\d+ %\s+person\s+1\d %/);
    const floor = page.locator('.classes .class', { hasText: 'floor' });
    await floor.click();
    expect(await floor.getAttribute('aria-pressed')).toBe('false');
    await until(async () => apart(await colorAt(page, '#overlay', ...FLOOR), [0.9 * 255, 0.8 * 255, 0]) < 16);
    expect(apart(await colorAt(page, '#overlay', ...PERSON), RED)).toBeLessThan(3);
    // By superset people wear the superset's colour.
    await page.locator('input[value=superset]').check();
    await until(async () => apart(await colorAt(page, '#overlay', ...PERSON), [230, 60, 60]) < 3);
    await page.mouse.move(0, 0);
    const box = (await page.locator('#overlay').boundingBox())!;
    await page.mouse.move(box.x + PERSON[0] * box.width, box.y + PERSON[1] * box.height);
    await until(async () => (await words(page, '.probe')) === 'person 7');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says what depth means, in metres or without a unit', async () => {
    run.relative = false;
    const { page } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, depth: true, skeletons: true } });
    await until(async () => (await words(page, '#layer-depth .badge')) === 'metric');
    await until(async () => /\b5 m\b/.test(await words(page, '.depth-scale .ticks')));
    await until(async () => (await words(page, '#layer-skeletons .note')).startsWith('1 person'));
    run.relative = true;
    await until(async () => (await words(page, '#layer-depth .badge')) === 'relative, no unit');
    expect(await words(page, '.depth-scale')).not.toMatch(/\d m\b/);
    run.relative = false;
    await until(async () => (await words(page, '#layer-depth .badge')) === 'metric');
    await page.context().close();
  });

  it('wants only what is seen: switched off, paused, in the background', async () => {
    const { page } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, picture: true, flow: true, masks: true } });
    await until(() => run.wanted() === 'flow,segmentation');
    await page.locator('#layer-flow-on').focus();
    await page.keyboard.press('Space');
    await until(() => run.wanted() === 'segmentation');
    await page.keyboard.press('3');
    await until(() => run.wanted() === 'flow,segmentation');
    await page.evaluate(`Object.defineProperty(document, 'hidden', { value: true, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`);
    await until(() => run.wanted() === '');
    await page.evaluate(`delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))`);
    await until(() => run.wanted() === 'flow,segmentation');
    await page.locator('#pause').click();
    await until(() => run.wanted() === '');
    await page.context().close();
  });

  it('pauses, steps, and saves what is seen', async () => {
    run.moving = true;
    const { page } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, picture: true, skeletons: true } });
    await live(page);
    await page.keyboard.press('Space');
    await until(async () => (await words(page, '#connection')) === 'Paused');
    await new Promise((resolve) => setTimeout(resolve, 300)); // what was on its way
    const { sum } = await look(page, '#overlay');
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await look(page, '#overlay')).sum).toBe(sum);
    await page.keyboard.press('.');
    await until(async () => (await look(page, '#overlay')).sum !== sum);
    const stepped = (await look(page, '#overlay')).sum;
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect((await look(page, '#overlay')).sum).toBe(stepped);
    const saving = page.waitForEvent('download');
    await page.keyboard.press('s');
    const download = await saving;
    expect(download.suggestedFilename()).toMatch(/^sextant-overlay-\d+\.png$/);
    const { width, height } = await sharp(await readFile(await download.path())).metadata();
    expect([width, height]).toEqual(await page.evaluate(`[document.querySelector('#overlay').width, document.querySelector('#overlay').height]`));
    await page.context().close();
  });

  it('shows a point cloud that can be turned', async () => {
    run.moving = false;
    const { page, complaints } = await openPage(run.browser, run.gateway.url, { view: 'cloud', on: ONLY, cloudColor: 'depth' });
    await until(async () => /^\d[\d,]+ points, metric depth in metres/.test(await words(page, '.cloud-view .probe')));
    const seen = async (): Promise<Set<string>> => {
      const at = await screen(page, '#cloud');
      return new Set(Array.from({ length: 64 * 64 }, (_, i) => at((i % 64) / 64, Math.floor(i / 64) / 64).map((v) => v >> 4).join()));
    };
    await until(async () => (await seen()).size > 30);
    const before = await page.locator('#cloud').screenshot();
    await page.locator('#cloud').focus();
    for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowLeft');
    await until(async () => !(await page.locator('#cloud').screenshot()).equals(before));
    await shot(page, 'cloud');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says of a frame that was asked for without depth that it has no cloud, not that the server has none', async () => {
    run.moving = true;
    const { page } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, picture: true } });
    await live(page);
    await page.keyboard.press('Space');
    await until(async () => (await words(page, '#connection')) === 'Paused');
    await page.getByRole('radio', { name: 'Point cloud' }).check();
    await until(async () => /came without depth/.test(await words(page, '.cloud-view .probe')));
    await page.keyboard.press('.');
    await until(async () => / points, /.test(await words(page, '.cloud-view .probe')));
    await page.context().close();
  });

  it('has a dark and a light theme and fits a phone', async () => {
    run.moving = true;
    const { page, complaints } = await openPage(run.browser, run.gateway.url, {}, { colorScheme: 'light' });
    await live(page);
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('light');
    await shot(page, 'light');
    await page.locator('#theme').click();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
    await shot(page, 'dark');
    await page.setViewportSize({ width: 360, height: 740 });
    for (const view of ['Overlay', 'Side by side', 'Point cloud']) {
      await page.getByRole('radio', { name: view }).check();
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    }
    await page.getByRole('radio', { name: 'Overlay' }).check();
    await shot(page, 'phone');
    // What fingers press is large enough for them.
    const small = await page.evaluate(`[...document.querySelectorAll('button, select')].filter((e) => e.offsetParent !== null && e.getBoundingClientRect().height < 40).map((e) => e.outerHTML.slice(0, 80))`);
    expect(small).toEqual([]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it.each([[640, 360], [568, 320], [375, 667]])('leaves every switch in reach on a phone of %i x %i', async (width, height) => {
    run.moving = true;
    run.upright = height > width;
    const { page } = await openPage(run.browser, run.gateway.url, {}, { viewport: { width, height }, hasTouch: true, isMobile: true });
    await live(page);
    // The picture stays in view while the page scrolls, and must not lie over what is scrolled to.
    const covered = await page.evaluate(`[...document.querySelectorAll('#layers input[role=switch], #size, #max-rate')].filter((element) => {
      element.scrollIntoView({ block: 'end', behavior: 'instant' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2) !== element;
    }).map(({ id }) => id)`);
    expect(covered).toEqual([]);
    run.upright = false;
    await page.context().close();
  });

  it('shows all of a picture that is taller than wide without scrolling', async () => {
    run.upright = true;
    const { page } = await openPage(run.browser, run.gateway.url);
    for (const [view, canvas] of [['Overlay', '#overlay'], ['Side by side', '#panel-picture']] as const) {
      await page.getByRole('radio', { name: view }).check();
      if (view === 'Side by side') for (const id of ['masks', 'skeletons']) await page.locator(`#layer-${id} .switch`).click();
      await until(async () => {
        const box = await page.locator(canvas).boundingBox();
        return box !== null && box.height > box.width && box.height > 400 && box.y + box.height <= 860;
      }, 20_000);
    }
    run.upright = false;
    await page.context().close();
  });

  it('can be read and used without a mouse', async () => {
    const { page } = await openPage(run.browser, run.gateway.url);
    await live(page);
    // Everything that can be pressed has a name.
    const nameless = await page.evaluate(`[...document.querySelectorAll('button, input, select, canvas')].filter((e) => e.offsetParent !== null && !(e.ariaLabel || e.innerText || e.labels?.length || e.getAttribute('aria-hidden'))).map((e) => e.outerHTML)`);
    expect(nameless).toEqual([]);
    await page.keyboard.press('Tab');
    expect(await words(page, ':focus')).toBe('Skip to the picture');
    const outlined = new Set<boolean>();
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      outlined.add(await page.evaluate(`(() => { const e = document.activeElement; const visible = [e, e.nextElementSibling].some((x) => x && getComputedStyle(x).outlineStyle !== 'none'); return visible; })()`));
    }
    expect([...outlined]).toEqual([true]);
    await page.keyboard.press('?');
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').isVisible()).toBe(false);
    await page.keyboard.press('v');
    expect(await page.getByRole('radio', { name: 'Side by side' }).isChecked()).toBe(true);
    await page.context().close();
  });
});
