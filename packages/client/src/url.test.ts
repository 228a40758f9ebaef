import { afterEach, describe, expect, it } from '@jest/globals';
import { socketUrl } from './url.js';

describe('socketUrl', () => {
  const browser = globalThis as Record<string, unknown>;
  afterEach(() => {
    delete browser['location'];
  });

  it.each([
    ['ws://robot:8420', 'ws://robot:8420/masks'],
    ['https://robot.example/sextant', 'wss://robot.example/sextant'],
    ['http://robot', 'ws://robot/masks'],
    ['robot:8431', 'ws://robot:8431/masks'],
    ['localhost:8431/masks?a=1', 'ws://localhost:8431/masks?a=1'],
    ['192.168.1.7:8431', 'ws://192.168.1.7:8431/masks'],
    ['[::1]:8431', 'ws://[::1]:8431/masks'],
    ['robot.local', 'ws://robot.local:8420/masks'],
  ])('%s is %s, in a page too', (given, expected) => {
    expect(socketUrl(given)).toBe(expected);
    browser['location'] = { href: 'https://page.example/folder/' };
    expect(socketUrl(given)).toBe(expected);
  });

  it('takes paths of the page', () => {
    browser['location'] = { href: 'https://page.example/folder/' };
    expect(socketUrl('/masks')).toBe('wss://page.example/masks');
    expect(socketUrl('./masks')).toBe('wss://page.example/folder/masks');
  });

  it.each(['', 'a robot', 'ftp://robot', 'robot:port', 'mailto:robot', '/masks'])('refuses "%s"', (given) => {
    expect(() => socketUrl(given)).toThrow(expect.objectContaining({ code: 'bad-argument', message: `"${given}" is not the address of a server` }));
  });
});
