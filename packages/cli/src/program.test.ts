import { describe, expect, it } from '@jest/globals';
import { DICTIONARIES } from '@sextant/camera';
import type { Command } from 'commander';
import { createProgram } from './program.js';

/** A command and all below it, by their words. */
function all(command: Command, before: readonly string[] = []): [string, Command][] {
  const words = [...before, command.name()];
  return [[words.join(' '), command], ...command.commands.flatMap((each) => all(each, words))];
}

const commands = all(await createProgram([]));
const defaultsOf = (command: Command): [string, string[]][] =>
  command.options.map((option) => [option.long ?? option.flags, [...command.createHelp().optionDescription(option).matchAll(/default: (.)/g)].map(([, begin]) => begin)]);

describe('--help', () => {
  it.each(commands)('of %s says no default twice, and each in words that the flag takes', (_, command) => {
    expect(defaultsOf(command).filter(([, defaults]) => defaults.length > 1 || defaults.some((begin) => '{['.includes(begin)))).toEqual([]);
  });

  it.each(['sextant generate', 'sextant joint'])('of %s says how many frames of what size are made where nobody says', (name) => {
    const said = Object.fromEntries(defaultsOf(Object.fromEntries(commands)[name]));
    expect([said['--frames'], said['--size'], said['--fps']].map((defaults) => defaults.length)).toEqual([1, 1, 1]);
  });
});

it('calibrate offers the dictionaries that there are', () => {
  const { options } = Object.fromEntries(commands)['sextant calibrate'];
  expect(options.find(({ long }) => long === '--dictionary')?.argChoices).toEqual(DICTIONARIES);
});
