import { existsSync } from 'node:fs';
import { SextantError } from '@sextant/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { positive, whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import { side, size } from '../eval/size.js';
import type { WorldSettings } from '../world/world.js';

const MOST_SEED = 0xffff_ffff;

interface Flags extends Pick<WorldSettings, 'out' | 'scene' | 'assets' | 'overwrite'> {
  readonly frames?: number;
  readonly width?: number;
  readonly height?: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly fps?: number;
  readonly clip?: number;
  readonly json?: boolean;
}

/** A seed, or the path of a recipe. */
function seedOrRecipe(text: string): number | string {
  if (/\.ya?ml$/i.test(text) || (existsSync(text) && !/^\d+$/.test(text))) return text;
  const seed = Number(text);
  if (text.trim() === '' || !Number.isInteger(seed) || seed < 0 || seed > MOST_SEED) throw new InvalidArgumentError(`Give a whole number from 0 to ${MOST_SEED}, or the path of a recipe.`);
  return seed;
}

/** `sextant world`: a scene with all its ground truth. */
export function worldCommand(): Command {
  return new Command('world')
    .description('Render a procedural scene with exact depth, flow, classes, instances, keypoints, DensePose and poses; write typed files. Called again, it goes on where it stopped.')
    .argument('<seed|recipe.yaml>', `which scene, 0 to ${MOST_SEED}; or one clip of a recipe (docs/datasets.md)`, seedOrRecipe)
    .option('--frames <n>', 'frames to render (a recipe may say it)', whole(1, 1e9))
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--clip <n>', 'which clip of a recipe (default: 0)', whole(0, 1e6))
    .option('--width <px>', 'picture width (default: the recipe\'s, or 320)', side)
    .option('--height <px>', 'picture height (default: the recipe\'s, or 240)', side)
    .addOption(new Option('--size <WxH>', 'both at once').argParser(size).conflicts(['width', 'height']))
    .option('--fps <hz>', 'frames per second of world time (default: the recipe\'s, or 30)', positive)
    .addOption(new Option('--scene <kind>', 'kind of scene (default: the seed chooses)').choices(['indoor', 'outdoor']))
    .option('--assets <dir>', 'folder of open assets to build from (default: the recipe\'s, or procedural)')
    .option('--overwrite', 'delete what another call left in the folder')
    .option('--json', 'one JSON object per line on stdout')
    .action(async (seed: number | string, { json = false, ...flags }: Flags) => {
      const [{ renderRecipeWorld }, { renderWorld }] = await Promise.all([import('../world/recipe-world.js'), import('../world/world.js')]);
      await runSession(json, (work) => {
        const { clip, frames, scene, size: both, ...others } = flags;
        const rest = { ...others, ...both };
        const refuse = (message: string, hint: string): never => {
          throw new SextantError('bad-argument', message, { hint });
        };
        if (typeof seed === 'string') {
          if (scene !== undefined) refuse('--scene is given with a recipe', 'Say scene: in the recipe.');
          return renderRecipeWorld(seed, { ...rest, ...(clip !== undefined && { clip }), ...(frames !== undefined && { frames }) }, work);
        }
        if (clip !== undefined) refuse('--clip is given with a seed', 'It chooses a clip of a recipe: leave it out.');
        return renderWorld({ width: 320, height: 240, fps: 30, ...rest, seed, scene, frames: frames ?? refuse('there is no --frames', 'Say how many frames to render: --frames 30.') }, work);
      });
    });
}
