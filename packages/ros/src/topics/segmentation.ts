import type { Perception } from '@sextant/core';
import type { Image, LabelInfo } from '../messages/types.js';
import { headerOf } from './header.js';
import { imageOf } from './image.js';

/** `segmentation/mask`: mono8 class ids, 0 background. */
export function segmentationMask({ frame, segmentation }: Perception): Image | undefined {
  return segmentation && imageOf(frame, segmentation.width, segmentation.height, 'mono8', segmentation.labels);
}

/** `segmentation/instances`: 16UC1 instance ids, 0 none. */
export function segmentationInstances({ frame, segmentation }: Perception): Image | undefined {
  return segmentation && imageOf(frame, segmentation.width, segmentation.height, '16UC1', segmentation.instances);
}

/** `segmentation/label_info`: the names of the mask's ids. */
export function labelInfo({ frame, segmentation }: Perception): LabelInfo | undefined {
  return (
    segmentation && {
      header: headerOf(frame),
      class_map: segmentation.classes.map(({ id, name }) => ({ class_id: id, class_name: name })),
      threshold: 0,
    }
  );
}
