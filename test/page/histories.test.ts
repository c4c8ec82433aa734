import t from 'tap';
import { Histories } from '../../lib/page/histories.ts';

const event = (metric: string, metrics: Record<string, unknown>, more: object = {}) => ({
  source_id: 'router',
  metric,
  metric_type: 'intValue',
  metrics,
  ...more,
});

t.test('points by time, in whatever order they come', async (t) => {
  const histories = new Histories();
  histories.add(event('a', { value: 2 }), 2000);
  histories.add(event('a', { value: 1 }), 1000);
  histories.add(event('a', { other: 3, text: 'x' }), 3000);
  histories.add(event('a', { value: 9 }), Number.NaN);
  histories.add(event('a', { value: 7, other: 4 }), 2500);
  histories.add(event('a', { value: 8 }), 2500);
  histories.add(event('a', { value: 2 }), 2000);
  t.same(histories.all(), [
    {
      source: 'router',
      metric: 'a',
      labels: '',
      type: 'intValue',
      times: [1000, 2000, 2500, 3000],
      keys: { value: [1, 2, 8, null], other: [null, null, 4, 3] },
    },
  ]);
});

t.test('a key may have any name', async (t) => {
  const histories = new Histories();
  histories.add(event('a', JSON.parse('{"__proto__":1,"value":2}') as Record<string, unknown>), 1000);
  t.equal(JSON.stringify(histories.all()[0]!.keys), '{"__proto__":[1],"value":[2]}');
});

t.test('figures have the digits that are shown, whole numbers and times all of theirs', async (t) => {
  const histories = new Histories();
  const metrics = {
    count: 123456789,
    mean: 1 / 3,
    m1_rate: 1.5e-80,
    mean_rate: 1.5e-10,
    variance: 2,
    std_dev: 1,
  };
  histories.add(event('a', metrics), 1000.25);
  const [{ times, keys }] = histories.all() as [ReturnType<Histories['all']>[number]];
  t.same(times, [1000]);
  t.same(keys, { count: [123456789], mean: [0.3333333], m1_rate: [0], mean_rate: [1.5e-10] });
});

t.test('entity and tags tell series apart, and what is shown is harmless', async (t) => {
  const histories = new Histories();
  histories.add(event('link.latency', { value: 1 }, { source_entity_id: 'l1' }), 1);
  histories.add(
    event('link.latency', { value: 1 }, { source_entity_id: 'l2', tags: { a: 'x\u001b', b: '' } }),
    1,
  );
  t.same(
    histories.all().map(({ labels }) => labels),
    ['l1', 'l2, a=x\\x1b'],
  );
});

t.test(
  'memory is bounded: the more there is, the fewer points of each stay, the newest always',
  async (t) => {
    const histories = new Histories();
    for (let time = 0; time < 300_000; time++) histories.add(event('a', { value: time }), time);
    const [history] = histories.all();
    t.ok(history!.times.length <= 250_000);
    t.equal(history!.times.at(-1), 299_999);
    const backwards = new Histories();
    for (let time = 300_000; time > 0; time--) backwards.add(event('a', { value: time }), time);
    const [{ times, keys }] = backwards.all() as [ReturnType<Histories['all']>[number]];
    t.ok(times.length <= 250_000 && times.length > 100_000);
    t.same(keys.value, times);
    for (let k = 0; k < 6000; k++) histories.add(event(`m${k}`, { value: k }), k);
    t.equal(histories.all().length, 5000);
    t.equal(histories.leftOut, 1001);
  },
);
