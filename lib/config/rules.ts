import type { Condition, LabelDefinition, MetricDefinition, MetricType } from '../systems/definition.ts';
import type { ConfigNode } from './node.ts';
import type { Reading } from './reading.ts';
import { oneOf, text } from './scalars.ts';
import { group, readGroup, setting, type Values, type Written } from './setting.ts';
import { ofGroup } from './setting-schema.ts';
import { expression, expressionsByField } from './special.ts';
import { asList, asMap, unfit, type ValueKind } from './value-kind.ts';

/** Names as Prometheus has them; double underscores at the front of a label are its own. */
const metricNames = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const labelNames = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

const expectedName = 'the name of a metric: letters, digits, _ and :, no digit first';

type Bounds = readonly number[];

/** Upper bounds of a histogram's buckets. */
const bounds: ValueKind<Bounds> = {
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

const metricName: ValueKind<string> = {
  schema: { type: 'string', pattern: metricNames.source },
  label: 'text',
  read(node, path, reading) {
    const name = text.read(node, path, reading);
    return name === undefined || metricNames.test(name) ? name : unfit(node, path, expectedName, reading);
  },
};

/** `metrics.rules[].when`. */
export const conditionGroup = group({
  kind: setting(text, {
    default: undefined,
    description: 'The kind of record.',
    example: 'session-start',
  }),
  message: setting(expression, {
    default: undefined,
    description: 'What the message must match.',
    example: '^Failed',
  }),
  fields: setting(expressionsByField, {
    default: undefined,
    description: 'What fields must match.',
    example: '{ client_user: "@corp$" }',
  }),
});

const condition: ValueKind<Condition, Written<(typeof conditionGroup)['fields']>> = {
  label: 'map',
  schema: ofGroup(conditionGroup),
  read: (node, path, reading) =>
    asMap(node, path, reading) && defined(readGroup(conditionGroup, node, path, reading)),
};

/** A list of fields, whose names become the labels', or a map of label to field. */
const labels: ValueKind<readonly LabelDefinition[], readonly string[] | Readonly<Record<string, string>>> = {
  schema: {
    anyOf: [
      { type: 'array', items: { type: 'string' } },
      { type: 'object', additionalProperties: { type: 'string' } },
    ],
  },
  label: 'list of fields, or map of label to field',
  read(node, path, reading) {
    if (node.kind === 'scalar') {
      return unfit(node, path, 'a list of fields, or a map of label to field', reading);
    }
    const pairs: [label: string | undefined, field: ConfigNode][] =
      node.kind === 'list'
        ? node.items.map((item) => [undefined, item])
        : [...node.entries].map(([label, { value }]) => [label, value]);
    const read: LabelDefinition[] = [];
    for (const [label, fieldNode] of pairs) {
      const field = text.read(fieldNode, path, reading);
      if (field === undefined) continue;
      const name = label ?? field.replace(/[^a-zA-Z0-9_]/g, '_');
      if (!labelNames.test(name) || name === 'le') {
        const hint = 'a label has letters, digits and _, begins with neither a digit nor __, and is not le';
        reading.problems.error(fieldNode.origin, path, `${JSON.stringify(name)} cannot be a label`, hint);
      } else if (read.some((known) => known.name === name)) {
        reading.problems.error(fieldNode.origin, path, `the label ${name} stands here twice`);
      } else read.push({ name, field });
    }
    return read;
  },
};

/** `metrics.rules[]`. */
export const ruleGroup = group({
  name: setting(metricName, { default: undefined, description: 'The name of the metric.' }),
  type: setting(oneOf<MetricType>('counter', 'gauge', 'histogram'), {
    default: undefined,
    description: 'The kind of metric.',
  }),
  help: setting(text, {
    default: undefined,
    defaultText: 'names the rule',
    description: 'One sentence for the exposition.',
  }),
  unit: setting(text, {
    default: undefined,
    description: 'seconds makes a histogram a timer in reports.',
    example: 'seconds',
  }),
  when: setting(condition, {
    default: {},
    defaultText: 'every log record',
    description: 'Which records are measured: kind, message and fields, all of which must hold.',
    example: '{ kind: session-start }',
  }),
  value: setting(text, {
    default: undefined,
    defaultText: '1 per record',
    description: 'The field whose number is measured.',
    example: 'session_duration',
  }),
  labels: setting(labels, {
    default: [],
    description: 'The fields that part the series, as a list or as a map of label to field.',
    example: '{ namespace: kubernetes.namespace_name }',
  }),
  buckets: setting(bounds, {
    default: undefined,
    defaultText: 'as in the catalogue',
    description: 'Upper bounds of a histogram.',
    example: '[1, 10, 60]',
  }),
});

/** Metrics of the user's own, in the catalogue's form. */
export const rules: ValueKind<
  readonly MetricDefinition[],
  readonly (Written<(typeof ruleGroup)['fields']> & { readonly name: string; readonly type: MetricType })[]
> = {
  schema: { type: 'array', items: { ...ofGroup(ruleGroup), required: ['name', 'type'] } },
  label: 'list of rules',
  read(node, path, reading) {
    const list = asList(node, path, reading);
    if (list === undefined) return undefined;
    const read: MetricDefinition[] = [];
    list.items.forEach((item, k) => {
      const rule = readRule(item, `${path}[${k}]`, reading);
      if (rule !== undefined && read.some((known) => known.name === rule.name)) {
        reading.problems.error(item.origin, `${path}[${k}]`, `a second rule for the metric ${rule.name}`);
      } else if (rule !== undefined) read.push(rule);
    });
    return read;
  },
};

function readRule(node: ConfigNode, path: string, reading: Reading): MetricDefinition | undefined {
  const map = asMap(node, path, reading);
  if (map === undefined) return undefined;
  for (const key of ['name', 'type']) {
    if (!map.entries.has(key)) reading.problems.error(map.origin, path, `${path} has no ${key}`);
  }
  const read: Values<(typeof ruleGroup)['fields']> = readGroup(ruleGroup, map, path, reading);
  const { name, type, help, ...others } = read;
  if (type === 'histogram' && !map.entries.has('value')) {
    const hint = 'name the field whose number is measured';
    reading.problems.error(map.origin, path, `${path} is a histogram without a value`, hint);
  }
  if (name === undefined || type === undefined) return undefined;
  return { ...defined(others), name, type, help: help ?? `Measured by the rule ${name}.` };
}

/** Without the keys that are not set. */
function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
