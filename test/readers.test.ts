import t from 'tap';
import { resolveConfig } from '../lib/config/resolve.ts';
import { Ledger } from '../lib/ledger.ts';
import { openReaders, readsSeries } from '../lib/readers.ts';

const withEvents = (subscriptions: unknown[], handler: Record<string, unknown> = { type: 'stdout' }) =>
  resolveConfig({ events: { one: { subscriptions, handler: { format: 'json', ...handler } } } });

t.test('who can see what is measured', async (t) => {
  t.ok(
    readsSeries(await withEvents([{ type: 'metrics' }])),
    'a subscription to metrics: our reports are some',
  );
  t.ok(readsSeries(await withEvents([{ type: 'logs' }, { type: 'metrics', metricFilter: 'x' }])));
  t.notOk(readsSeries(await withEvents([{ type: 'logs' }])));
  t.notOk(readsSeries(await withEvents([{ type: 'fabric.circuits' }])));
});

t.test('what nobody reads is not asked of records', async (t) => {
  const config = await withEvents([{ type: 'logs', level: 'info' }]);
  const measured = openReaders(config, new Ledger(), true);
  const unread = openReaders(config, new Ledger(), false);
  t.ok(unread.wants.fields.length < measured.wants.fields.length);
  t.same(unread.wants.labelSets, []);
  t.same(unread.following, [], 'sessions need not be counted');
  t.equal(unread.systems.length, measured.systems.length, 'all records have a kind nevertheless');
  t.same([...unread.registry.families(0)], []);
});
