import type { Modality } from '../types/modality.js';

/** The version of the mask protocol that this build speaks: docs/mask-protocol.md. */
export const MASK_PROTOCOL_VERSION = 1;

/** WebSocket subprotocols a client offers, best first. The last one, of no version, lets a server say in words which it speaks. */
export const MASK_SUBPROTOCOLS = ['sextant.masks.v1', 'sextant.masks'] as const;

/** What a stream carries: the picture, or one of the five modalities. The index is the code on the wire. */
export const MASK_KINDS = ['rgb', 'depth', 'flow', 'segmentation', 'skeleton', 'densepose'] as const;
/** One of `MASK_KINDS`. */
export type MaskKind = 'rgb' | Modality;

/** First byte of every message. */
export const MESSAGE = {
  hello: 0x01, welcome: 0x02, subscribe: 0x03, subscribed: 0x04, unsubscribe: 0x05, error: 0x06, classes: 0x07, stats: 0x08,
  openCamera: 0x09, closeCamera: 0x0a, cameraState: 0x0b, prompt: 0x0c, prompted: 0x0d, kinds: 0x0e,
  ping: 0x10, pong: 0x11, ack: 0x12, camera: 0x13,
  data: 0x20,
} as const;
/** Names of `MESSAGE`. */
export type MessageName = keyof typeof MESSAGE;

/** Codes with which a server closes the connection, after an `error` message that says more. */
export const MASK_CLOSE = { protocol: 4400, unauthorized: 4401, helloTimeout: 4408, version: 4426, limit: 4429 } as const;

/** Bytes of the envelope before every body. */
export const ENVELOPE_BYTES = 8;
/** Most bytes of a control message's JSON. */
export const MAX_CONTROL_BYTES = 64 * 1024;
/** Most characters of a prompt. */
export const MAX_PHRASE = 2000;
/** Most characters of a class's name. */
export const MAX_CLASS_NAME = 100;
/** Most people in one skeleton message. */
export const MAX_PEOPLE = 1024;
/** Most pixels of one map or picture that a decoder accepts unless told otherwise: 4096 x 2304. */
export const DEFAULT_MAX_PIXELS = 4096 * 2304;
/** Stream and camera numbers are 16 bits, 1..65535; camera 0 is the server's own source. */
export const MAX_ID = 0xffff;
