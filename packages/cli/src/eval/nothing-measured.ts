import { SextantError } from '@sextant/core';
import { readItems } from './items.js';
import type { Settings } from './settings.js';

/** The error of an evaluation without any figure, which a script must not take for success: what was asked for, and what was there. */
export async function nothingMeasured({ folder, limit, modalities, world, clips }: Settings): Promise<SextantError> {
  const counts: Record<string, number> = {};
  for (const { task } of folder === undefined ? [] : await readItems(folder, limit)) counts[task] = (counts[task] ?? 0) + 1;
  const items = Object.entries(counts).map(([task, count]) => `${count} of task ${task}`).join(', ');
  const found = [...(folder === undefined ? [] : [`${folder} has items: ${items}`]), ...(world ? [`${world.seeds} worlds`] : []), ...(clips ? [`clips of ${clips.folder}`] : [])].join('; ');
  return new SextantError('unsupported', `nothing was measured of ${modalities.join(', ')} (${found})`, {
    hint: 'Ask for --modalities that the model has and of which there is truth (docs/evaluation.md).', details: { modalities, items: counts },
  });
}
