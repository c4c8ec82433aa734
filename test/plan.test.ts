import t from 'tap';
import { type EventSettings, resolveConfig } from '../lib/config/resolve.ts';
import { parseWhere } from '../lib/filters/where-clause.ts';
import { Ledger } from '../lib/ledger.ts';
import { openReaders } from '../lib/plan.ts';

const withEvents = (subscription: EventSettings['subscriptions'][number]) =>
  resolveConfig({
    events: { one: { subscriptions: [subscription], handler: { type: 'stdout', format: 'json' } } },
  });

t.test('what nobody reads is not asked of records', async (t) => {
  const config = await withEvents({ type: 'logs', level: 'info' });
  const measured = openReaders(config, new Ledger(), { measuresAll: true });
  const unread = openReaders(config, new Ledger(), { measuresAll: false });
  t.ok(unread.wants.fields.length < measured.wants.fields.length);
  t.same(unread.wants.labelSets, []);
  t.same(unread.following, [], 'sessions need not be counted');
  t.equal(unread.systems.length, measured.systems.length, 'all records have a kind nevertheless');
  t.same([...unread.registry.families(0)], []);
});

t.test('where one metric is read, only that is kept', async (t) => {
  const config = await withEvents({ type: 'metrics', metricFilter: '^mirrormon_log_records_total\\.' });
  const { wants, following, registry } = openReaders(config, new Ledger(), { measuresAll: false });
  t.equal(wants.labelSets.length, 1);
  t.same(following, [], 'sessions need not be counted');
  t.same([...registry.computed()], []);
  t.ok(
    openReaders(config, new Ledger(), { measuresAll: true }).wants.labelSets.length > 1,
    'unless all is to be measured',
  );
});

t.test('sessions are counted if that is read', async (t) => {
  const config = await withEvents({ type: 'metrics', metricFilter: '^mirrormon_sessions_active' });
  const { wants, following } = openReaders(config, new Ledger(), { measuresAll: false });
  t.equal(following.length, 1);
  t.same(wants.labelSets, []);
});

t.test('which columns subscriptions and conditions read of all records of some kinds', async (t) => {
  const readings = async (
    subscription: EventSettings['subscriptions'][number],
    where?: string,
    since?: number,
  ) => {
    const restriction = where === undefined ? undefined : { where: [parseWhere(where)!], since };
    const { wants, kinds } = openReaders(await withEvents(subscription), new Ledger(), {
      measuresAll: false,
      restriction,
    });
    const nameOf = (id: number) => kinds.all[id]!.name;
    return wants.readings.map(
      ({ what, field, kinds: of }) => `${what} of ${field.name}: ${of?.map(nameOf).join() ?? 'all'}`,
    );
  };
  const types = 'ids of namespace: other';
  t.same(await readings({ type: 'metrics' }), [types]);
  t.same(await readings({ type: 'metrics', sourceFilter: '^a', metricFilter: '^b' }), [
    types,
    'ids of metric: event:metrics',
    'ids of metric_type: event:metrics',
    'keys of metrics: event:metrics',
    'ids of source_id: event:metrics',
  ]);
  t.same(await readings({ type: 'metrics', sourceFilter: '^a' }), [types, 'ids of source_id: event:metrics']);
  t.same(await readings({ type: 'circuit', include: ['created'] }), [
    types,
    'ids of event_type: event:circuit',
  ]);
  t.same(await readings({ type: 'metrics' }, 'user=^a'), [types, 'ids of client_user: all']);
  t.same(await readings({ type: 'metrics' }, 'user=^a', 0), [types], 'times leave few');
});
