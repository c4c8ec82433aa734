import type { Condition, LabelDefinition, MetricDefinition } from '../catalogue.ts';
import type { MetricType } from '../handler.ts';
import { type ConfigNode, isAbsent, type MapNode } from './node.ts';
import { warnOfStrangers } from './setting.ts';
import { expression, expressionsByField } from './special.ts';
import { asList, asMap, oneOf, type Reading, text, unfit, type ValueKind } from './value.ts';

/** Names as Prometheus has them; double underscores at the front of a label are its own. */
const metricName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelName = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

type Bounds = readonly number[];

const bounds: ValueKind<Bounds> = {
  label: 'list of ascending numbers',
  read(node, path, reading) {
    const list = asList(node, path, reading);
    if (list === undefined) return undefined;
    const numbers: number[] = [];
    for (const item of list.items) {
      const value = item.kind === 'scalar' ? item.value : undefined;
      const last = numbers.at(-1) ?? Number.NEGATIVE_INFINITY;
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        return unfit(item, path, 'a list of numbers, without +Inf', reading);
      }
      if (value <= last) {
        reading.problems.error(item.origin, path, `${path} must ascend, but ${value} follows ${last}`);
        return undefined;
      }
      numbers.push(value);
    }
    return numbers.length > 0 ? numbers : unfit(node, path, 'a list of at least one number', reading);
  },
};

/** Metric name to ascending upper bounds. */
export const buckets: ValueKind<Readonly<Record<string, Bounds>>> = {
  label: 'map of metric to ascending numbers',
  read(node, path, reading) {
    const map = asMap(node, path, reading);
    if (map === undefined) return undefined;
    const entries: [string, Bounds][] = [];
    for (const [name, { origin, value }] of map.entries) {
      if (!metricName.test(name)) {
        reading.problems.error(origin, path, `${JSON.stringify(name)} is not the name of a metric`, nameHint);
      }
      const read = bounds.read(value, `${path}.${name}`, reading);
      if (read !== undefined) entries.push([name, read]);
    }
    return Object.fromEntries(entries);
  },
};

const nameHint = 'a name is made of letters, digits, _ and :, and does not begin with a digit';

const keys = ['name', 'type', 'help', 'unit', 'when', 'value', 'labels', 'buckets'] as const;
const conditions = ['kind', 'message', 'fields'] as const;
const types = oneOf<MetricType>('counter', 'gauge', 'histogram');

/** Metrics of the user's own, in the catalogue's form. */
export const rules: ValueKind<readonly MetricDefinition[]> = {
  label: 'list of rules',
  read(node, path, reading) {
    const list = asList(node, path, reading);
    if (list === undefined) return undefined;
    const read: MetricDefinition[] = [];
    const names = new Set<string>();
    list.items.forEach((item, k) => {
      const rule = readRule(item, `${path}[${k}]`, reading);
      if (rule === undefined) return;
      if (names.has(rule.name)) {
        reading.problems.error(item.origin, `${path}[${k}]`, `a second rule for the metric ${rule.name}`);
      }
      names.add(rule.name);
      read.push(rule);
    });
    return read;
  },
};

function readRule(node: ConfigNode, path: string, reading: Reading): MetricDefinition | undefined {
  const map = asMap(node, path, reading);
  if (map === undefined) return undefined;
  warnOfStrangers(keys, map, path, reading);
  const name = required(map, 'name', text, path, reading);
  const type = required(map, 'type', types, path, reading);
  if (name !== undefined && !metricName.test(name)) {
    const origin = map.entries.get('name')!.value.origin;
    reading.problems.error(origin, path, `${JSON.stringify(name)} is not the name of a metric`, nameHint);
  }
  const value = optional(map, 'value', text, path, reading);
  if (type === 'histogram' && value === undefined && !map.entries.has('value')) {
    const hint = 'name the field whose number is measured';
    reading.problems.error(map.origin, path, `${path} is a histogram without a value`, hint);
  }
  const when = optional(map, 'when', condition, path, reading);
  const unit = optional(map, 'unit', text, path, reading);
  const upper = optional(map, 'buckets', bounds, path, reading);
  const labels = optional(map, 'labels', labelList, path, reading) ?? [];
  const help = optional(map, 'help', text, path, reading);
  if (name === undefined || type === undefined) return undefined;
  return {
    name,
    type,
    help: help ?? `Measured by the rule ${name}.`,
    labels,
    when: when ?? {},
    ...(unit !== undefined && { unit }),
    ...(upper !== undefined && { buckets: upper }),
    ...(value !== undefined && { value }),
  };
}

const condition: ValueKind<Condition> = {
  label: 'condition',
  read(node, path, reading) {
    const map = asMap(node, path, reading);
    if (map === undefined) return undefined;
    warnOfStrangers(conditions, map, path, reading);
    const kind = optional(map, 'kind', text, path, reading);
    const message = optional(map, 'message', expression, path, reading);
    const fields = optional(map, 'fields', expressionsByField, path, reading);
    return {
      ...(kind !== undefined && { kind }),
      ...(message !== undefined && { message }),
      ...(fields !== undefined && { fields }),
    };
  },
};

/** A list of fields, whose names become the labels', or a map of label to field. */
const labelList: ValueKind<readonly LabelDefinition[]> = {
  label: 'list of fields, or map of label to field',
  read(node, path, reading) {
    if (node.kind === 'scalar')
      return unfit(node, path, 'a list of fields or a map of label to field', reading);
    const pairs: [ConfigNode, string | undefined, string | undefined][] =
      node.kind === 'list'
        ? node.items.map((item) => {
            const field = text.read(item, path, reading);
            return [item, field?.replace(/[^a-zA-Z0-9_]/g, '_'), field];
          })
        : [...node.entries].map(([label, { value }]) => [
            value,
            label,
            text.read(value, `${path}.${label}`, reading),
          ]);
    const labels: LabelDefinition[] = [];
    for (const [at, name, field] of pairs) {
      if (name === undefined || field === undefined) continue;
      if (!labelName.test(name) || name === 'le') {
        const hint =
          'a label is made of letters, digits and _, does not begin with a digit or __, and is not le';
        reading.problems.error(at.origin, path, `${JSON.stringify(name)} cannot be a label`, hint);
      } else if (labels.some((label) => label.name === name)) {
        reading.problems.error(at.origin, path, `the label ${name} stands here twice`);
      } else labels.push({ name, field });
    }
    return labels;
  },
};

function optional<T>(
  map: MapNode,
  key: string,
  kind: ValueKind<T>,
  path: string,
  reading: Reading,
): T | undefined {
  const node = map.entries.get(key)?.value;
  return isAbsent(node) ? undefined : kind.read(node, `${path}.${key}`, reading);
}

function required<T>(
  map: MapNode,
  key: string,
  kind: ValueKind<T>,
  path: string,
  reading: Reading,
): T | undefined {
  if (isAbsent(map.entries.get(key)?.value)) {
    reading.problems.error(map.origin, path, `${path} has no ${key}`);
    return undefined;
  }
  return optional(map, key, kind, path, reading);
}
