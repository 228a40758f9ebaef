// What test/figures/generation.mjs can be asked to make pictures from.
import { parseModalities } from '../../packages/model/dist/index.js';

/** Joints of a person who is worth looking for, and the longer side of the box, pixels. */
const [LEAST_JOINTS, LEAST_PERSON] = [8, 24];
/** Pixels of bodies in a picture of 128x128 that are worth looking for: about a person of that size. */
const LEAST_BODY = 100;

/** Whether a world at an instant shows enough of a modality for it to be found again; what is not here always is. */
const WORTH = {
  flow: ({ condition }) => condition.flow.pixels.some((value) => !Number.isNaN(value)),
  skeleton: ({ condition }) => condition.skeleton.people.some(({ keypoints, box }) => keypoints.filter(({ score }) => score > 0).length >= LEAST_JOINTS && Math.max(box[2], box[3]) >= LEAST_PERSON),
  densepose: ({ condition }) => condition.densepose.part.reduce((count, part) => count + Number(part > 0), 0) >= LEAST_BODY,
};

/**
 * The conditions of a list such as `depth,depth+skeleton`: what each is called and its modalities.
 * @throws SextantError `bad-argument` for a word that is no modality of the model.
 */
export function conditionsOf(list, model) {
  return list.split(',').map((name) => ({ name, modalities: parseModalities(name.split('+'), model.modalities) }));
}

/** Whether frames of a world show enough of every modality. */
export function isWorth(scenes, modalities) {
  return scenes.every((scene) => modalities.every((modality) => WORTH[modality]?.(scene) ?? true));
}
