import type { SkyLook } from '../scene/library.js';

/**
 * What the folders of the open assets mean: the fine class of every object folder, exceptions by file (names that
 * mislead), and the real sizes of the models that come in arbitrary units (`q_*`).
 */

/** Object folder -> fine class (classes.ts). Every folder of the asset index must be here. */
export const CLASS_OF_FOLDER: Readonly<Record<string, string>> = {
  backpack: 'bag', ball: 'ball', barrel: 'object', bathtub: 'bathtub', bed: 'bed', bench: 'bench', bicycle: 'bicycle', bird: 'bird',
  boat: 'boat', book: 'book', bookcase: 'shelf', bottle: 'bottle', bowl: 'bowl', box: 'box', bus: 'bus', bush: 'bush', cabinet: 'cabinet',
  camera: 'object', car: 'car', cat: 'cat', chair: 'chair', chicken: 'bird', clock: 'clock', cone: 'cone', cow: 'cow', cup: 'cup',
  curtain: 'curtain', cutlery: 'tool', deer: 'animal', desk: 'table', dog: 'dog', donkey: 'animal', door: 'door', fence: 'fence',
  fireplace: 'object', food: 'food', fox: 'animal', fridge: 'appliance', fruit: 'food', guitar: 'object', handbag: 'bag', hat: 'object',
  horse: 'horse', hydrant: 'hydrant', ladder: 'tool', lamp: 'lamp', laptop: 'laptop', mailbox: 'object', mixer: 'appliance', monitor: 'tv',
  motorcycle: 'motorcycle', oven: 'appliance', phone: 'object', piano: 'object', picture: 'picture', pig: 'animal', plant: 'potted plant',
  rabbit: 'animal', racket: 'toy', rock: 'rock', room_divider: 'object', sheep: 'sheep', shoe: 'object', sign: 'sign', sink: 'sink',
  skateboard: 'toy', sofa: 'couch', speaker: 'object', statue: 'object', stool: 'chair', streetlight: 'street light', stroller: 'object',
  suitcase: 'bag', table: 'table', teddy_bear: 'toy', tent: 'object', toilet: 'toilet', tool: 'tool', toy: 'toy',
  traffic_light: 'traffic light', traffic_sign: 'sign', trash_can: 'trash can', tree: 'tree', truck: 'truck', tv: 'tv', umbrella: 'object',
  van: 'car', vase: 'vase', washing_machine: 'appliance', window: 'window', zebra: 'animal',
};

/** Files that are not what their folder says; `null` leaves the file out. */
export const CLASS_OF_FILE: Readonly<Record<string, string | null>> = {
  box_2: 'shelf', box_3: 'shelf', // shelving in spite of the name
  extinguisher_1: 'object',
  classic_lamppost_1: 'street light', outdoor_lamp_1: 'street light',
  q_grass: 'bush', q_flowers: 'bush', q_corn_1: 'bush', q_treestump: 'object', q_woodlog: 'object',
  rail_crossing_1: null, // a whole level crossing, 6 m wide
  emergency_sign_1: null, // hangs from a ceiling
  couch_1: 'couch', deck_chair_1: 'chair',
  toilets_unit_1: 'toilet', bidet_1: 'toilet',
  wheelbarrow_1: 'tool',
  garden_hut_1: 'building',
};

/** Metres of the longest horizontal extent (`length`) or of the height of models in arbitrary units. Names by prefix. */
export const REAL_SIZES: readonly (readonly [prefix: string, axis: 'length' | 'height', metres: number])[] = [
  ['q_backpack', 'height', 0.45], ['q_husky', 'length', 1.0], ['q_shibainu', 'length', 0.75], ['q_wolf', 'length', 1.25],
  ['q_horse', 'length', 2.3], ['q_light_floor1', 'height', 1.6], ['q_light_desk', 'height', 0.45],
  ['q_plant', 'height', 0.5], ['q_cactusflowers', 'height', 0.3], ['q_cactus', 'height', 0.6], ['q_grass', 'height', 0.35],
  ['q_flowers', 'height', 0.35], ['q_corn', 'height', 1.8], ['q_treestump', 'height', 0.4], ['q_woodlog', 'length', 1.2],
  ['q_houseplant', 'height', 0.8], ['q_rock_moss', 'height', 0.5], ['q_rock', 'height', 0.55],
  ['q_streetlight', 'height', 6.5], ['q_tent', 'length', 2.4],
  ['q_commontree', 'height', 7], ['q_birchtree', 'height', 8], ['q_pinetree', 'height', 9], ['q_palmtree', 'height', 7.5], ['q_willow', 'height', 7],
  ['q_bushberries', 'height', 1.1], ['q_bush', 'height', 1.2],
  ['q_sign', 'height', 2.4], ['q_trafficlight', 'height', 4.2],
  ['q_apple', 'length', 0.08], ['q_pumpkin', 'length', 0.28], ['q_watermelon', 'length', 0.3], ['q_orange', 'length', 0.08], ['q_carrot', 'height', 0.18],
  ['q_cow', 'length', 2.3], ['q_deer', 'length', 1.7], ['q_fox', 'length', 0.95], ['q_donkey', 'length', 1.8], ['q_pig', 'length', 1.3],
  ['q_sheep', 'length', 1.2], ['q_zebra', 'length', 2.2], ['q_bird', 'length', 0.3],
];

/** Models whose front is along x instead of z in their files: turned by this many degrees about the vertical. */
export const TURN_DEGREES: Readonly<Record<string, number>> = {
  q_sign_stop: 90, q_sign_noparking: 90, q_sign_triangle: 90, fork_lift_1: -90,
};

/** Walking speed in m/s per metre of body length for animals that carry a walk; a leg-length heuristic (Froude number near 0.25). */
export const WALK_SPEED_PER_LENGTH = 0.75;

/**
 * Skies whose upper part is open sky, the elevation in degrees below which trees or houses stand in the picture, and how what is above looks
 * (whatever the file's name says); no look for what is half blue, half cloud.
 */
export const OPEN_SKIES: Readonly<Record<string, { readonly lowest: number; readonly look?: SkyLook }>> = {
  ph_aristea_wreck_puresky: { lowest: 1 }, ph_immenstadter_horn: { lowest: 32 },
  ph_hilly_terrain_01: { lowest: 5, look: 'clear' }, ph_kloppenheim_05: { lowest: 3, look: 'clear' }, ph_narrow_moonlit_road: { lowest: 30, look: 'clear' },
  ph_noon_grass: { lowest: 24, look: 'clear' }, ph_rooitou_park: { lowest: 8, look: 'clear' }, pm_sky: { lowest: 1, look: 'clear' }, pm_venice: { lowest: 20, look: 'clear' },
  ph_kiara_1_dawn: { lowest: 9, look: 'low sun' }, ph_venice_sunset: { lowest: 22, look: 'low sun' }, pm_sunrise: { lowest: 16, look: 'low sun' },
  ph_dikhololo_night: { lowest: 16, look: 'overcast' }, ph_st_peters_square_night: { lowest: 28, look: 'night' },
};
