import { definitionsOf, type Field } from './definitions.js';

const SEPARATOR = '='.repeat(80);

/** The parser folds these two into primitives; their full names go back into the text. */
const BUILTIN: Readonly<Record<string, string>> = {
  time: 'builtin_interfaces/Time',
  duration: 'builtin_interfaces/Duration',
};

/**
 * The `ros2msg` text of a type with all its dependencies, as MCAP schemas and rosapi carry it
 * (https://mcap.dev/spec/registry#ros2msg): the root's text, then `MSG: package/Type` blocks.
 */
export function definitionText(type: string): string {
  let text = texts.get(type);
  if (text === undefined) texts.set(type, (text = write(type)));
  return text;
}

/** Only known types get here (others throw), so this stays small. */
const texts = new Map<string, string>();

function write(type: string): string {
  const [root, ...nested] = definitionsOf(type);
  if (root === undefined) throw new Error(`no definition for ${type}`);
  const used = new Set([root, ...nested].flatMap((d) => d.definitions.map((f) => BUILTIN[f.type]).filter((n) => n !== undefined)));
  const blocks = nested.map((d) => [d.name, d.definitions] as const);
  const builtins = [...used].map((name) => [name, TIME_FIELDS] as const);
  return [
    fieldsText(root.definitions),
    ...[...blocks, ...builtins].map(([name, fields]) => `${SEPARATOR}\nMSG: ${name}\n${fieldsText(fields)}`),
  ].join('');
}

const TIME_FIELDS: readonly Field[] = [
  { name: 'sec', type: 'int32' },
  { name: 'nanosec', type: 'uint32' },
];

function fieldsText(fields: readonly Field[]): string {
  return fields.map((field) => `${fieldText(field)}\n`).join('');
}

function fieldText(field: Field): string {
  const type = BUILTIN[field.type] ?? field.type;
  if (field.isConstant === true) return `${type} ${field.name}=${field.valueText ?? String(field.value)}`;
  const array = field.isArray === true ? `[${field.arrayLength ?? (field.arrayUpperBound === undefined ? '' : `<=${field.arrayUpperBound}`)}]` : '';
  const initial = field.defaultValue === undefined ? '' : ` ${JSON.stringify(field.defaultValue)}`;
  return `${type}${array} ${field.name}${initial}`;
}
