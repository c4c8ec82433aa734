import { readFile } from 'node:fs/promises';
import t from 'tap';
import { parse } from 'yaml';
import { groupsByPrefix } from '../../lib/config/homes.ts';
import { configSchema } from '../../lib/config/json-schema.ts';
import { fixture } from '../helpers/root.ts';

type Schema = Readonly<Record<string, unknown>>;

/** As much of JSON schema as ours uses: gives the paths that do not fit. */
function misfits(value: unknown, schema: Schema, path = ''): string[] {
  const {
    type,
    anyOf,
    allOf,
    enum: words,
    properties = {},
    required = [],
    additionalProperties,
    items,
  } = schema;
  const wrong: string[] = [];
  if (anyOf !== undefined && !(anyOf as Schema[]).some((one) => misfits(value, one, path).length === 0))
    return [path];
  if (schema.const !== undefined && value !== schema.const) return [path];
  if (words !== undefined && !(words as unknown[]).includes(value)) return [path];
  if (
    type !== undefined &&
    ![type].flat().includes(typeOf(value)) &&
    !(type === 'number' && typeof value === 'number')
  )
    return [path];
  if (
    typeof value === 'string' &&
    schema.pattern !== undefined &&
    !new RegExp(schema.pattern as string, 'u').test(value)
  )
    return [path];
  if (typeof value === 'number') {
    const {
      minimum = -Infinity,
      maximum = Infinity,
      exclusiveMinimum = -Infinity,
    } = schema as Record<string, number>;
    if (value < minimum || value > maximum || value <= exclusiveMinimum) return [path];
  }
  if (Array.isArray(value))
    return value.flatMap((item, k) => misfits(item, (items ?? {}) as Schema, `${path}[${k}]`));
  if (typeOf(value) !== 'object') return wrong;
  const map = value as Record<string, unknown>;
  for (const key of required as string[]) if (!(key in map)) wrong.push(`${path}.${key} is missing`);
  for (const [key, inner] of Object.entries(map)) {
    const known = (properties as Record<string, Schema>)[key];
    if (known !== undefined) wrong.push(...misfits(inner, known, `${path}.${key}`));
    else if (additionalProperties === false) wrong.push(`${path}.${key} is unknown`);
    else if (typeof additionalProperties === 'object')
      wrong.push(...misfits(inner, additionalProperties as Schema, `${path}.${key}`));
  }
  for (const { if: when, then } of (allOf ?? []) as { if: Schema; then: Schema }[]) {
    if (misfits(value, when).length === 0) wrong.push(...misfits(value, then, path));
  }
  return wrong;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

const schema = configSchema();

for (const name of [
  'complete.yml',
  'controller.yml',
  'router.yml',
  'helm-values.yaml',
  'file-reporter.yml',
]) {
  t.test(`${name} fits`, async (t) => {
    t.same(misfits(parse(await readFile(fixture('config', name), 'utf8')), schema), []);
  });
}

t.test('what check refuses does not fit', async (t) => {
  for (const [name, path] of [
    ['mistyped-key', /reportIntervall/],
    ['number-too-small', /maxSeries/],
    ['number-in-quotes', /maxSeries/],
    ['duration-without-unit', /reportInterval/],
    ['duration-in-words', /expireAfter/],
    ['boolean-word', /operator.metrics/],
    ['handler-no-type', /handler.type is missing/],
    ['handler-no-path', /handler.path is missing/],
    ['handler-no-format', /handler.format is missing/],
    ['handler-missing', /handler is missing/],
    ['subscriptions-a-map', /subscriptions/],
    ['wrong-level-entry', /metricFilter is unknown/],
  ] as const) {
    const wrong = misfits(parse(await readFile(fixture('config', 'wrong', `${name}.yml`), 'utf8')), schema);
    t.match(wrong.join(), path, name);
  }
});

t.test('every setting is in it, with its description', async (t) => {
  const text = JSON.stringify(schema);
  for (const [, { fields }] of groupsByPrefix) {
    for (const [key, field] of Object.entries(fields)) {
      t.ok(text.includes(`"${key}":`), key);
      if (field.kind === 'setting')
        t.ok(text.includes(JSON.stringify(field.description).slice(1, -1)), field.description);
    }
  }
});
