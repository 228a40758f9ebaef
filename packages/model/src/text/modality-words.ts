import { MODALITIES, type Modality } from '@sextant/core';

/** How each modality may be asked for in words: what the network was trained with (training/sextant_nano/text.py, `PROMPTS`), and the field's other names. */
const WORDS: Readonly<Record<Modality, readonly string[]>> = {
  depth: ['depth map', 'depth', 'distance of every pixel', 'depth map from camera', 'depth image', 'metric depth', 'monocular depth'],
  flow: ['optical flow', 'flow', 'motion of every pixel', 'optical flow map', 'motion', 'motion field'],
  segmentation: ['segmentation', 'segmentation mask', 'class of every pixel', 'segmentation mask of objects', 'semantic segmentation', 'segmentation map', 'label map'],
  skeleton: ['human skeleton', 'skeleton', 'body keypoints', 'human pose keypoints', 'human skeletons', 'skeletons', 'human pose', 'pose', 'keypoints'],
  densepose: ['densepose', 'body surface', 'densepose map', 'body part of every pixel', 'body parts', 'dense pose'],
};
/** Said around it, and means nothing. */
const AROUND = /^(please )?(estimate |show |give )?(the |a |an )?/;

/** The modality that words name, "depth map" or "the human skeleton"; `undefined` where they name none, as where they say what to segment. */
export function modalityNamed(words: string): Modality | undefined {
  const plain = words.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim().replace(AROUND, '');
  return MODALITIES.find((modality) => WORDS[modality].includes(plain));
}
