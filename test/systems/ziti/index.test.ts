import t from 'tap';
import { eventTypes, typeOfNamespace, typeOfSubscription } from '../../../lib/events/namespaces.ts';
import { metricEvent, workshop } from '../../helpers/batches.ts';

t.test('events are known by their namespace, the legacy one too', (t) => {
  const { batch, kinds } = workshop();
  const objects = [
    metricEvent('m', { value: 1 }),
    { namespace: 'circuit' },
    { namespace: 'fabric.circuits' },
    { namespace: 'service.events' },
    { namespace: 'unheard-of' },
    { namespace: 'metrics', metric: 'm' },
    { namespace: 'metrics', metrics: {} },
    { namespace: 7 },
  ];
  t.same(
    Array.from(batch(objects).kind, (id) => kinds.all[id]?.name),
    ['event:metrics', 'event:circuit', 'event:circuit', 'event:service', 'other', 'other', 'other', 'other'],
  );
  t.end();
});

t.test('subscription types by new and by old name', (t) => {
  for (const type of eventTypes) {
    t.equal(typeOfSubscription(type), type);
    t.equal(typeOfNamespace(type), type);
  }
  t.equal(typeOfSubscription('services'), 'service');
  t.equal(typeOfSubscription('fabric.usage'), 'usage');
  t.equal(typeOfSubscription('nosuch.type'), undefined);
  t.equal(typeOfSubscription('constructor'), undefined);
  t.end();
});
