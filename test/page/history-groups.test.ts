import t from 'tap';
import { packHistories, unpackHistories } from '../../lib/page/history-groups.ts';
import type { MetricHistory } from '../../lib/page/snapshot.ts';

const history = (metric: string, labels: string, times: number[], keys: MetricHistory['keys']) => ({
  ...{ source: 'operator', metric, labels, type: 'timer' },
  ...{ times, keys },
});

const users = ['user=a', 'user=b', 'user=c'];
const [once, twice] = [[1000], [1000, 2000]];
const histories: MetricHistory[] = [
  ...users.map((user, k) => history('created', user, once, { count: [k], p50: [k / 7] })),
  ...users.map((user, k) => history('durations', user, twice, { count: [k, null], p95: [null, k / 7] })),
  history('durations', 'user=d', once, { count: [4], p95: [5] }),
  history('durations', 'user=a', once, { value: [4] }),
];

t.test('histories come back in their order', async (t) => {
  t.same(unpackHistories(packHistories(histories)), histories);
  t.same(unpackHistories(packHistories([])), []);
});

t.test('what histories have in common stands once', async (t) => {
  const { labels, groups } = packHistories(histories);
  t.same(labels, ['user=a', 'user=b', 'user=c', 'user=d']);
  t.same(
    groups.map(({ metric, times, keys }) => [metric, times, keys]),
    [
      ['created', once, { count: [0, 1, 2], p50: [0, 1 / 7, 2 / 7] }],
      ['durations', twice, { count: [0, null, 1, null, 2, null], p95: [null, 0, null, 1 / 7, null, 2 / 7] }],
      ['durations', once, { count: [4], p95: [5] }],
      ['durations', once, { value: [4] }],
    ],
  );
  t.same(
    groups.map((group) => group.labels),
    [[0, 1, 1], [0, 1, 1], [3], [0]],
  );
});
