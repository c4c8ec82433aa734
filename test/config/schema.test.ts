import t from 'tap';
import { handlerGroup, subscriptionGroup } from '../../lib/config/event-schema.ts';
import { conditionGroup, fieldTestGroup } from '../../lib/config/rule-conditions.ts';
import { elapsedGroup, ruleGroup } from '../../lib/config/rules.ts';
import { sections, seedSetting } from '../../lib/config/schema.ts';
import type { Fields, Group, Setting } from '../../lib/config/setting.ts';
import { configTable } from '../../lib/config/settings-table.ts';
import { read, said } from './read.ts';

function settingsOf(group: Group<Fields>, prefix: string): [path: string, setting: Setting<unknown>][] {
  return Object.entries(group.fields).flatMap(([key, field]) =>
    field.kind === 'group' ? settingsOf(field, `${prefix}${key}.`) : [[`${prefix}${key}`, field] as const],
  ) as [string, Setting<unknown>][];
}

const alone = Object.entries(sections).flatMap(([name, group]) => settingsOf(group, `${name}.`));
const nested = [
  ...settingsOf(ruleGroup, 'metrics.rules[].'),
  ...settingsOf(conditionGroup, 'metrics.rules[].when.'),
  ...settingsOf(fieldTestGroup, 'metrics.rules[].when.fields.NAME.'),
  ...settingsOf(elapsedGroup, 'metrics.rules[].value.'),
  ...settingsOf(subscriptionGroup, 'events.NAME.subscriptions[].'),
  ...settingsOf(handlerGroup, 'events.NAME.handler.'),
];

t.test('the table has a row of five cells for every setting', async (t) => {
  const rows = configTable().trimEnd().split('\n');
  const cells = rows.map((row) => row.split(/(?<!\\)\|/).slice(1, -1));
  for (const [k, row] of cells.entries()) t.equal(row.length, 5, rows[k] ?? '');
  const paths = cells.slice(2).map(([path]) => path?.trim().replaceAll('`', ''));
  t.same(paths, [...alone.map(([path]) => path), ...nested.map(([path]) => path), '']);
  t.match(configTable(), /\| `metrics.messageQueueSize` \| whole number, from 0 to 1000000 \| `10` \|/);
  t.match(configTable(), /\| `operator.otelLogLevel` .*`OTEL_RUST_LOG`, `OTLP_RUST_LOG`/);
});

t.test('every setting is described in a sentence', async (t) => {
  for (const [path, { description }] of [...alone, ...nested, ['seed', seedSetting] as const]) {
    t.match(description, /^\S.*\.$/, path);
  }
});

t.test('every example is valid where it stands', async (t) => {
  for (const [path, { example }] of alone) {
    if (example === undefined) continue;
    const keys = path.split('.');
    const yaml = keys.map((key, depth) => `${'  '.repeat(depth)}${key}:`).join('\n');
    const lines = said(await read(`${yaml} ${example}\n`)).filter(
      (line) => !/traces are not exported|no Prometheus endpoint/.test(line),
    );
    t.same(lines, [], path);
  }
  for (const [path, { example }] of nested) {
    if (example === undefined) continue;
    const [place, , key] = /^(.*)\.(\w+)$/.exec(path)!.slice(1).toSpliced(1, 0, '');
    const lines = said(await read(around(place!, `${key}: ${example}`)));
    t.same(
      lines.filter((line) => line.startsWith('error') || !/has no effect/.test(line)),
      [],
      path,
    );
  }
});

function around(place: string, setting: string): string {
  const rule = '{ name: x, type: counter,';
  switch (place) {
    case 'metrics.rules[]':
      return `metrics: { rules: [${rule} ${setting} }] }`;
    case 'metrics.rules[].when':
      return `metrics: { rules: [${rule} when: { ${setting} } }] }`;
    case 'metrics.rules[].when.fields.NAME':
      return `metrics: { rules: [${rule} when: { fields: { a: { ${setting} } } } }] }`;
    case 'metrics.rules[].value':
      return `metrics: { rules: [${rule} value: { since: {}, key: a, ${setting} } }] }`.replace(
        setting.startsWith('since') ? ' since: {},' : ' key: a,',
        '',
      );
    case 'events.NAME.handler':
      return `events: { a: { subscriptions: [], handler: { type: stdout, ${setting} } } }`;
    case 'events.NAME.handler.spool':
      return `events: { a: { subscriptions: [], handler: { type: otlp, url: "http://a:1", spool: { ${setting} } } } }`;
    default:
      return `events: { a: { subscriptions: [{ type: usage, ${setting} }], handler: { type: stdout } } }`;
  }
}
