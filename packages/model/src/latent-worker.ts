import { SextantError } from '@sextant/core';
import { makeClip, type ClipJob } from './unityvideo/make-clip.js';
import type { FromClipWorker } from './unityvideo/clip-process.js';

/**
 * Entry of the process that makes one clip of a model over latents: told one job, it says how far it is, then the pictures, and ends. Whoever wants no more
 * of it kills it: it writes nothing.
 */
const say = (message: FromClipWorker): Promise<void> => new Promise((resolve) => void process.send?.(message, () => resolve()));

process.on('SIGINT', () => {}); // the parent decides
process.on('disconnect', () => process.exit(0));
process.once('message', (job: ClipJob) => {
  makeClip(job, (progress) => say({ type: 'progress', ...progress }))
    .then((result) => say({ type: 'made', result }))
    .catch((thrown: unknown) => {
      const { code, message, hint, details } = SextantError.from(thrown, 'inference-failed', 'Try --device cpu.');
      return say({ type: 'failed', error: { code, message, hint, details } });
    })
    .finally(() => process.exit(0));
});
