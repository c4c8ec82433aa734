import type { Batch } from '../batch/batch.ts';
import { type Field, type KeyFamily, shadowedKeys, type Wants } from '../batch/wants.ts';
import { firstOfSeveral, locate, members, type Span, stringAt } from '../text/json.ts';
import { numberOfText } from '../text/number.ts';
import { aroundFields, logField } from './record-fields.ts';

/** A single measured value that a record names itself, such as a metric-bearing record of `tracing`. */
export interface Measurement {
  readonly name: string;
  readonly instrument: 'monotonic' | 'counter' | 'gauge' | 'histogram';
  /** NaN for what is no number; infinite for one that is too large; undefined for null, as in columns. */
  readonly value: number | undefined;
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

/** Which of the prefixes a key begins with, -1 for none. */
function prefixOf(key: string): number {
  for (let k = 0; k < instrumentPrefixes.length; k++) if (key.startsWith(instrumentPrefixes[k]!)) return k;
  return -1;
}

type Attributes = Record<string, string>;
type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject =>
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
    read: measurementsOf,
  };
}

/** The keys under which a record measures something, if it is of the kind that does. */
export function measuredKeys(record: JsonObject): string[] {
  const fields = isObject(record.fields) ? record.fields : record;
  return Object.keys(fields).filter((key) => prefixOf(key) >= 0);
}

/** The measurements of one record, in its order. A value that is no number is given as NaN, for the caller to count. */
function measurementsOf(batch: Batch, row: number): Measurement[] {
  const record = batch.object(row);
  const nested = isObject(record.fields);
  const fields = nested ? (record.fields as JsonObject) : record;
  const attributes: Attributes = {};
  const measured: Measurement[] = [];
  const isOthers = nested ? () => false : shippersKeys(record);
  let hasNumbers = false;
  for (const [place, key] of Object.keys(fields).entries()) {
    const value = fields[key];
    const prefix = prefixOf(key);
    if (prefix >= 0) {
      measured.push({
        name: key.slice(instrumentPrefixes[prefix]!.length),
        instrument: instruments[prefix]!,
        value: numberOf(value),
        attributes,
      });
    } else if (key !== 'message' && (nested || !aroundFields.has(key)) && !isOthers(key, place)) {
      const attribute = attributeText(value);
      if (attribute === undefined) continue;
      attributes[key] = attribute;
      hasNumbers ||= typeof value === 'number';
    }
  }
  const { bytes } = batch;
  if (bytes.length === 0) return measured;
  const start = batch.offset[row]!;
  const whole = { start, end: start + batch.length[row]! };
  if (!nested && Object.hasOwn(record, 'level')) addNamesakes(attributes, record, bytes, whole);
  if (hasNumbers)
    asWritten(attributes, fields, bytes, nested ? locate(bytes, start, whole.end, ['fields'])! : whole);
  return measured;
}

/** What shippers of logs write beside a line, and differs from record to record or says nothing of what is measured. */
const shipped = new Set([
  ...['stream', 'source', 'time', 'date', 'tag', 'logtag', '_p', '@timestamp', '@version'],
  ...['container_id', 'container_name'],
]);
const streams: readonly unknown[] = ['stdout', 'stderr'];

/**
 * Which keys of a flattened record are a shipper's (fluentd, Fluent Bit), which has put the record's own among its own: those
 * that shippers are known for, and all that stand before the time with which tracing begins. Of a record that none has
 * shipped no key is.
 */
function shippersKeys(record: JsonObject): (key: string, place: number) => boolean {
  const { kubernetes, stream, source } = record;
  if (!isObject(kubernetes) && !streams.includes(stream ?? source)) return () => false;
  const keys = Object.keys(record);
  const time = keys.indexOf('timestamp');
  const begin = keys[time + 1] === 'level' ? time : 0;
  return (key, place) => place < begin || shipped.has(key);
}

/** Gives attributes that are numbers the digits that JSON.parse has lost. */
function asWritten(attributes: Attributes, fields: JsonObject, bytes: Uint8Array, place: Span): void {
  for (const { key, value } of members(bytes, place.start, place.end)) {
    const name = stringAt(bytes, key);
    if (typeof fields[name] === 'number' && Object.hasOwn(attributes, name)) {
      attributes[name] = Buffer.from(bytes.subarray(value.start, value.end)).toString();
    }
  }
}

/**
 * Adds the fields of a flattened record that are called as what tracing writes beside them, so that the record has the
 * key twice: the module's target comes behind the fields, the real time and level before them.
 */
function addNamesakes(
  attributes: Attributes,
  record: JsonObject,
  bytes: Uint8Array,
  { start, end }: Span,
): void {
  for (const key of shadowedKeys) {
    const first = firstOfSeveral(bytes, start, end, key);
    if (first === undefined) continue;
    const text = Buffer.from(bytes.subarray(first.start, first.end)).toString();
    const value = key === 'target' ? (JSON.parse(text) as unknown) : record[key];
    const attribute = attributeText(value);
    if (attribute !== undefined)
      attributes[key] = typeof value === 'number' && key === 'target' ? text : attribute;
  }
}

function numberOf(value: unknown): number | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? numberOfText(value) : Number.NaN;
}

/** Attributes are labels: texts, numbers and booleans; anything else is none, as an empty label is to Prometheus. */
function attributeText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value === '' ? undefined : value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return undefined;
  }
}
