import type { Condition, FieldTest } from '../systems/definition.ts';
import { kindNames } from '../systems/index.ts';
import { nearest } from '../text/nearest.ts';
import type { ConfigNode, ScalarNode } from './node.ts';
import type { Reading } from './reading.ts';
import { finite, truth } from './scalars.ts';
import { type Fields, type Group, group, readGroup, setting, type Written } from './setting.ts';
import { ofGroup, type Schema } from './setting-schema.ts';
import { expression, textList } from './special.ts';
import { asList, asMap, unfit, type ValueKind } from './value-kind.ts';

/** What is deeper is a mistake of whoever generates it. */
const DEEPEST = 20;

const kinds: ValueKind<readonly string[] | string, string | readonly string[]> = {
  label: 'kind or list of kinds',
  schema: textList.schema,
  read(node, path, reading) {
    const names = textList.read(node, path, reading);
    if (names === undefined) return undefined;
    const known = kindNames();
    for (const name of names.filter((one) => !known.includes(one))) {
      const meant = nearest(name, known);
      const hint = meant === undefined ? `there are ${known.join(', ')}` : `did you mean ${meant}?`;
      reading.problems.error(node.origin, path, `${path}: there is no kind of record '${name}'`, hint);
      return undefined;
    }
    return names.length === 1 ? names[0] : names;
  },
};

const scalar: ValueKind<string | number | boolean> = {
  label: 'text, number, true or false',
  schema: { type: ['string', 'number', 'boolean'] },
  read(node, path, reading) {
    const value = node.kind === 'scalar' ? (node as ScalarNode).value : null;
    return value === null ? unfit(node, path, 'a text, a number, true or false', reading) : value;
  },
};

const bound = (description: string) => setting(finite, { default: undefined, description, example: '500' });

/** `metrics.rules[].when.fields.NAME`. */
export const fieldTestGroup = group({
  matches: setting(expression, {
    default: undefined,
    description: 'What the field must match; the same as the expression alone.',
    example: '^5',
  }),
  equals: setting(scalar, {
    default: undefined,
    description: 'What the field must be: a text as it stands, a number by its value.',
    example: 'steal',
  }),
  exists: setting(truth, {
    default: undefined,
    description: 'Whether the record must have the field, or must not; null is as if it had not.',
    example: 'false',
  }),
  above: bound('The number must be greater.'),
  atLeast: bound('The number must be greater or equal.'),
  below: bound('The number must be less.'),
  atMost: bound('The number must be less or equal.'),
});

type WrittenTest = string | Written<(typeof fieldTestGroup)['fields']>;

const fieldTests: ValueKind<
  Readonly<Record<string, string | FieldTest>>,
  Readonly<Record<string, WrittenTest>>
> = {
  label: 'map of field to RE2 expression, or to what it must be',
  schema: {
    type: 'object',
    additionalProperties: { anyOf: [{ type: 'string' }, ofGroup(fieldTestGroup)] },
  },
  read(node, path, reading) {
    const map = asMap(node, path, reading);
    if (map === undefined) return undefined;
    const entries: [string, string | FieldTest][] = [];
    for (const [field, { value }] of map.entries) {
      const read = readTest(value, `${path}.${field}`, reading);
      if (read !== undefined) entries.push([field, read]);
    }
    // Unlike an assignment, this makes even __proto__ an ordinary key.
    return Object.fromEntries(entries);
  },
};

function readTest(node: ConfigNode, path: string, reading: Reading): string | FieldTest | undefined {
  if (node.kind === 'map') {
    const test = defined(readGroup(fieldTestGroup, node, path, reading));
    const known = Object.keys(fieldTestGroup.fields);
    if (known.some((key) => node.entries.has(key))) return test;
    const hint = `it takes ${known.join(', ')}`;
    reading.problems.error(node.origin, path, `${path} says nothing that the field must be`, hint);
    return undefined;
  }
  if (node.kind === 'scalar' && node.value !== null && typeof node.value !== 'string') {
    const hint = `write { equals: ${node.text} } for the value, or "${node.text}" for an expression`;
    return unfit(node, path, 'a regular expression, or a map of what the field must be', reading, hint);
  }
  return expression.read(node, path, reading);
}

const plain = {
  kind: setting(kinds, {
    default: undefined,
    description: 'The kind of record, or several.',
    example: 'session-start',
  }),
  message: setting(expression, {
    default: undefined,
    description: 'What the message must match.',
    example: '^Failed',
  }),
  fields: setting(fieldTests, {
    default: undefined,
    description:
      'What fields must match, or be: an expression, or matches, equals, exists, above, atLeast, below, atMost.',
    example: '{ client_user: "@corp$", port: { atLeast: 1024 } }',
  }),
};

/** Conditions within conditions: a schema that described them in full would have no end. */
const nestedSchema: Schema = { ...ofGroup(group(plain)), additionalProperties: true };

const nested: ValueKind<Condition, WrittenCondition> = {
  label: 'condition',
  schema: nestedSchema,
  read: (node, path, reading) => readCondition(node, path, reading),
};

const alternatives: ValueKind<readonly Condition[], readonly WrittenCondition[]> = {
  label: 'list of conditions',
  schema: { type: 'array', minItems: 1, items: nestedSchema },
  read(node, path, reading) {
    const list = asList(node, path, reading);
    if (list === undefined) return undefined;
    if (list.items.length === 0) return unfit(node, path, 'a list of at least one condition', reading);
    return list.items.flatMap((item, k) => readCondition(item, `${path}[${k}]`, reading) ?? []);
  },
};

/** `metrics.rules[].when`. */
export const conditionGroup = group({
  ...plain,
  any: setting(alternatives, {
    default: undefined,
    description: 'Conditions of which at least one must hold.',
    example: '[{ kind: port-steal }, { kind: port-mirror }]',
  }),
  not: setting(nested, {
    default: undefined,
    description: 'A condition that must not hold.',
    example: '{ fields: { http_filter: { exists: true } } }',
  }),
});

/** A condition as a program may write it. */
export interface WrittenCondition extends Written<typeof plain> {
  readonly any?: readonly WrittenCondition[] | undefined;
  readonly not?: WrittenCondition | undefined;
}

export const condition: ValueKind<Condition, WrittenCondition> = {
  label: 'map',
  schema: ofGroup(conditionGroup),
  read: (node, path, reading) => readCondition(node, path, reading),
};

function readCondition(node: ConfigNode, path: string, reading: Reading): Condition | undefined {
  if ((path.match(/\.(?:any|not)\b/g)?.length ?? 0) > DEEPEST) {
    reading.problems.error(node.origin, path, `conditions are nested more than ${DEEPEST} deep`);
    return undefined;
  }
  const written: Group<Fields> = conditionGroup;
  return asMap(node, path, reading) && (defined(readGroup(written, node, path, reading)) as Condition);
}

/** Without the keys that are not set. */
export function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
