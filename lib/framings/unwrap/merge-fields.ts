import {
  CLOSE_BRACE,
  type Member,
  members,
  OPEN_BRACE,
  QUOTE,
  type Span,
  skipSpace,
  stringAt,
} from '../../text/json.ts';

const separator = Buffer.from(',');
const opening = Buffer.from('{');
const closing = Buffer.from('}');

/**
 * What fluentd's parser filter makes of a record and its parsed `log` (reserve_data, remove_key_name_field): the outer
 * members, and the inner ones instead of those of the same key. Values keep the bytes that they had. An inner text that
 * does not begin like an object is given back as it is, for the parser to say why.
 */
export function mergeInto(outer: Buffer, inner: Buffer): Buffer {
  if (inner[0] !== OPEN_BRACE) return inner;
  const kept = members(outer);
  // as bytes, quotes included: no key that does not even stand in it can be one of its own
  if (!mayHoldOneOf(inner, outer, kept)) {
    const first = skipSpace(inner, 1, inner.length);
    if (kept.length === 0 || inner[first] !== QUOTE) return kept.length === 0 ? inner : outer;
    const end = outer.lastIndexOf(CLOSE_BRACE);
    return Buffer.concat([outer.subarray(0, end), separator, inner.subarray(first)]);
  }
  const added = members(inner);
  const keys = new Set(added.map(({ key }) => stringAt(inner, key)));
  const own = kept.filter(({ key }) => !keys.has(stringAt(outer, key)));
  return objectOf([
    ...own.map(({ key, value }) => outer.subarray(key.start, value.end)),
    ...added.map(({ key, value }) => inner.subarray(key.start, value.end)),
  ]);
}

/** Whether a key of the members stands anywhere among the bytes, in its quotes. */
function mayHoldOneOf(bytes: Uint8Array, outer: Uint8Array, kept: readonly Member[]): boolean {
  for (let quote = 0; quote < bytes.length; quote++) {
    if (bytes[quote] !== QUOTE) continue;
    for (const { key } of kept) if (endsWith(bytes, quote, outer, key)) return true;
  }
  return false;
}

/** Whether the key ends with the quote at `at`. */
function endsWith(bytes: Uint8Array, at: number, outer: Uint8Array, { start, end }: Span): boolean {
  for (let k = 1; k <= end - start; k++) if (bytes[at + 1 - k] !== outer[end - k]) return false;
  return true;
}

/** The object without the members of these keys. */
export function without(object: Buffer, keys: readonly string[]): Buffer {
  const kept = members(object).filter(({ key }) => !keys.includes(stringAt(object, key)));
  return objectOf(kept.map(({ key, value }) => object.subarray(key.start, value.end)));
}

/** An object of these members, as they stand. */
export function objectOf(parts: readonly Buffer[]): Buffer {
  return Buffer.concat([
    opening,
    ...parts.flatMap((part, k) => (k === 0 ? [part] : [separator, part])),
    closing,
  ]);
}
