import { expect, it } from '@jest/globals';
import { StreamMeter } from './meter.js';

it('adds up what the server dropped over connections, whichever of them dropped more', () => {
  const meter = new StreamMeter('masks', 0);
  const told = (dropped: number): number => {
    meter.server({ id: 1, sent: 0, bytes: 0, dropped, rate: 0 });
    return meter.stats().droppedByServer;
  };
  meter.opened();
  expect(told(3)).toBe(3);
  meter.opened();
  expect(meter.stats().droppedByServer).toBe(3);
  expect([told(2), told(5)]).toEqual([5, 8]);
  meter.opened();
  expect(told(9)).toBe(17);
});
