import { members, stringAt } from '../../text/json.ts';

const COMMA = Buffer.from(',');
const OPEN = Buffer.from('{');
const CLOSE = Buffer.from('}');

/**
 * What fluentd's parser filter makes of a record and its parsed `log` (reserve_data, remove_key_name_field): the outer
 * members, and the inner ones instead of those of the same key. Values keep the bytes that they had. An inner text that
 * is no JSON object is given back as it is, for the parser to say why.
 */
export function mergeInto(outer: Buffer, inner: Buffer): Buffer {
  if (!isObject(inner)) return inner;
  const added = members(inner);
  const keys = new Set(added.map(({ key }) => stringAt(inner, key)));
  const pieces: Buffer[] = [];
  for (const { key, value } of members(outer)) {
    if (!keys.has(stringAt(outer, key))) pieces.push(outer.subarray(key.start, value.end));
  }
  for (const { key, value } of added) pieces.push(inner.subarray(key.start, value.end));
  return Buffer.concat([OPEN, ...pieces.flatMap((piece, k) => (k === 0 ? [piece] : [COMMA, piece])), CLOSE]);
}

/** The object without the members of these keys. */
export function without(object: Buffer, keys: readonly string[]): Buffer {
  const pieces = members(object)
    .filter(({ key }) => !keys.includes(stringAt(object, key)))
    .map(({ key, value }) => object.subarray(key.start, value.end));
  return Buffer.concat([OPEN, ...pieces.flatMap((piece, k) => (k === 0 ? [piece] : [COMMA, piece])), CLOSE]);
}

function isObject(bytes: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
