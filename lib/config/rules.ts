import type { LabelDefinition, MetricDefinition, MetricType } from '../systems/definition.ts';
import { bounds, expectedName, metricNames } from './bucket-bounds.ts';
import type { ConfigNode } from './node.ts';
import type { Reading } from './reading.ts';
import { condition, defined } from './rule-conditions.ts';
import { oneOf, text } from './scalars.ts';
import { group, readGroup, setting, type Values, type Written } from './setting.ts';
import { ofGroup } from './setting-schema.ts';
import { asList, asMap, unfit, type ValueKind } from './value-kind.ts';

/** As Prometheus has them; double underscores at the front are its own. */
const labelNames = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

const metricName: ValueKind<string> = {
  schema: { type: 'string', pattern: metricNames.source },
  label: 'text',
  read(node, path, reading) {
    const name = text.read(node, path, reading);
    return name === undefined || metricNames.test(name) ? name : unfit(node, path, expectedName, reading);
  },
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

/** `metrics.rules[].value` where it is a time. */
export const elapsedGroup = group({
  since: setting(condition, {
    default: undefined,
    description:
      'The record that the time is counted from: the last one before, with the same text in the key.',
    example: '{ kind: port-steal }',
  }),
  key: setting(text, {
    default: undefined,
    description: 'The field that both records share.',
    example: 'session_id',
  }),
});

type RuleValue = Pick<MetricDefinition, 'value' | 'amount' | 'elapsed'>;

/** A field, a number, or the time since another record. */
const ruleValue: ValueKind<RuleValue, string | number | Written<(typeof elapsedGroup)['fields']>> = {
  label: 'field, number, or map of since and key',
  schema: {
    anyOf: [{ type: 'string' }, { type: 'number' }, { ...ofGroup(elapsedGroup), required: ['since', 'key'] }],
  },
  read(node, path, reading) {
    if (node.kind !== 'map') {
      if (node.kind !== 'scalar' || typeof node.value !== 'number') {
        const value = text.read(node, path, reading);
        return value === undefined ? undefined : { value };
      }
      return Number.isFinite(node.value)
        ? { amount: node.value }
        : unfit(node, path, 'the name of a field, or a finite number', reading);
    }
    const { since, key } = readGroup(elapsedGroup, node, path, reading);
    for (const name of ['since', 'key']) {
      if (!node.entries.has(name)) {
        const hint = 'such as { since: { kind: port-steal }, key: session_id }';
        reading.problems.error(node.origin, path, `${path} has no ${name}`, hint);
      }
    }
    return since === undefined || key === undefined ? undefined : { elapsed: { since, key } };
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
    description: 'Which records are measured: kind, message, fields, any and not, all of which must hold.',
    example: '{ kind: session-start }',
  }),
  value: setting(ruleValue, {
    default: undefined,
    defaultText: '1 per record',
    description:
      'What is measured: the number in a field, a number, or the seconds since another record with the same text in a field. A gauge is an intValue in reports until one of its values is no integer.',
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
  const { name, type, help, value, ...others } = read;
  if (type === 'histogram' && !map.entries.has('value')) {
    const hint = 'name the field whose number is measured';
    reading.problems.error(map.origin, path, `${path} is a histogram without a value`, hint);
  }
  if (type === 'counter' && (value?.amount ?? 0) < 0) {
    const hint = 'a counter only goes up; a gauge can be set to it';
    reading.problems.error(
      map.entries.get('value')!.value.origin,
      `${path}.value`,
      `${path}.value is below zero`,
      hint,
    );
  }
  if (name === undefined || type === undefined) return undefined;
  return {
    ...defined(others),
    ...value,
    ...(type === 'gauge' && { asIntegers: true }),
    name,
    type,
    help: help ?? `Measured by the rule ${name}.`,
  };
}
