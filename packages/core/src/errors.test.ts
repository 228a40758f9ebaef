import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES, SextantError } from './errors.js';

describe('SextantError', () => {
  it('carries code, message, hint, evidence and cause', () => {
    const cause = new Error('EADDRINUSE');
    const error = new SextantError('port-in-use', 'port 8420 is taken', { hint: 'Choose another with --port.', details: { port: 8420 }, cause });
    expect(error).toMatchObject({ name: 'SextantError', code: 'port-in-use', message: 'port 8420 is taken', details: { port: 8420 }, cause });
    expect(error).toBeInstanceOf(Error);
  });

  it('recognises its own kind across bundles, and nothing else', () => {
    expect(SextantError.isInstance(new SextantError('io', 'x', { hint: 'y' }))).toBe(true);
    expect(SextantError.isInstance({ [Symbol.for('sextant.error')]: true })).toBe(true);
    for (const other of [new Error('x'), null, undefined, 'x', {}]) expect(SextantError.isInstance(other)).toBe(false);
  });

  it('wraps anything thrown once', () => {
    const own = new SextantError('io', 'disk full', { hint: 'Make room.' });
    expect(SextantError.from(own)).toBe(own);
    const thrown = new TypeError('boom');
    expect(SextantError.from(thrown)).toMatchObject({ code: 'internal', message: 'boom', cause: thrown });
    expect(SextantError.from('text', 'protocol', 'Send JSON.')).toMatchObject({ code: 'protocol', message: 'text', hint: 'Send JSON.' });
  });

  it('lists each code once', () => {
    expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
  });
});
