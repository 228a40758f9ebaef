import { describe, expect, it } from '@jest/globals';
import { VirtualTimeScheduler } from 'rxjs';
import type { Log } from '../messages/types.js';
import { createBridge } from './bridge.js';
import type { LogEntry } from './log.js';

describe('the log', () => {
  it('goes to whoever watches the run, and to /rosout while somebody listens there', () => {
    const bridge = createBridge();
    const entries: LogEntry[] = [];
    bridge.log$.subscribe((entry) => entries.push(entry));
    bridge.log('warning', 'a picture is broken', { topic: '/camera' });
    expect(bridge.stats()['/rosout']).toMatchObject({ published: 0, built: 0 });
    const lines: Log[] = [];
    bridge.subscribe('/rosout', (p) => lines.push(p.message as Log));
    bridge.log('error', 'the disk is full');
    expect(entries.map(({ level, message, details }) => [level, message, details])).toEqual([['warning', 'a picture is broken', { topic: '/camera' }], ['error', 'the disk is full', {}]]);
    expect(lines).toEqual([expect.objectContaining({ level: 40, name: 'sextant', msg: 'the disk is full' })]);
  });

  it('does not repeat itself for five seconds, nor say more than fifty things in them', () => {
    const scheduler = new VirtualTimeScheduler(undefined, Infinity);
    const bridge = createBridge({ scheduler });
    const said: string[] = [];
    bridge.log$.subscribe(({ message }) => said.push(message));
    for (let i = 0; i < 200; i++) bridge.log('warning', 'again');
    expect(said).toEqual(['again']);
    for (let i = 0; i < 200; i++) bridge.log('warning', `line ${i}`);
    expect(said).toHaveLength(50);
    scheduler.schedule(() => {
      bridge.log('warning', 'again');
    }, 5001);
    scheduler.flush();
    expect(said.at(-1)).toBe('again');
    expect(said).toHaveLength(51);
  });
});
