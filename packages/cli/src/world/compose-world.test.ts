import { describe, expect, it } from '@jest/globals';
import { composeWorld } from './compose-world.js';

const ASKED = { seed: 20, width: 64, height: 48, fps: 12 };

describe('composeWorld', () => {
  it('passes on what is asked for', () => {
    const asked = { ...ASKED, scene: 'outdoor', fovDegrees: 60, supersampling: 1, wishes: { light: 'day' } } as const;
    expect(composeWorld(asked).options).toEqual(asked);
  });

  it('leaves what nobody said to the world and its seed', () => {
    const { options } = composeWorld({ ...ASKED, scene: undefined, fovDegrees: undefined, supersampling: undefined, wishes: {} });
    expect(options).toEqual({ ...ASKED, supersampling: 2, scene: expect.stringMatching(/^(in|out)door$/), fovDegrees: expect.any(Number) });
  });
});
