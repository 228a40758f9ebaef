import { describe, expect, it } from '@jest/globals';
import { recipeSchema } from '@sextant/synth';
import { createWorld } from '@sextant/world';
import { clipCamera, usedSensor } from './render-clip.js';

const world = (fps: number, seed = 1) => createWorld({ seed, width: 16, height: 12, fps, supersampling: 1 });
const sensorOf = (sensor: unknown) => recipeSchema.parse({ clips: 1, seeds: 1, sensor }).sensor;

describe('usedSensor', () => {
  it('says what was given, with what a recipe leaves to be drawn', () => {
    const sensor = sensorOf({ readoutMs: 15, exposureMs: 8.1, bits: 8, whiteBalance: [0.9, 1, 1.1], drift: { stops: 0.1 } });
    expect(usedSensor(clipCamera(world(30), sensor)!)).toEqual(sensor);
    const drawn = usedSensor(clipCamera(world(30), sensorOf({ lens: 'random' }))!);
    expect(drawn.lens).toHaveLength(5);
    expect(sensorOf(drawn)).toEqual(drawn);
  });

  it('says what was drawn, cut to a frame, so that a recipe can say it too', () => {
    const slow = usedSensor(clipCamera(world(5), 'random')!), fast = usedSensor(clipCamera(world(1000), 'random')!);
    expect(sensorOf(slow)).toEqual(slow);
    expect(slow.exposureMs).toBeGreaterThan(1);
    expect(fast).toEqual({ ...slow, readoutMs: Math.min(1, slow.readoutMs!), exposureMs: 1 });
  });
});
