export { Agreement } from './check/agreement.js';
export type { AgreementScores } from './check/agreement.js';
export { ConditionClip } from './conditions/condition-clip.js';
export type { ConditionClipOptions } from './conditions/condition-clip.js';
export { fit, fitNearest, fitRgb, place } from './conditions/fit.js';
export type { Fit } from './conditions/fit.js';
export type { PaletteSource } from './palette/open-palette.js';
export { classColours, regionColours } from './palette/region-colours.js';
