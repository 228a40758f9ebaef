import type { Frame, Modality, Perception } from '@sextant/core';
import { Agreement } from './agreement.js';

const SIZE = { width: 8, height: 6 };
const N = SIZE.width * SIZE.height;
const CLASSES = [{ id: 0, name: 'background', color: [0, 0, 0], thing: false }, { id: 1, name: 'person', color: [220, 20, 60], thing: true }] as const;
const frame = { ...SIZE, rgb: new Uint8Array(3 * N), stamp: 0n, frameId: 'camera_optical_frame', sequence: 0 } as unknown as Frame;
const metres = Float32Array.from({ length: N }, (_, i) => 1 + i / 10);
const labels = Uint8Array.from({ length: N }, (_, i) => (i % 8 < 4 ? 1 : 0));

/** What a model says: depth `scale` times the truth, and the first `wrong` labels the other way round. */
function says(scale: number, wrong = 0): Perception {
  return {
    frame, latencyMs: 1,
    depth: { ...SIZE, metres: metres.map((m) => scale * m), provenance: 'metric' },
    segmentation: { ...SIZE, labels: labels.map((label, i) => (i < wrong ? 1 - label : label)), instances: new Uint16Array(N), classes: CLASSES },
  } as unknown as Perception;
}

const wanted = { depth: { ...SIZE, metres }, segmentation: { ...SIZE, labels } } as never;

/** An estimator that says one thing and counts how often it was asked. */
class Estimator {
  asked: (readonly Modality[])[] = [];
  readonly modalities: readonly Modality[] = ['depth', 'segmentation'];
  readonly classes = CLASSES as never;
  constructor(private readonly said: Perception) {}
  run = (_: Frame, modalities?: readonly Modality[]): Promise<Perception> => {
    this.asked.push(modalities ?? []);
    return Promise.resolve(this.said);
  };
}

