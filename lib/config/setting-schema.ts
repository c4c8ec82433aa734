import type { Fields, Group, Setting } from './setting.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** The schema of a map of settings. */
export function ofGroup(group: Group<Fields>): Schema {
  const { fields, shared, foreign = [] } = group;
  const properties = Object.fromEntries(
    Object.entries(fields).map(([key, field]) => [
      key,
      field.kind === 'group' ? ofGroup(field) : ofSetting(field),
    ]),
  );
  return {
    type: ['object', 'null'],
    properties: { ...Object.fromEntries(foreign.map((key) => [key, {}])), ...properties },
    ...(shared ? {} : { additionalProperties: false }),
  };
}

function ofSetting({ type, description, default: value, example, lenient }: Setting<unknown>): Schema {
  const shown = value === undefined ? undefined : (type.show?.(value) ?? value);
  return {
    ...(lenient ? {} : orNothing(type.schema ?? {})),
    description: example === undefined ? description : `${description} E.g. ${example}`,
    ...(shown !== undefined && { default: shown }),
  };
}

/** A key without a value is as if it had not been written. */
function orNothing(schema: Schema): Schema {
  return Object.keys(schema).length === 0 ? schema : { anyOf: [schema, { type: 'null' }] };
}
