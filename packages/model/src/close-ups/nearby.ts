import type { Manifest } from '../manifest/schema.js';

/** The model as close-ups have it: where it has graphs of their own, those, on their grid. */
export function nearby(manifest: Manifest): Manifest {
  const { input, closeUps } = manifest;
  if (closeUps === undefined) return manifest;
  const { width, height, modalities } = closeUps;
  return { ...manifest, input: { ...input, width, height }, modalities };
}