describe('Agreement', () => {
  it('compares depth after its scale, and labels', async () => {
    const estimator = new Estimator(says(3, 12));
    const agreement = new Agreement(estimator, ['depth', 'segmentation', 'flow']);
    await agreement.add(frame, wanted);
    const { depth, segmentation, flow, frames } = agreement.result();
    expect(depth?.absRelScale).toBeCloseTo(0, 5);
    expect(depth?.delta1Scale).toBe(1);
    expect(segmentation?.pixelAccuracy).toBeCloseTo(1 - 12 / N, 6);
    expect(segmentation?.personIoU).toBeLessThan(1);
    expect(flow).toBeUndefined();
    expect(frames).toBe(1);
    expect(estimator.asked).toEqual([['depth', 'segmentation']]); // flow is no modality of this model
  });

  it('looks as closely as it is told to', async () => {
    const asked: unknown[] = [];
    const model = { modalities: ['depth'], classes: CLASSES, run: (_: Frame, __: unknown, options: unknown) => Promise.resolve((asked.push(options), says(1))) } as never;
    await new Agreement(model, ['depth'], { closeUps: 8, steps: 3 }).add(frame, wanted);
    await new Agreement(model, ['depth']).add(frame, wanted);
    expect(asked).toEqual([{ closeUps: 8, steps: 3, stream: 'agreement', memory: false }, { stream: 'agreement', memory: false }]);
  });

  it('means masks over the classes that the conditions show', async () => {
    const three = [...CLASSES, { id: 2, name: 'cat', color: [0, 0, 0], thing: true }];
    const spurious = { ...says(1).segmentation!, labels: labels.map((label, i) => (i === 0 ? 2 : label)) };
    const agreement = new Agreement({ modalities: ['segmentation'], classes: three, run: () => Promise.resolve({ segmentation: spurious }) } as never, ['segmentation']);
    await agreement.add(frame, wanted);
    expect(agreement.result().segmentation?.mIoU).toBeCloseTo((1 + (N / 2 - 1) / (N / 2)) / 2, 6); // not a third less for one pixel of a cat
  });

  it('compares one look at a picture with several conditions without looking again', async () => {
    const estimator = new Estimator(says(1));
    const [right, wrong] = [new Agreement(estimator, ['depth']), new Agreement(estimator, ['depth'])];
    const said = await right.look(frame);
    await right.add(frame, wanted, said);
    await wrong.add(frame, { depth: { ...SIZE, metres: metres.map((m) => 10 - m) } }, said);
    expect(estimator.asked).toHaveLength(1);
    expect(right.result().depth?.absRelScale).toBeCloseTo(0, 5);
    expect(wrong.result().depth?.absRelScale).toBeGreaterThan(0.2);
  });

  it('compares flow in pixels of the frame, and DensePose by part and by body', async () => {
    const half = { width: SIZE.width / 2, height: SIZE.height / 2 };
    const part = (width: number, left: number): Uint8Array => Uint8Array.from({ length: (width / SIZE.width) ** 2 * N }, (_, i) => (i % width < width / 2 ? left : 0));
    const said = {
      frame, latencyMs: 1, flow: { ...half, pixels: new Float32Array(N / 2).fill(1) }, // (1, 1) of a grid half as large: (2, 2) of the frame's pixels
      densepose: { ...half, part: part(half.width, 2), u: new Uint8Array(N / 4), v: new Uint8Array(N / 4) },
    } as unknown as Perception;
    const estimator = { modalities: ['flow', 'densepose'], classes: CLASSES, run: () => Promise.resolve(said) } as never;
    const agreement = new Agreement(estimator, ['flow', 'densepose']);
    const truth = part(SIZE.width, 2).map((id, i) => (i < N / 2 ? 1 : id)); // another part, and body all over, in the upper half
    await agreement.add(frame, { flow: { ...SIZE, pixels: new Float32Array(2 * N).map((_, i) => (i % 2 === 0 ? 5 : 6)) }, densepose: { ...SIZE, part: truth, u: truth, v: truth } });
    const { flow, densepose } = agreement.result();
    expect(flow?.epe).toBeCloseTo(5, 6);
    expect(densepose?.partAccuracy).toBeCloseTo((N / 4) / (3 * N / 4), 6);
    expect(densepose?.bodyIoU).toBeCloseTo((N / 2) / (3 * N / 4), 6);
  });

  it('counts no bodies whose parts nobody knows: scans', async () => {
    const column = (i: number): number => i % 8;
    const instances = Uint16Array.from({ length: N }, (_, i) => (column(i) < 2 ? 5 : column(i) < 4 ? 6 : 0)); // 5: all parts known, 6: a scan
    const part = instances.map((id) => (id === 5 ? 2 : 0));
    const found = Uint8Array.from({ length: N }, (_, i) => (column(i) < 5 ? 2 : 0)); // both people, and one column of nobody
    const agreement = async (masks: object): Promise<number | undefined> => {
      const checked = new Agreement({ modalities: ['densepose'], classes: CLASSES, run: () => Promise.resolve({ densepose: { ...SIZE, part: found } }) } as never, ['densepose']);
      await checked.add(frame, { densepose: { ...SIZE, part: Uint8Array.from(part), u: found, v: found }, segmentation: { ...SIZE, ...masks } } as never);
      return checked.result().densepose?.bodyIoU;
    };
    expect(await agreement({ labels, instances })).toBeCloseTo(2 / 3, 6);
    expect(await agreement({ labels: labels.map((label, i) => (instances[i] === 6 ? 0 : label)), instances })).toBeCloseTo(2 / 5, 6); // a thing that is no person
    expect(await agreement({ labels })).toBeCloseTo(2 / 5, 6);
  });

  it('takes a frame that looks like a cut for one where nothing moved, and the first of a clip for none', async () => {
    const flow = { ...SIZE, pixels: new Float32Array(2 * N).map((_, i) => (i % 2 === 0 ? 3 : 4)) };
    const answers = [{ reset: 'start' }, { flow }, { reset: 'cut' }, { reset: 'gap' }]; // the last: another clip begins
    const agreement = new Agreement({ modalities: ['flow'], classes: CLASSES, run: () => Promise.resolve(answers.shift()) } as never, ['flow']);
    for (let i = 0; i < 4; i++) await agreement.add(frame, { flow });
    expect(agreement.result()).toEqual({ flow: { epe: 2.5 }, frames: 4 }); // 0 and 5
  });

  it('counts the joints that lie in the picture, and nobody who is not there', async () => {
    const joints = (left: number): { x: number; y: number; score: number }[] => Array.from({ length: 17 }, (_, j) => ({ x: left + (j % 5), y: j % 6, score: 1 }));
    const person = (left: number, known = joints(left)): object => ({ id: 1, score: 1, box: [Math.max(0, left), 0, 5, 6], keypoints: known });
    const inView = joints(-3).map((joint) => (joint.x < 0 ? { ...joint, score: 0 } : joint)); // what an estimator can say of someone at the edge
    const said = { skeleton: { ...SIZE, people: [person(-3, inView)] } };
    const agreement = new Agreement({ modalities: ['skeleton'], classes: CLASSES, run: () => Promise.resolve(said) } as never, ['skeleton']);
    await agreement.add(frame, { skeleton: { ...SIZE, people: [person(-3), person(-20)] } } as never);
    expect(agreement.result().skeleton).toEqual({ pck01: 1, people: 1 });
  });

  it('has no figures of what was never compared', () => {
    expect(new Agreement(new Estimator(says(1)), ['depth', 'segmentation']).result()).toEqual({ frames: 0 });
  });
});
