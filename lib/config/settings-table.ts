import { groupsByPrefix } from './homes.ts';
import { seedSetting } from './schema.ts';
import { type Fields, flagOf, type Group, type Setting } from './setting.ts';

/** Every setting as a Markdown table, for the README. */
export function configTable(): string {
  const rows = [
    ...groupsByPrefix.flatMap(([prefix, group]) => rowsOf(group, prefix)),
    rowOf('(seed)', seedSetting),
  ];
  const head = ['Setting', 'Value', 'Default', 'Also set by', 'What it does'];
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

function rowsOf(group: Group<Fields>, prefix: string): string[][] {
  return Object.entries(group.fields).flatMap(([key, field]) =>
    field.kind === 'group' ? rowsOf(field, `${prefix}${key}.`) : [rowOf(`${prefix}${key}`, field)],
  );
}

function rowOf(path: string, setting: Setting<unknown>): string[] {
  const others = [...(setting.option ? [flagOf(setting.option)] : []), ...(setting.env ?? [])];
  const example = setting.example === undefined ? '' : ` E.g. ${code(setting.example)}`;
  return [
    path.startsWith('(') ? '' : code(path),
    cell(setting.type.label),
    setting.defaultText ?? (setting.default === undefined ? '' : code(showDefault(setting))),
    others.map(code).join(', '),
    `${cell(setting.description)}${example}`,
  ];
}

function showDefault({ type, default: value }: Setting<unknown>): string {
  return type.show?.(value) ?? (typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

/** A bar would end the cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
