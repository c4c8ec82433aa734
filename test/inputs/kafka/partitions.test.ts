import t from 'tap';
import { MirrormonError } from '../../../lib/errors.ts';
import { findPartitions } from '../../../lib/inputs/kafka/partitions.ts';
import { kafkaDefaults, type TestTopic, testCluster } from './cluster.ts';

const topics = (): Map<string, TestTopic> =>
  new Map<string, TestTopic>([
    [
      'logs',
      { id: 'id-1', leaders: [1, 2, -1], earliest: 10, latest: 50, at: (time) => (time > 900 ? -1 : 30) },
    ],
    ['more', { id: 'id-2', leaders: [1], earliest: 0, latest: 5 }],
  ]);

const config = { ...kafkaDefaults, brokers: ['b:1'], topics: ['logs'] };
const find = (more: Partial<typeof config>, from = topics()) =>
  findPartitions(testCluster(from), { ...config, ...more }, 'here', { now: 1000 });

t.test('each partition begins where it is asked to', async (t) => {
  const positions = async (start: string) => (await find({ start })).added.map(({ position }) => position);
  t.same(await positions('earliest'), [10, 10, 10]);
  t.same(await positions('latest'), [50, 50, 50]);
  t.same(await positions('500ms'), [30, 30, 30], 'a time before now');
  t.same(await positions('10ms'), [50, 50, 50], 'nothing is as young as that');
});

t.test('it ends never, or where the partition did', async (t) => {
  t.same(
    (await find({})).added.map(({ end }) => end),
    [Infinity, Infinity, Infinity],
  );
  t.same(
    (await find({ end: 'latest' })).added.map(({ end }) => end),
    [50, 50, 50],
  );
});

t.test('of several topics, the partitions that are asked for', async (t) => {
  const { added } = await find({ topics: ['logs', 'more'], partitions: [0] });
  t.same(
    added.map(({ topic, partition, leader }) => [topic, partition, leader]),
    [
      ['logs', 0, 1],
      ['more', 0, 1],
    ],
  );
  t.equal((await find({})).added[2]!.leader, undefined, 'one has no leader now');
});

t.test('topics whose whole names match, also those that come', async (t) => {
  const there = topics();
  there.set('__offsets', { id: 'id-3', leaders: [1], earliest: 0, latest: 5 });
  const pattern = '(lo|more|__).*';
  const { added } = await find({ topics: [], pattern }, there);
  t.same(
    added.map(({ topic, partition }) => `${topic}/${partition}`),
    ['logs/0', 'logs/1', 'logs/2', 'more/0'],
  );
  there.set('lobby', { id: 'id-4', leaders: [2], earliest: 3, latest: 5 });
  there.set('a-logs', { id: 'id-5', leaders: [2], earliest: 3, latest: 5 });
  const later = await findPartitions(testCluster(there), { ...config, topics: [], pattern }, 'here', {
    ...{ now: 1000, known: added },
  });
  t.match(later, { gone: [], added: [{ topic: 'lobby', partition: 0, position: 3 }] });
  t.equal(later.added.length, 1);
  await t.rejects(find({ topics: [], pattern: 'log' }), {
    code: 'INPUT_UNREADABLE',
    message: 'no topic matches log',
    hint: 'topics here: logs, more',
  });
});

t.test('what does not exist is told with what does', async (t) => {
  const told = async (more: Partial<typeof config>) =>
    await find(more).then(
      () => 'nothing',
      (error) => (error instanceof MirrormonError ? error.describe() : String(error)),
    );
  t.equal(
    await told({ topics: ['lgos'] }),
    'here: there is no topic lgos, or this user may not see it; did you mean logs?',
  );
  t.match(await told({ topics: ['quite-another'] }), /topics here: logs, more$/);
  t.equal(await told({ partitions: [3] }), 'here: topic logs has no partition 3; it has 3, from 0 to 2');
});

t.test('another look finds partitions that came, leaders that moved and topics that went', async (t) => {
  const cluster = topics();
  const { added: known } = await find({ start: 'latest' }, cluster);
  cluster.get('logs')!.leaders = [2, 2, 3, 1];
  const look = () =>
    findPartitions(testCluster(cluster), { ...config, start: 'latest' }, 'here', { now: 1000, known });
  const changes = await look();
  t.same(
    known.map(({ leader }) => leader),
    [2, 2, 3],
  );
  t.same(
    changes.added.map(({ partition, position }) => [partition, position]),
    [[3, 10]],
    'from its first record on',
  );
  t.same(changes.gone, []);
  cluster.set('logs', { ...cluster.get('logs')!, id: 'id-9' });
  t.same((await look()).gone, known, 'the same name is not the same topic');
});
