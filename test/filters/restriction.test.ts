import t from 'tap';
import { Restriction, type RestrictionOptions } from '../../lib/filters/restriction.ts';
import { parseWhere } from '../../lib/filters/where-clause.ts';
import { logRecord, metricEvent, workshop } from '../helpers/batches.ts';

const records = [
  logRecord('Session Start', {
    client_user: 'ada@corp',
    target_type: 'deployment',
    target_name: 'web',
    port: 80,
  }),
  logRecord('Session End', { client_user: 'bob@corp', target: 'pod/db', session_duration: 3700 }),
  logRecord('Session End', { client_user: 'bob@corp', session_duration: '12.5' }),
  metricEvent('pool.size', { value: 1 }),
];
const at = (time: string, k: number) => ({ ...records[k]!, timestamp: time });

/** Which of the records are left. */
function left(
  options: Partial<RestrictionOptions>,
  objects: readonly Record<string, unknown>[] = records,
): number[] {
  const { wants, kinds, batch } = workshop();
  const restriction = new Restriction({ where: [], ...options }, wants, kinds);
  const made = batch(objects);
  restriction.apply(made);
  const outside = kinds.byName('outside')!.id;
  const rows = objects.map((_, row) => row).filter((row) => made.kind[row] !== outside);
  for (let row = 0; row < made.rows; row++)
    if (!rows.includes(row)) t.ok(Number.isNaN(made.time[row]!), 'no clock moves');
  return rows;
}

const where = (...texts: string[]) => left({ where: texts.map((text) => parseWhere(text)!) });

t.test('conditions on fields', async (t) => {
  for (const [texts, rows] of [
    [['user=^ada'], [0]],
    [['client_user~corp$'], [0, 1, 2]],
    [['user!=^bob'], [0, 3]],
    [['user!~.'], [3]],
    [['user=^$'], [3]],
    [['duration>3600'], [1]],
    [['duration<=12.5'], [2]],
    [['port>=80'], [0]],
    [['target=^deployment/web$'], [0]],
    [['target=^pod/'], [1]],
    [['message=End', 'duration<100'], [2]],
    [['metric=pool'], [3]],
    [['level=INFO'], [0, 1, 2]],
  ] as const) {
    t.same(where(...texts), rows, texts.join(' and '));
  }
  for (const text of ['', 'user', '=x', 'port>many', 'port<', 'a b=c'])
    t.equal(parseWhere(text), undefined, text);
});

t.test(
  'a period takes its beginning and leaves its end; what has no time is with what it follows',
  async (t) => {
    const day = (k: number) => `2024-04-0${k}T00:00:00Z`;
    const { timestamp: _, ...timeless } = records[2]!;
    const objects = [at(day(1), 0), at(day(2), 1), timeless, at(day(3), 0)];
    t.same(left({ since: Date.parse(day(2)), until: Date.parse(day(3)) }, objects), [1, 2]);
    t.same(left({ since: Date.parse(day(3)) }, objects), [3]);
  },
);

t.test('fields that no record has are known, also where another condition leaves all out', async (t) => {
  const { wants, kinds, batch } = workshop();
  const clauses = ['target=x', 'nonesuch=x', 'user=x', 'duration>5'].map((text) => parseWhere(text)!);
  const restriction = new Restriction({ where: clauses }, wants, kinds);
  restriction.apply(batch([logRecord('x', { client_user: 'u', target_name: 'x', nonesuch: null })]));
  t.same(restriction.unseen, ['nonesuch', 'duration']);
});

t.test(
  'fields that are compared and are a number in no record are known, with a value of theirs',
  async (t) => {
    const { wants, kinds, batch } = workshop();
    const clauses = ['port>1', 'user>5', 'target<3', 'duration>1'].map((text) => parseWhere(text)!);
    const restriction = new Restriction({ where: clauses }, wants, kinds);
    restriction.apply(batch([logRecord('x', { client_user: 'ada', port: 80, session_duration: '12.5' })]));
    restriction.apply(batch([logRecord('x', { client_user: 'bob', port: 'none', target_type: 'pod' })]));
    t.same(
      restriction.uncompared.map(({ clause, value }) => [clause.field, value]),
      [['user', 'ada']],
    );
  },
);
