import { bird } from './animals/bird.js';
import { cat, cow, deer, dog, horse, pig, sheep } from './animals/species.js';
import { fridge, kettle, microwave, oven, washer } from './furniture/appliances.js';
import { bathtub, sink, toilet } from './furniture/bathroom.js';
import { bed } from './furniture/beds.js';
import { laptop, monitor, television } from './furniture/electronics.js';
import { food, tool } from './furniture/food.js';
import { deskLamp, floorLamp, pendantLamp, tableLamp } from './furniture/lamps.js';
import { curtain, door, picture, windowModel } from './furniture/openings.js';
import { armchair, bench, chair, couch, officeChair, stool } from './furniture/seats.js';
import { bag, ball, book, cardBox, clock, thing, toy, trashCan } from './furniture/small.js';
import { cabinet, shelf } from './furniture/storage.js';
import { desk, lowTable, roundTable, table } from './furniture/tables.js';
import { bottle, bowl, cup, vase } from './furniture/tableware.js';
import type { Generator } from './generator.js';
import { bush, grassTuft, pottedPlant, rock } from './nature/plants.js';
import { broadleaf, conifer, palm } from './nature/trees.js';
import { building } from './street/building.js';
import { cone, hydrant, pole, streetLight, trafficLight } from './street/lights.js';
import { fence, sign } from './street/signs.js';
import { boat } from './vehicles/boat.js';
import { car } from './vehicles/car.js';
import { bicycle, motorcycle } from './vehicles/cycles.js';
import { bus, truck } from './vehicles/truck.js';

/** Every kind of object by name, under its fine class. A kind listed twice is drawn twice as often. */
export const GENERATORS: Readonly<Record<string, readonly (readonly [kind: string, make: Generator])[]>> = {
  dog: [['dog', dog]], cat: [['cat', cat]], horse: [['horse', horse]], cow: [['cow', cow]], sheep: [['sheep', sheep]], bird: [['bird', bird]],
  animal: [['deer', deer], ['pig', pig]],
  car: [['car', car]], truck: [['truck', truck]], bus: [['bus', bus]], motorcycle: [['motorcycle', motorcycle]], bicycle: [['bicycle', bicycle]], boat: [['boat', boat]],
  chair: [['chair', chair], ['chair', chair], ['office chair', officeChair], ['stool', stool], ['armchair', armchair]],
  couch: [['couch', couch]], bed: [['bed', bed]], bench: [['bench', bench]],
  table: [['table', table], ['table', table], ['round table', roundTable], ['low table', lowTable], ['desk', desk]],
  cabinet: [['cabinet', cabinet]], shelf: [['shelf', shelf]],
  toilet: [['toilet', toilet]], sink: [['sink', sink]], bathtub: [['bathtub', bathtub]],
  lamp: [['floor lamp', floorLamp], ['table lamp', tableLamp], ['desk lamp', deskLamp], ['pendant lamp', pendantLamp]],
  tv: [['television', television], ['monitor', monitor]], laptop: [['laptop', laptop]],
  appliance: [['fridge', fridge], ['oven', oven], ['washing machine', washer], ['microwave', microwave], ['kettle', kettle]],
  book: [['book', book]], bottle: [['bottle', bottle]], cup: [['cup', cup]], bowl: [['bowl', bowl]], vase: [['vase', vase]], clock: [['clock', clock]],
  bag: [['bag', bag]], box: [['box', cardBox]], ball: [['ball', ball]], toy: [['toy', toy]], tool: [['tool', tool]], food: [['food', food]],
  'trash can': [['trash can', trashCan]], object: [['object', thing]],
  'potted plant': [['potted plant', pottedPlant]], tree: [['broadleaf', broadleaf], ['broadleaf', broadleaf], ['conifer', conifer], ['palm', palm]], bush: [['bush', bush]],
  building: [['building', building]], grass: [['grass tuft', grassTuft]], rock: [['rock', rock]],
  window: [['window', windowModel]], door: [['door', door]], curtain: [['curtain', curtain]], picture: [['picture', picture]],
  pole: [['pole', pole]], fence: [['fence', fence]], sign: [['sign', sign]], 'traffic light': [['traffic light', trafficLight]],
  'street light': [['street light', streetLight]], hydrant: [['hydrant', hydrant]], cone: [['cone', cone]],
};

/** Generators by kind name ('office chair', 'fridge'), where it differs from its class. */
export const KINDS: ReadonlyMap<string, Generator> = new Map(Object.values(GENERATORS).flat());
