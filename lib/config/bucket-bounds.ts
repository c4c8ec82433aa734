import { asList, asMap, unfit, type ValueKind } from './value-kind.ts';

/** Names as Prometheus has them. */
export const metricNames = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

export const expectedName = 'the name of a metric: letters, digits, _ and :, no digit first';

type Bounds = readonly number[];

/** Upper bounds of a histogram's buckets. */
export const bounds: ValueKind<Bounds> = {
  label: 'ascending numbers',
  schema: { type: 'array', minItems: 1, items: { type: 'number' } },
  read(node, path, reading) {
    const list = asList(node, path, reading);
    if (list === undefined) return undefined;
    const numbers: number[] = [];
    for (const item of list.items) {
      const value = item.kind === 'scalar' ? item.value : undefined;
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        return unfit(item, path, 'a list of numbers, without +Inf', reading);
      }
      const last = numbers.at(-1);
      if (last !== undefined && value <= last) {
        reading.problems.error(item.origin, path, `${path} must ascend, but ${value} follows ${last}`);
        return undefined;
      }
      numbers.push(value);
    }
    return numbers.length > 0 ? numbers : unfit(node, path, 'a list of at least one number', reading);
  },
};

/** Metric name to upper bounds. */
export const buckets: ValueKind<Readonly<Record<string, Bounds>>> = {
  label: 'map of metric to ascending numbers',
  schema: { type: 'object', additionalProperties: bounds.schema },
  read(node, path, reading) {
    const map = asMap(node, path, reading);
    if (map === undefined) return undefined;
    const entries: [string, Bounds][] = [];
    for (const [name, { origin, value }] of map.entries) {
      if (!metricNames.test(name)) {
        reading.problems.error(origin, path, `${JSON.stringify(name)} is not ${expectedName}`);
      }
      const read = bounds.read(value, `${path}.${name}`, reading);
      if (read !== undefined) entries.push([name, read]);
    }
    return Object.fromEntries(entries);
  },
};
