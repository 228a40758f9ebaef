export { startGateway } from './gateway.js';
export type { Gateway, GatewayOptions } from './gateway.js';
export { MaskServer } from './masks/mask-server.js';
export type { MaskServerOptions } from './masks/mask-server.js';
export type { OfferedModalities } from './masks/offered-kinds.js';
export type { PromptDesk } from './masks/prompt-desk.js';
export type { Perceive } from './masks/uplink-camera.js';
