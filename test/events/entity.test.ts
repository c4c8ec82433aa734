import t from 'tap';
import { splitEntity } from '../../lib/events/entity.ts';

t.test('ids of channels and links are taken out of the names of their metrics', async (t) => {
  const table: [name: string, metric: string, id: string | undefined][] = [
    ['ctrl.latency:xpw7BEDAk', 'ctrl.latency', 'xpw7BEDAk'],
    ['ctrl.tx.bytesrate:xpw7BEDAk', 'ctrl.tx.bytesrate', 'xpw7BEDAk'],
    ['link.latency:390iV6', 'link.latency', '390iV6'],
    ['link.390iV6.latency', 'link.latency', '390iV6'],
    ['link.390iV6.queue_time', 'link.queue_time', '390iV6'],
    ['link.390iV6.tx.bytesrate', 'link.tx.bytesrate', '390iV6'],
    ['link.a.b.rx.msgsize', 'link.rx.msgsize', 'a.b'],
  ];
  for (const [name, metric, id] of table) t.same(splitEntity(name, undefined), [metric, id], name);
});

t.test('other names stay whole, colons and all', async (t) => {
  const names = [
    'link.latency',
    'link.dropped_msgs',
    'link.tx.bytesrate',
    'ctrl.queue_time',
    'pool.link.dialer.work_timer',
    'linked.x.tx.rate',
    '/edge/management/v1/services/:id.GET',
    '/edge/client/v1/services/:id/edge-routers.GET',
  ];
  for (const name of names) t.same(splitEntity(name, undefined), [name, undefined]);
});

t.test('an entity that is given is taken', async (t) => {
  t.same(splitEntity('link.latency:a', 'b'), ['link.latency:a', 'b']);
});
