import t from 'tap';
import { type EventSettings, resolveConfig } from '../../lib/config/resolve.ts';
import { metricsRead } from '../../lib/metrics/demand.ts';
import { eventKeys } from '../../lib/metrics/series-tables.ts';
import { eventTypeOf } from '../../lib/systems/definition.ts';
import { mirrordCatalogue } from '../../lib/systems/mirrord/catalogue.ts';

const readBy = async (
  subscriptions: EventSettings['subscriptions'],
  handler: EventSettings['handler'] = { type: 'stdout' },
) =>
  metricsRead(
    await resolveConfig({ events: { one: { subscriptions, handler: { format: 'json', ...handler } } } }),
  );

t.test('who can see what is measured', async (t) => {
  const all = await readBy([{ type: 'metrics' }]);
  t.ok(all?.('anything', 'meter'), 'a subscription to metrics: our reports are some');
  t.equal(await readBy([{ type: 'logs' }]), undefined);
  t.equal(await readBy([{ type: 'fabric.circuits' }]), undefined);
  const both = await readBy([
    { type: 'metrics', metricFilter: '^a$' },
    { type: 'metrics', sourceFilter: 'x' },
  ]);
  t.ok(both?.('anything', 'meter'), 'one of them has no filter');
});

t.test('a filter is asked for every key that an event may have', async (t) => {
  const some = await readBy([
    { type: 'metrics', metricFilter: '^sessions\\.(m1_rate|p50)$' },
    { type: 'metrics', metricFilter: '^active\\.$' },
  ]);
  t.ok(some?.('sessions', 'meter'));
  t.ok(some?.('sessions', 'histogram'), 'p50');
  t.notOk(some?.('sessions', 'floatValue'), 'which has no key');
  t.notOk(some?.('session', 'meter'));
  t.ok(some?.('active', 'floatValue'));
  t.notOk(some?.('active', 'timer'));
  for (let k = 0; k < 10_000; k++) t.notOk(some?.(`other${k}`, 'meter'));
  t.ok(some?.('sessions', 'meter'), 'however many are asked for');
});

t.test('the keys of every type are those of its events', async (t) => {
  t.same(eventKeys('floatValue'), ['']);
  t.same(eventKeys('intValue'), ['']);
  t.ok(eventKeys('meter').includes('m15_rate') && eventKeys('meter').includes('p9999'));
  t.ok(eventKeys('timer').includes('mean_rate') && eventKeys('timer').includes('p50'));
  t.ok(eventKeys('histogram').includes('std_dev') && !eventKeys('histogram').includes('m1_rate'));
  for (const definition of mirrordCatalogue) t.ok(eventKeys(eventTypeOf(definition)).length > 0);
});
