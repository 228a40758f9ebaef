import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { dropCounter, type Frame, type Perception } from '@sextant/core';
import { Observable, lastValueFrom, tap, toArray } from 'rxjs';
import { fixture, frame } from '../test/helpers.js';
import { estimate } from './estimate.js';
import { loadModel } from './load-model.js';

// Needs the built worker, as model.test.ts.

/** A grid so large that a run takes long enough to be killed in the middle. */
const slow = { device: 'cpu', threads: 1, size: { width: 1024, height: 768 } } as const;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a worker killed with SIGKILL', () => {
  it('is started again, the run goes on, and the gap is counted', async () => {
    const model = await loadModel(fixture('tiny-unified'), slow);
    const first = model.health.pid as number;
    const drops = dropCounter();
    const results: Perception[] = [];
    let killed = false;
    // The next frame comes when the last one is through or lost, so that exactly one is in the worker at a time.
    const camera = new Observable<Frame>((subscriber) => {
      let sequence = 0;
      const next = (): void => {
        if (sequence === 8) return subscriber.complete();
        subscriber.next(frame(sequence++));
        if (sequence === 4) setTimeout(() => (killed = process.kill(first, 'SIGKILL')), 5);
      };
      const totals = drops.totals.subscribe(() => setTimeout(next));
      const timer = setInterval(() => results.length + drops.total === sequence && next(), 2);
      return () => {
        totals.unsubscribe();
        clearInterval(timer);
      };
    });
    const seen = await lastValueFrom(camera.pipe(estimate(model, ['depth', 'flow'], { drops }), tap((p) => results.push(p)), toArray()));
    expect(killed).toBe(true);
    expect(seen.map((p) => p.frame.sequence)).toEqual([0, 1, 2, 4, 5, 6, 7]);
    expect(drops.snapshot()).toEqual({ 'model-restart': 1 });
    expect(model.health.restarts).toBe(1);
    expect(model.health.pid).not.toBe(first);
    // The previous frame died with the worker: no flow across the gap, but flow again after it.
    expect(seen.map((p) => p.flow !== undefined)).toEqual([false, true, true, false, true, true, true]);
    await model.close();
  }, 60_000);

  it('is lost for good when that happens too often', async () => {
    const model = await loadModel(fixture('tiny-unified'), { ...slow, restarts: { perMinute: 1, firstDelayMs: 10 } });
    for (const restarting of [true, false]) {
      const pid = model.health.pid as number;
      const running = model.run(frame(0), ['depth']);
      setTimeout(() => process.kill(pid, 'SIGKILL'), 5);
      await expect(running).rejects.toMatchObject({ code: 'worker-lost', message: expect.stringContaining('SIGKILL'), details: { restarting } });
      if (restarting) await model.run(frame(1), ['depth']); // waits for the new worker
    }
    await expect(model.run(frame(2), ['depth'])).rejects.toMatchObject({ code: 'worker-lost', details: { restarting: false } });
    await model.close();
  }, 60_000);

  it('fails what waits for the next worker as soon as the model is closed', async () => {
    const model = await loadModel(fixture('tiny-unified'), { ...slow, restarts: { perMinute: 5, firstDelayMs: 60_000 } });
    process.kill(model.health.pid as number, 'SIGKILL');
    while (model.health.pid !== undefined) await sleep(5);
    const waiting = model.run(frame(0), ['depth']);
    const settled = expect(waiting).rejects.toMatchObject({ code: 'bad-argument', details: { closed: true } });
    await sleep(20);
    await model.close();
    await settled;
  }, 20_000);

  it('leaves no process behind when the model is closed', async () => {
    const model = await loadModel(fixture('tiny-unified'), slow);
    const pid = model.health.pid as number;
    expect(process.kill(pid, 0)).toBe(true);
    await model.close();
    await sleep(20);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  }, 30_000);
});

describe('a worker whose parent is killed', () => {
  it('ends by itself', async () => {
    const index = new URL('../dist/index.js', import.meta.url).href;
    const script = `import { loadModel } from ${JSON.stringify(index)};
      const model = await loadModel(${JSON.stringify(fixture('tiny-unified'))}, { device: 'cpu' });
      process.stdout.write(String(model.health.pid), () => process.kill(process.pid, 'SIGKILL'));`;
    const parent = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
    expect(parent.signal).toBe('SIGKILL');
    const pid = Number(parent.stdout);
    expect(pid).toBeGreaterThan(0);
    const alive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    for (let i = 0; i < 200 && alive(); i++) await sleep(50);
    expect(alive()).toBe(false);
  }, 60_000);
});
