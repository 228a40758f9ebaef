import { describe, expect, it } from '@jest/globals';
import { MODALITIES, dropCounter } from '@sextant/core';
import type { Frame, Modality, Perception } from '@sextant/core';
import { Turns } from '@sextant/model';
import type { WorkerModel } from '@sextant/model';
import { BehaviorSubject, ReplaySubject, Subject, of } from 'rxjs';
import { clientCameras } from './client-cameras.js';
import type { RunPrompt } from './prompt.js';
import type { RunSettings } from './settings.js';

const frame = (sequence: number): Frame => ({ stamp: BigInt(sequence), frameId: 'c', sequence, width: 4, height: 4, rgb: new Uint8Array(48) });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('cameras of browsers', () => {
  it('wait for the model where they come before it is loaded, and then get what they want of what is computed', async () => {
    const asked: (readonly Modality[])[] = [];
    const model = {
      modalities: MODALITIES, run: (one: Frame, modalities: readonly Modality[]) => { asked.push(modalities); return Promise.resolve({ frame: one, latencyMs: 1 }); }, forget: () => undefined,
    } as unknown as WorkerModel;
    const [loaded$, frames$] = [new ReplaySubject<WorkerModel>(1), new Subject<Frame>()];
    const perceive = clientCameras(loaded$, new Turns(1), { modalities: ['depth', 'flow'] } as unknown as RunSettings, dropCounter(), { prompts$: () => of(undefined) } as unknown as RunPrompt);
    const [got, errors]: [Perception[], unknown[]] = [[], []];
    const running = perceive(frames$, new BehaviorSubject<readonly Modality[]>(['depth', 'skeleton']), of(false)).subscribe({ next: (one) => got.push(one), error: (error) => errors.push(error) });
    frames$.next(frame(1)); // nobody can say anything of it yet
    loaded$.next(model);
    frames$.next(frame(2));
    await settled();
    expect(errors).toEqual([]);
    expect(got.map((one) => one.frame.sequence)).toEqual([2]);
    expect(asked).toEqual([['depth']]);
    running.unsubscribe();
    expect(frames$.observed).toBe(false);
  });
});
