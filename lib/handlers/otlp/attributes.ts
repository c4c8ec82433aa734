/** What an attribute may hold: OTLP's AnyValue, as the SDK takes it. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | readonly AttributeValue[]
  | { readonly [key: string]: AttributeValue };

/** Nesting that collectors and backends can be expected to take. */
const maxDepth = 32;

/**
 * Numbers that arrive as they were: the SDK sends whole numbers as int64 made from a double, so it has no way for
 * those beyond 2^53 (a session_id), nor for 1e400, which JSON allows and a double does not.
 */
function carriesNumber(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}

/** Whether the SDK sends a value unchanged. It takes an object with one of these keys for a class of its own. */
function carries(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return carriesNumber(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= maxDepth) return false;
  if (Array.isArray(value)) return value.every((item) => carries(item, depth + 1));
  return Object.entries(value).every(
    ([key, item]) => key !== 'constructor' && key !== '__proto__' && carries(item, depth + 1),
  );
}

/**
 * A value of a record as an attribute: of its own type, objects as key-value lists. What OTLP's JavaScript SDK cannot
 * carry is sent as the text that stands in the record: the digits of a large number, the JSON of a structure.
 */
export function attributeValue(value: unknown, text: () => string): AttributeValue {
  return carries(value, 0) ? (value as AttributeValue) : text();
}

/** The name of an attribute; the SDK would lose these two. */
export function attributeName(key: string): string {
  if (key === '') return '_';
  return key === '__proto__' ? '_proto_' : key;
}
