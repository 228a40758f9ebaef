import type { FrameResult } from '@sextant/client';
import { make, setText } from '../dom.js';
import type { FlowScale } from '../draw/flow.js';
import { flowWheel } from '../draw/flow.js';
import { Raster } from '../draw/raster.js';
import type { Legend } from './layers-panel.js';

/** A legend of one line of text. */
function line(text: (frame: FrameResult) => string | undefined): Legend {
  const element = make('p', 'note');
  return {
    element,
    update: (frame) => {
      const words = text(frame);
      if (words !== undefined) setText(element, words);
    },
  };
}

/** The picture's size. */
export function pictureLegend(): Legend {
  return line(({ picture }) => picture && `${picture.width} x ${picture.height} pixels${picture.jpeg === undefined ? ', kept in this browser' : ''}`);
}

/** How many people. */
export function peopleLegend(): Legend {
  return line(({ skeletons }) => {
    const count = skeletons?.people.length;
    return count === undefined ? undefined : `${count === 0 ? 'Nobody' : count === 1 ? '1 person' : `${count} people`} in view. Left side blue, right side orange.`;
  });
}

/** How many of DensePose's parts. */
export function partsLegend(): Legend {
  return line(({ densePose }) => {
    if (densePose === undefined) return undefined;
    const seen = new Set(densePose.part);
    seen.delete(0);
    return `${seen.size} of 24 body parts in view; brighter with u and v.`;
  });
}

/** Which hue is which direction, and how much motion is full colour. */
export function flowLegend(scale: FlowScale): Legend {
  const words = make('p', 'note');
  const wheel = flowWheel(new Raster());
  wheel.setAttribute('aria-hidden', 'true');
  return {
    element: make('div', 'flow-legend', {}, wheel, words),
    update: ({ flow }) => {
      if (flow !== undefined) setText(words, `Hue is the direction; full colour is ${scale.value.toFixed(1)} pixels per frame.`);
    },
  };
}
