import type { Batch } from '../batch/batch.ts';
import type { Field, KeyFamily, Wants } from '../batch/wants.ts';
import { numberOfText } from '../text/number.ts';
import { logField } from './record-fields.ts';

/** A single measured value that a record names itself, such as a metric-bearing record of `tracing`. */
export interface Measurement {
  readonly name: string;
  readonly instrument: 'monotonic' | 'counter' | 'gauge' | 'histogram';
  /** NaN for what is no number; infinite for one that is too large. */
  readonly value: number;
  /** Attribute to text, in the record's order. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Records that name themselves what they measure. What a catalogue has is read from columns, so it must be asked for
 * before a record is read; any other measurement is read from the whole record.
 */
export interface MeasuredRecords {
  readonly kind: number;
  /** The key under which a record measures a metric by an instrument. */
  key(name: string, instrument: Measurement['instrument']): string;
  /** Asks for its value. */
  value(key: string): Field;
  /** Asks for an attribute that the record may have beside it. */
  attribute(name: string): Field;
  /** Asks for records that measure something under other keys, too. */
  others(keys: readonly string[]): KeyFamily;
  /** All measurements of a record. */
  read(batch: Batch, row: number): Iterable<Measurement>;
}

/**
 * Metric-bearing records, by the convention of tracing-opentelemetry's MetricsLayer: a field `monotonic_counter.NAME`,
 * `counter.NAME`, `gauge.NAME` or `histogram.NAME` is a measurement of NAME, and the other fields are its attributes.
 */
const prefixes: Readonly<Record<Measurement['instrument'], string>> = {
  monotonic: 'monotonic_counter.',
  counter: 'counter.',
  gauge: 'gauge.',
  histogram: 'histogram.',
};
const instruments = Object.keys(prefixes) as Measurement['instrument'][];
export const instrumentPrefixes = Object.values(prefixes);

/** Where measurements stand: among the event's fields, or where those are flattened. */
export const measurementPlaces = [['fields'], []] as const;

/** Keys of a record whose fields are flattened to the top level that are no attributes. */
const notAttributes = new Set(['message', 'timestamp', 'level', 'target', 'span', 'spans']);

/** Which of the prefixes a key begins with, -1 for none. */
function prefixOf(key: string): number {
  for (let k = 0; k < instrumentPrefixes.length; k++) if (key.startsWith(instrumentPrefixes[k]!)) return k;
  return -1;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Asks for what records of a kind measure. */
export function measuredRecords(kind: number, wants: Wants): MeasuredRecords {
  return {
    kind,
    key: (name, instrument) => `${prefixes[instrument]}${name}`,
    value: (key) =>
      wants.field(
        key,
        measurementPlaces.map((place) => [...place, key]),
      ),
    attribute: (name) => logField(wants, name),
    others: (keys) => wants.keysBeginning(measurementPlaces, instrumentPrefixes, keys),
    read: (batch: Batch, row: number) => measurementsOf(batch.object(row)),
  };
}

/** The measurements of one record, in its order. A value that is no number is given as NaN, for the caller to count. */
function measurementsOf(record: Readonly<Record<string, unknown>>): Measurement[] {
  const nested = isObject(record.fields);
  const fields = nested ? (record.fields as Record<string, unknown>) : record;
  const attributes: Record<string, string> = {};
  const measured: Measurement[] = [];
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    const prefix = prefixOf(key);
    if (prefix >= 0) {
      measured.push({
        name: key.slice(instrumentPrefixes[prefix]!.length),
        instrument: instruments[prefix]!,
        value: numberOf(value),
        attributes,
      });
    } else if (nested ? key !== 'message' : !notAttributes.has(key)) {
      const attribute = attributeText(value);
      if (attribute !== undefined) attributes[key] = attribute;
    }
  }
  return measured;
}

function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? numberOfText(value) : Number.NaN;
}

/** Attributes are labels: texts, numbers and booleans; anything else is none. */
function attributeText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}
