import type { Measurement } from '../system.ts';

/**
 * Metric-bearing records, by the convention of tracing-opentelemetry's MetricsLayer: a field `monotonic_counter.NAME`,
 * `counter.NAME`, `gauge.NAME` or `histogram.NAME` is a measurement of NAME, and the other fields are its attributes.
 */
export const instrumentPrefixes = ['monotonic_counter.', 'counter.', 'gauge.', 'histogram.'] as const;

const instruments: Readonly<Record<string, Measurement['instrument']>> = {
  monotonic_counter: 'monotonic',
  counter: 'counter',
  gauge: 'gauge',
  histogram: 'histogram',
};

/** Keys of a record whose fields are flattened to the top level that are no attributes. */
const notAttributes = new Set(['message', 'timestamp', 'level', 'target', 'span', 'spans']);

function instrumentOf(key: string): Measurement['instrument'] | undefined {
  const dot = key.indexOf('.');
  if (dot < 0 || !Object.hasOwn(instruments, key.slice(0, dot))) return undefined;
  return instruments[key.slice(0, dot)];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The measurements of one record, in its order. A value that is no number is given as NaN, for the caller to count.
 * @param text the attribute's text, with a number's digits as they stand in the input
 */
export function* measurementsOf(
  record: Readonly<Record<string, unknown>>,
  text: (key: string, value: unknown) => string | undefined,
): Generator<Measurement> {
  const nested = isObject(record.fields);
  const fields = nested ? (record.fields as Record<string, unknown>) : record;
  const attributes: Record<string, string> = {};
  const measured: [string, Measurement['instrument']][] = [];
  for (const key of Object.keys(fields)) {
    const instrument = instrumentOf(key);
    if (instrument !== undefined) measured.push([key, instrument]);
    else if (nested ? key !== 'message' : !notAttributes.has(key)) {
      const value = text(key, fields[key]);
      if (value !== undefined) attributes[key] = value;
    }
  }
  for (const [key, instrument] of measured) {
    const value = fields[key];
    yield {
      name: key.slice(key.indexOf('.') + 1),
      instrument,
      value: typeof value === 'number' ? value : Number.NaN,
      attributes,
    };
  }
}
