/** OTLP's AnyValue in its JSON mapping; 64-bit integers are texts there. {} is a value that is empty, as null is. */
export type AnyValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number }
  | { readonly arrayValue: { readonly values: readonly AnyValue[] } }
  | { readonly kvlistValue: { readonly values: readonly KeyValue[] } }
  | Record<string, never>;

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

const INT64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

/** Digits that any int64 can have. */
const SAFE_DIGITS = 18;

export const text = (value: string): AnyValue => ({ stringValue: value });

/**
 * A number by how it is written, as the Operator's own export types it: digits alone are an int64, or a text where they
 * exceed it; with a fraction or an exponent it is a double, `3.0` included. What a double cannot hold stays a text.
 */
export function numberValue(literal: string): AnyValue {
  if (/[.eE]/.test(literal)) {
    const value = Number(literal);
    return Number.isFinite(value) ? { doubleValue: value } : text(literal);
  }
  if (literal === '-0') return { intValue: '0' };
  if (literal.length <= SAFE_DIGITS) return { intValue: literal };
  const value = BigInt(literal);
  return value >= INT64.least && value <= INT64.most ? { intValue: literal } : text(literal);
}

/** The text of a string; undefined for any other value. */
export function textOf(value: AnyValue | undefined): string | undefined {
  return value !== undefined && 'stringValue' in value ? value.stringValue : undefined;
}

/** The members of an object; undefined for any other value. */
export function membersOf(value: AnyValue | undefined): readonly KeyValue[] | undefined {
  return value !== undefined && 'kvlistValue' in value ? value.kvlistValue.values : undefined;
}

/** Attributes by key: OTLP wants keys to be unique, so of equal ones the last counts, as everywhere in JSON. */
export class Attributes {
  private readonly values = new Map<string, AnyValue>();

  /** OTLP wants a key to have a name; one that is empty in JSON is sent as `_`. */
  set(key: string, value: AnyValue): void {
    this.values.set(key === '' ? '_' : key, value);
  }

  setText(key: string, value: string | undefined): void {
    if (value !== undefined) this.set(key, text(value));
  }

  has(key: string): boolean {
    return this.values.has(key);
  }

  /** Whether an attribute has just this value. */
  says({ key, value }: KeyValue): boolean {
    const known = this.values.get(key);
    if (known === undefined) return false;
    const text = textOf(known);
    return text === undefined ? JSON.stringify(known) === JSON.stringify(value) : text === textOf(value);
  }

  list(): KeyValue[] {
    return Array.from(this.values, ([key, value]) => ({ key, value }));
  }
}
