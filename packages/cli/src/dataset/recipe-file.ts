import { createHash } from 'node:crypto';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { SextantError } from '@sextant/core';
import { planClips, recipeKeysAt, recipeSchema } from '@sextant/synth';
import type { PlannedClip, Recipe } from '@sextant/synth';
import { parseYaml, readText } from '../config/read-yaml.js';

const FORM = { schema: recipeSchema, name: 'the recipe', hint: 'docs/datasets.md describes the keys.', keysAt: recipeKeysAt };

/** A recipe that has been read and planned. */
export interface RecipeFile {
  /** Its name without folders. */
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
  /** Paths in it are absolute. */
  readonly recipe: Recipe;
  readonly plan: readonly PlannedClip[];
}

/**
 * Reads a recipe and plans its clips. Relative paths in it are relative to the file; names of models stay.
 * @throws SextantError `source-missing` where it cannot be read, `bad-config` with file, line and key of what is wrong.
 */
export async function readRecipe(path: string): Promise<RecipeFile> {
  const text = await readText(path, { ...FORM, hint: 'examples/simulation/dataset.yaml is one.' });
  const { recipe, plan } = parseRecipe(text, path);
  return { name: basename(path), text, sha256: createHash('sha256').update(text).digest('hex'), recipe: resolvePaths(recipe, dirname(resolve(path))), plan };
}

/** Validates the text of a recipe and plans it; `file` is what errors call it. @throws SextantError `bad-config`. */
export function parseRecipe(text: string, file: string): { readonly recipe: Recipe; readonly plan: readonly PlannedClip[] } {
  const { value: recipe, blame } = parseYaml(text, file, FORM);
  try {
    return { recipe, plan: planClips(recipe) };
  } catch (error) {
    if (!SextantError.isInstance(error) || typeof error.details.key !== 'string') throw error;
    const mistakes = (error.details.mistakes ?? [error.details]) as readonly { readonly key: string; readonly problem: string }[];
    const [first, ...more] = mistakes;
    throw blame(first.key, [first.problem, ...more.map(({ key, problem }) => blame(key, problem).message)].join('\n'), error.hint);
  }
}

function resolvePaths(recipe: Recipe, folder: string): Recipe {
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  const model = (name: string): string => (/[/\\]/.test(name) ? at(name) : name);
  const { assets, check, generate } = recipe;
  return {
    ...recipe,
    ...(assets !== undefined && { assets: at(assets) }),
    ...(check && { check: { ...check, model: model(check.model) } }),
    ...(generate && { generate: { ...generate, model: model(generate.model) } }),
  };
}
