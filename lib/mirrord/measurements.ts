import type { Measurement } from '../system.ts';

/**
 * Metric-bearing records, by the convention of tracing-opentelemetry's MetricsLayer: a field `monotonic_counter.NAME`,
 * `counter.NAME`, `gauge.NAME` or `histogram.NAME` is a measurement of NAME, and the other fields are its attributes.
 */
export const instrumentPrefixes = ['monotonic_counter.', 'counter.', 'gauge.', 'histogram.'] as const;

const instruments: readonly Measurement['instrument'][] = ['monotonic', 'counter', 'gauge', 'histogram'];

/** Keys of a record whose fields are flattened to the top level that are no attributes. */
const notAttributes = new Set(['message', 'timestamp', 'level', 'target', 'span', 'spans']);

/** Which of the prefixes a key begins with, -1 for none. */
function prefixOf(key: string): number {
  for (let k = 0; k < instrumentPrefixes.length; k++) if (key.startsWith(instrumentPrefixes[k]!)) return k;
  return -1;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The measurements of one record, in its order. A value that is no number is given as NaN, for the caller to count.
 * @param text the attribute's text; undefined for what is no attribute
 */
export function measurementsOf(
  record: Readonly<Record<string, unknown>>,
  text: (value: unknown) => string | undefined,
): Measurement[] {
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
        value: typeof value === 'number' ? value : Number.NaN,
        attributes,
      });
    } else if (nested ? key !== 'message' : !notAttributes.has(key)) {
      const attribute = text(value);
      if (attribute !== undefined) attributes[key] = attribute;
    }
  }
  return measured;
}
