import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SextantError } from '@sextant/core';
import { abortable, runSession } from './session.js';
import type { SessionOptions, Work } from './session.js';

const broken = (code: string): Error => Object.assign(new Error(`write ${code}`), { code });

describe('runSession', () => {
  const written: string[] = [];
  const before = process.exitCode;
  beforeEach(() => {
    jest.useFakeTimers(); // the session's last resort ends the process
    written.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation((line) => written.push(String(line)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
    for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
    process.exitCode = before;
  });

  /** Exit code and events of work that a signal may end. */
  const session = async (work: (context: Work) => Promise<number | undefined>, options: SessionOptions = {}): Promise<[unknown, unknown[]]> => {
    await runSession(true, work, options);
    return [process.exitCode, written.map((line) => JSON.parse(line) as unknown)];
  };

  it.each(['EPIPE', 'EIO', 'EBADF'])('stops when nobody reads stdout (%s), and goes on when nobody reads stderr', async (code) => {
    let aborted: boolean[] = [];
    const result = await session(({ signal }) => {
      process.stderr.emit('error', broken(code));
      aborted = [signal.aborted];
      process.stdout.emit('error', broken(code));
      process.stdout.emit('error', broken(code));
      aborted.push(signal.aborted);
      return Promise.resolve(0);
    });
    expect(aborted).toEqual([false, true]);
    expect(result).toEqual([141, []]);
  });

  it('ends the process when a slow reader of stdout has all of it', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    const unread = Object.getOwnPropertyDescriptor(process.stdout, 'writableLength');
    Object.defineProperty(process.stdout, 'writableLength', { value: 100_000, configurable: true });
    let flushed = (): void => {};
    jest.spyOn(process.stdout, 'write').mockImplementation(((_line: string, then: () => void) => {
      flushed = then;
      return false;
    }) as typeof process.stdout.write);
    try {
      await runSession(true, () => Promise.resolve(0));
      jest.advanceTimersByTime(60_000);
      expect(exit).not.toHaveBeenCalled();
      flushed();
      jest.advanceTimersByTime(1000);
      expect(exit).toHaveBeenCalledTimes(1);
    } finally {
      if (unread === undefined) Reflect.deleteProperty(process.stdout, 'writableLength');
      else Object.defineProperty(process.stdout, 'writableLength', unread);
    }
  });

  it('leaves other errors of the streams alone', async () => {
    await session(() => Promise.resolve(0));
    for (const stream of [process.stdout, process.stderr]) expect(() => stream.emit('error', broken('ENOSPC'))).toThrow('ENOSPC');
  });

  it('gives a closing terminal, which breaks pipes and sends SIGHUP twice, the time to close files', async () => {
    const exit = jest.spyOn(process, 'exit').mockImplementation(() => undefined as never);
    await session(({ stoppedBy }) => {
      process.stdout.emit('error', broken('EIO'));
      process.emit('SIGHUP', 'SIGHUP');
      process.emit('SIGHUP', 'SIGHUP');
      expect([stoppedBy(), exit.mock.calls]).toEqual(['SIGPIPE', []]);
      process.emit('SIGINT', 'SIGINT');
      expect(exit).toHaveBeenCalledWith(141);
      return Promise.resolve(0);
    });
  });

  it.each<[string, number | undefined, SessionOptions, number]>([
    ['nothing', undefined, {}, 130],
    ['0', 0, {}, 130],
    ['a failure', 1, {}, 1],
    ['0 where a signal is how it is done', 0, { doneBySignal: true }, 0],
  ])('after Ctrl-C work that returned %s has its code', async (_what, returned, options, code) => {
    expect(await session(() => {
      process.emit('SIGINT', 'SIGINT');
      return Promise.resolve(returned);
    }, options)).toEqual([code, []]);
  });

  it.each<[string, (work: Work) => Promise<number>, number, unknown[]]>([
    ['what was abandoned', ({ signal }) => abortable(new Promise<number>(() => {}), signal, () => {}), 130, []],
    ['the reason', ({ signal }) => Promise.reject(signal.reason as Error), 130, []],
    ['an AbortError', () => Promise.reject(Object.assign(new Error('aborted'), { name: 'AbortError' })), 130, []],
    ['too few views', () => Promise.reject(new SextantError('bad-argument', 'few', { hint: 'more' })), 2, [{ event: 'error', code: 'bad-argument', message: 'few', hint: 'more' }]],
    ['a full disk', () => Promise.reject(new SextantError('io', 'full', { hint: 'free' })), 1, [{ event: 'error', code: 'io', message: 'full', hint: 'free' }]],
  ])('after Ctrl-C an error is told unless it only says that the work was stopped: %s', async (_what, work, code, events) => {
    expect(await session((context) => {
      process.emit('SIGINT', 'SIGINT');
      return work(context);
    })).toEqual([code, events]);
  });
});
