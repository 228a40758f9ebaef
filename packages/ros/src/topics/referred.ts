import { referredSegmentation } from '@sextant/core';
import type { Perception } from '@sextant/core';
import type { Image } from '../messages/types.js';
import { imageOf } from './image.js';

/** A converter of the segmentation for what the prompt names: class 1 is what is named, instances are its regions. */
export function named<M>(convert: (perception: Perception) => M): (perception: Perception) => M | undefined {
  return (perception) => {
    const { referred } = perception;
    return referred && convert({ ...perception, segmentation: referredSegmentation(referred) });
  };
}

/** `referred/probability`: 32FC1, 0..1. */
export function namedProbability({ frame, referred }: Perception): Image | undefined {
  return referred && imageOf(frame, referred.width, referred.height, '32FC1', referred.probability);
}
