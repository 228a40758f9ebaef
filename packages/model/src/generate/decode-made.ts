import type { DensePoseMap, DepthMap, FlowField, Modality, SegmentationMap, Skeletons } from '@sextant/core';
import { MODALITIES } from '@sextant/core';
import { findInstances, type LabelMap } from '../codecs/segmentation.js';
import { decodeDensePoseStream, decodeDepthStream, decodeFlowStream, decodeSegmentationStream, decodeSkeletonStream, type StreamPicture } from '../codecs/streams.js';
import type { Size } from '../runtime/grid.js';
import type { PaintingModel } from './painting-model.js';
import { referenceFocalOf } from './settings.js';

/** Modalities that were made, in their own terms. */
export interface MadeMaps {
  depth?: DepthMap;
  flow?: FlowField;
  segmentation?: SegmentationMap;
  skeleton?: Skeletons;
  densepose?: DensePoseMap;
}

/** Made streams [15,H,W], and people where the model says them better than their stream. */
export interface Made {
  readonly streams: Float32Array;
  readonly people?: Skeletons;
}

/**
 * The typed maps of made streams [15,H,W]. Depth is `relative`: nobody knows the focal length of a camera that never was; it is
 * given as with `focal`. Returns fresh arrays.
 */
export function decodeMade({ streams, people }: Made, modalities: readonly Modality[], { width, height }: Size, { manifest }: PaintingModel, focal: number): MadeMaps {
  const maps: MadeMaps = {};
  const n = width * height;
  for (const modality of modalities) {
    const at = 3 * MODALITIES.indexOf(modality) * n;
    const picture: StreamPicture = { width, height, data: streams.subarray(at, at + 3 * n) };
    switch (modality) {
      case 'depth': {
        const scale = focal / referenceFocalOf(manifest);
        maps.depth = { width, height, metres: decodeDepthStream(picture).metres.map((z) => z * scale), provenance: 'relative' };
        break;
      }
      case 'flow':
        maps.flow = decodeFlowStream(picture);
        break;
      case 'segmentation': {
        const map: LabelMap = { ...decodeSegmentationStream(picture, manifest.classes), instances: new Uint16Array(n) };
        const codec = manifest.modalities.segmentation?.codec;
        findInstances(map, manifest.classes, codec && 'minArea' in codec ? codec.minArea : 12);
        maps.segmentation = { ...map, classes: manifest.classes };
        break;
      }
      case 'skeleton':
        maps.skeleton = people ?? decodeSkeletonStream(picture);
        break;
      case 'densepose':
        maps.densepose = decodeDensePoseStream(picture);
    }
  }
  return maps;
}
