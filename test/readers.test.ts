import t from 'tap';
import { resolveConfig } from '../lib/config/resolve.ts';
import { Ledger } from '../lib/ledger.ts';
import { openReaders } from '../lib/readers.ts';
import { allAreRead, metricsRead } from '../lib/series/read.ts';

const config = await resolveConfig({
  events: {
    one: { subscriptions: [{ type: 'logs', level: 'info' }], handler: { type: 'stdout', format: 'json' } },
  },
});

t.test('what nobody reads is not asked of records', async (t) => {
  const measured = openReaders(config, new Ledger(), allAreRead);
  const unread = openReaders(config, new Ledger(), metricsRead(config));
  t.ok(unread.wants.fields.length < measured.wants.fields.length);
  t.same(unread.wants.labelSets, []);
  t.same(unread.following, [], 'sessions need not be counted');
  t.equal(unread.systems.length, measured.systems.length, 'all records have a kind nevertheless');
  t.same([...unread.registry.families(0)], []);
});

t.test('where one metric is read, only that is kept', async (t) => {
  const { wants, following, registry } = openReaders(
    config,
    new Ledger(),
    (name) => name === 'mirrormon_log_records_total',
  );
  t.equal(wants.labelSets.length, 1);
  t.same(following, [], 'sessions need not be counted');
  t.same([...registry.computed()], []);
  const active = openReaders(config, new Ledger(), (name) => name === 'mirrormon_sessions_active');
  t.equal(active.following.length, 1);
});
