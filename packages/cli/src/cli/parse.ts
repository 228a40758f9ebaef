import { SextantError } from '@sextant/core';
import { InvalidArgumentError } from 'commander';

/** Makes commander say what a failing parser says, with its hint: it lists the valid values. */
export function reworded<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (SextantError.isInstance(error)) throw new InvalidArgumentError(`${error.message}. ${error.hint}`);
    throw error;
  }
}

/** A flag's number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('Give a number above 0.');
  return value;
}

/** A flag's number, 0 or above. */
export function nonNegative(text: string): number {
  return Number(text) === 0 && text.trim() !== '' ? 0 : positive(text);
}

/** A flag's whole number within bounds. */
export function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text.trim()) || value < least || value > most) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return value;
  };
}

/** `--port`. */
export const port = whole(0, 65_535);

/** Splits `--topics`-like lists. */
export const list = (text: string): readonly string[] => text.split(',').map((word) => word.trim()).filter((word) => word !== '');
