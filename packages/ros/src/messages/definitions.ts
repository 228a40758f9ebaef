import { ros2jazzy } from '@foxglove/rosmsg-msgs-common';
import { HRI_MSGS } from './hri-msgs.js';
import { PARAMETER_SERVICE_DEFINITIONS } from './parameter-services.js';
import { VISION_MSGS } from './vision-msgs.js';

/** One field or constant of a message, as the Foxglove parsers describe it. */
export interface Field {
  name: string;
  type: string;
  isComplex?: boolean;
  isArray?: boolean;
  arrayLength?: number;
  arrayUpperBound?: number;
  isConstant?: boolean;
  value?: unknown;
  valueText?: string;
  defaultValue?: unknown;
}

/** A message's own fields; nested types are named in the fields. */
export interface Definition {
  name: string;
  definitions: Field[];
}

const ALL = new Map<string, Definition>(Object.entries({ ...ros2jazzy, ...VISION_MSGS, ...HRI_MSGS, ...PARAMETER_SERVICE_DEFINITIONS }) as [string, Definition][]);

/** `sensor_msgs/Image` or `sensor_msgs/msg/Image` -> `sensor_msgs/msg/Image`; other text comes back as it was. */
export function normaliseType(type: string): string {
  const parts = type.split('/');
  return parts.length === 2 ? `${parts[0]}/msg/${parts[1]}` : type;
}

/** `sensor_msgs/msg/Image` -> `sensor_msgs/Image`, the name used inside definitions. */
export function shortType(type: string): string {
  return type.replace('/msg/', '/');
}

/** True when this build knows how the type is laid out. */
export function isKnownType(type: string): boolean {
  return ALL.has(shortType(type));
}

/**
 * The definition of a type followed by every type it needs, the root first and each once.
 * @throws Error for a type (or a nested one) this build does not know.
 */
export function definitionsOf(type: string): Definition[] {
  const found = new Map<string, Definition>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    const definition = ALL.get(name);
    if (definition === undefined) throw new Error(`message type ${JSON.stringify(name)} is not known to this build`);
    found.set(name, definition);
    for (const field of definition.definitions) if (field.isComplex === true) visit(field.type);
  };
  visit(shortType(type));
  return [...found.values()];
}
