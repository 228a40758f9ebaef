import { describe, expect, it, jest } from '@jest/globals';
import { sextant } from './command.js';

jest.setTimeout(60_000);

describe('sextant, used wrongly', () => {
  it('shows the help of a command that lacks one of its own', async () => {
    const { code, stderr } = await sextant('model');
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: sextant model [\s\S]*^ {2}list .*[\s\S]*^ {2}info .*[\s\S]*^ {2}verify .*[\s\S]*^ {2}fit /m);
  });

  it.each([
    [['model', '--json'], 'sextant model needs a command', 'Commands of model: list, info, verify, fit. See: sextant model --help'],
    [['model', 'lst', '--json'], "unknown command 'lst' (Did you mean list?)", 'Commands of model: list, info, verify, fit. See: sextant model --help'],
    [['model', 'list', '--nope', '--json'], "unknown option '--nope'", 'Options of list: --json, --help.'],
    [['model', 'info', '--json'], "missing required argument 'name|folder'", 'See: sextant model info --help'],
    [['--json'], 'sextant needs a command', expect.stringMatching(/^Commands: run, estimate, .*\. See: sextant --help$/)],
  ])('answers %j with an error line', async (args, message, hint) => {
    expect(await sextant(...args)).toEqual({ code: 2, lines: [{ event: 'error', code: 'bad-argument', message, hint }], stderr: '' });
  });
});
