import t from 'tap';
import type { SubscriptionConfig } from '../../lib/config.ts';
import { openEventSelector } from '../../lib/filters/event-selector.ts';
import { workshop } from '../helpers/batches.ts';
import { selectedBy } from './selected-by.ts';

type Event = Record<string, unknown>;

/** Per event: false, true, or the keys that are left of it. Batches as they are given, one selector for all. */
function select(config: Partial<SubscriptionConfig> & { type: string }, ...batches: Event[][]) {
  const { wants, batch } = workshop();
  const selector = openEventSelector({ place: '', ...config }, wants);
  return batches.flatMap((events) =>
    selectedBy(selector, batch(events)).map((selected) => (selected === 'all' ? true : selected)),
  );
}

const circuits = ['created', 'pathUpdated', 'failed', 'created'].map((event_type) => ({
  namespace: 'circuit',
  event_type,
}));

t.test('without options, all events of the type', async (t) => {
  for (const type of ['circuit', 'fabric.circuits', 'link', 'alert', 'entityChange', 'apiSession']) {
    t.same(select({ type }, circuits), [true, true, true, true], type);
  }
});

t.test('include chooses by kind, by the old name of a type too', async (t) => {
  for (const type of ['circuit', 'fabric.circuits']) {
    t.same(select({ type, include: ['created'] }, circuits), [true, false, false, true]);
    t.same(select({ type, include: ['failed', 'pathUpdated'] }, circuits), [false, true, true, false]);
  }
  t.same(select({ type: 'circuit', include: ['created'] }, [{ namespace: 'circuit' }]), [false]);
});

t.test(
  'usage is selected by its version, 2 unless 3 is asked for, and never made from the other',
  async (t) => {
    const events = [
      { namespace: 'usage', version: 2, event_type: 'usage.ingress.rx', usage: 5 },
      { namespace: 'usage', version: 3, usage: { 'ingress.rx': 5, 'egress.tx': 7 } },
      { namespace: 'fabric.usage', event_type: 'usage.ingress.rx', usage: 5 },
    ];
    t.same(select({ type: 'usage' }, events), [true, false, true]);
    t.same(select({ type: 'fabric.usage', version: 2 }, events), [true, false, true]);
    t.same(select({ type: 'usage', version: 3 }, events), [false, true, false]);
  },
);

t.test('include of usage chooses keys, and leaves out events that have none of them', async (t) => {
  const usage = (...keys: string[]) => ({
    namespace: 'usage',
    version: 3,
    usage: Object.fromEntries(keys.map((key) => [key, 1])),
  });
  const events = [usage('ingress.rx', 'egress.tx'), usage('ingress.rx'), usage('fabric.rx'), usage()];
  const config = { type: 'usage', version: 3, include: ['ingress.rx', 'ingress.tx'] } as const;
  t.same(select(config, events), ['ingress.rx', true, false, false]);
});

t.test('include of entityChange chooses changes by type, each with its commit', async (t) => {
  const change = (eventId: string, entityType: string, more: Event = {}) => ({
    namespace: 'entityChange',
    eventId,
    eventType: 'created',
    entityType,
    isParentEvent: false,
    ...more,
  });
  const commit = (eventId: string) => ({ namespace: 'entityChange', eventId, eventType: 'committed' });
  const config = { type: 'entityChange', include: ['services'] };
  const first = [change('a', 'services'), change('b', 'routers'), commit('b'), change('c', 'services')];
  const second = [commit('c'), commit('a'), commit('a'), commit('never-seen')];
  t.same(select(config, first, second), [true, false, false, true, true, true, false, false]);

  const rolledBack = Array.from({ length: 10_001 }, (_, k) => change(`lost-${k}`, 'services'));
  const found = select(config, rolledBack, [commit('lost-0'), commit('lost-10000')]);
  t.same(found.slice(-2), [false, true], 'changes that never commit are forgotten');
});

t.test('events of what an entity extends pass only if they are asked for', async (t) => {
  const events = [true, false, undefined].map((isParentEvent) => ({
    namespace: 'entityChange',
    eventType: 'created',
    entityType: 'identities',
    isParentEvent,
  }));
  t.same(select({ type: 'entityChange' }, events), [false, true, true]);
  t.same(select({ type: 'entityChange', includeParentEvents: true }, events), [true, true, true]);
});
