import { SextantError } from '@sextant/core';
import { checkRecipe } from '@sextant/synth';
import { isUnmetWish } from '@sextant/world';
import type { Work } from '../cli/session.js';
import { readRecipe } from '../dataset/recipe-file.js';
import { renderWorld } from './world.js';
import type { WorldSettings } from './world.js';

/** What flags say against a recipe. */
export type RecipeFlags = Pick<WorldSettings, 'out' | 'overwrite'> & Partial<Pick<WorldSettings, 'frames' | 'width' | 'height' | 'fps' | 'assets'>> & {
  /** Which clip of the recipe. @default 0 */
  readonly clip?: number | undefined;
};

/**
 * `sextant world <recipe>`: renders the world of one clip of a recipe, by the first of its seeds that meets the wishes. What flags say counts more than the recipe;
 * checks and painting are `sextant dataset`'s.
 * @throws SextantError `bad-argument` for a clip that the recipe has not, `bad-config` where flags do not go with it, and as `renderWorld`.
 */
export async function renderRecipeWorld(path: string, { clip = 0, ...flags }: RecipeFlags, work: Work): Promise<number> {
  const { recipe, plan } = await readRecipe(path);
  const planned = plan[clip];
  if (planned === undefined) throw new SextantError('bad-argument', `${path} has ${plan.length} clips, clip ${clip} is asked for`, { hint: `Give --clip 0 to ${plan.length - 1}.`, details: { clips: plan.length, clip } });
  const { wishes, seeds, fovDegrees } = planned;
  const { frames, size, fps, assets, scene, supersampling, sensor, modalities } = recipe;
  // What flags make of it is held to the same: a sensor that a frame of --fps has no time for would be cut to it without a word.
  checkRecipe({ ...recipe, fps: flags.fps ?? fps, size: { width: flags.width ?? size.width, height: flags.height ?? size.height } });
  for (const [n, seed] of seeds.entries()) {
    try {
      return await renderWorld({ frames, ...size, fps, assets, ...flags, seed, scene, supersampling, sensor, modalities, fovDegrees, ...(Object.keys(wishes).length > 0 && { wishes }) }, work);
    } catch (error) {
      if (!isUnmetWish(error) || n + 1 === seeds.length) throw error;
      work.output.note(`${(error as Error).message}; trying the next seed`);
    }
  }
  throw new SextantError('internal', `clip ${clip} of ${path} has no seeds`, { hint: 'Please report this recipe.' });
}
