import { describe, expect, it } from '@jest/globals';
import { RUN_DEFAULTS, settleRun } from './settings.js';

describe('settleRun', () => {
  const file = {
    source: 'clip.mp4', scale: '2', port: 9000, camera: { width: 320, height: 240 },
    parameters: { scale: '3', prompt: 'the dog', frame_id: 'left', modalities: ['depth'], rate: 5, 'depth.encoding': '16UC1' },
  };

  it('takes flags over the file, and the file over the defaults', () => {
    expect(settleRun({ port: 9001, width: 64 }, file)).toEqual({ ...RUN_DEFAULTS, ...file, port: 9001, camera: { width: 64, height: 240 } });
    expect(settleRun({}, {})).toEqual({ ...RUN_DEFAULTS, camera: {} });
  });

  it('takes flags over the parameters of the file that they stand for, and leaves the others', () => {
    const { parameters, ...rest } = settleRun({ scale: '1.25', prompt: 'the car', frameId: 'right', modalities: ['depth', 'flow'] }, file);
    expect(parameters).toEqual({ rate: 5, 'depth.encoding': '16UC1' });
    expect(rest).toMatchObject({ scale: '1.25', prompt: 'the car', frameId: 'right', modalities: ['depth', 'flow'] });
    expect(settleRun({ rate: 30 }, file)).toEqual({ ...settleRun({}, file), rate: 30, parameters: { ...file.parameters, rate: undefined } });
    expect(settleRun({ scale: '1.25' }, file).parameters).toEqual({ ...file.parameters, scale: undefined });
  });
});
