import { SextantError } from '@sextant/core';
import { makeClip } from './unityvideo/make-clip.js';
import type { FromClipWorker, ToClipWorker } from './unityvideo/clip-process.js';
import { probeDevice } from './unityvideo/probe-device.js';

/**
 * Entry of the process that makes one clip of a model over latents: told one job, it says how far it is, then the pictures, and ends (or tries a device, and ends). Whoever wants no more
 * of it kills it: it writes nothing.
 */
const say = (message: FromClipWorker): Promise<void> => new Promise((resolve) => void process.send?.(message, () => resolve()));

process.on('SIGINT', () => {}); // the parent decides
process.on('disconnect', () => process.exit(0));
const answer = async (message: ToClipWorker): Promise<FromClipWorker> => {
  if (message.type === 'make') return { type: 'made', result: await makeClip(message.job, (progress) => say({ type: 'progress', ...progress })) };
  await probeDevice(message.device);
  return { type: 'works' };
};

process.once('message', (message: ToClipWorker) => {
  void answer(message)
    .catch((thrown: unknown): FromClipWorker => {
      const { code, message: text, hint, details } = SextantError.from(thrown, 'inference-failed', 'Try --device cpu.');
      return { type: 'failed', error: { code, message: text, hint, details } };
    })
    .then(say)
    .finally(() => process.exit(0));
});
