import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { MirrormonError } from '../../lib/errors.ts';
import { emptyRoleAccount } from '../../lib/kafka/role-account.ts';
import type { Cluster } from '../../lib/roles/cluster.ts';
import { aborted, loop, untilOver } from '../../lib/roles/loop.ts';
import type { Generation } from '../../lib/roles/membership.ts';

function surroundings() {
  const over = new AbortController();
  const told: string[] = [];
  const cluster = { tell: (text: string) => told.push(text) } as unknown as Cluster;
  const generation = {
    groupId: 'run-map',
    signal: over.signal,
    tellSilent: () => told.push('silent'),
  } as unknown as Generation;
  return { over, told, cluster, generation };
}

t.test('what fails is done again in the same generation, and told', async (t) => {
  const { told, cluster, generation } = surroundings();
  let tries = 0;
  const work = async (): Promise<void> => {
    if (tries++ === 0) throw new Error('Connection closed');
  };
  await untilOver(cluster, generation, work, new AbortController().signal);
  t.equal(tries, 2);
  t.match(told, [
    /^group run-map: the broker closed the connection; .* what was not committed is done again$/,
  ]);
});

t.test('a commit that the group refuses is the end of the generation', async (t) => {
  const { told, cluster, generation } = surroundings();
  let tries = 0;
  const refused = Object.assign(new Error('many'), {
    errors: [Object.assign(new Error('no'), { apiId: 'ILLEGAL_GENERATION' })],
  });
  const work = async (): Promise<void> => {
    tries++;
    throw refused;
  };
  await untilOver(cluster, generation, work, new AbortController().signal);
  t.equal(tries, 1);
  t.same(told, ['silent']);
});

t.test(
  'what no patience mends ends the run; what comes of a generation that is over is not told',
  async (t) => {
    const { over, told, cluster, generation } = surroundings();
    const signal = new AbortController().signal;
    const unusable = new MirrormonError('STATE_UNUSABLE', 'of another configuration');
    await t.rejects(
      untilOver(cluster, generation, () => Promise.reject(unusable), signal),
      unusable,
    );
    const late = async (): Promise<void> => {
      over.abort();
      throw new Error('Connection closed');
    };
    await untilOver(cluster, generation, late, signal);
    t.same(told, []);
  },
);

/** A group whose generations begin and end as a test says. */
class Group extends EventEmitter {
  readonly topics = { track: (): void => {} };
  isClosed = false;

  async metadata(): Promise<unknown> {
    return { topics: new Map([['partials', { partitionsCount: 4 }]]) };
  }

  async joinGroup(): Promise<void> {
    this.begin(1);
  }

  begin(generationId: number, memberId = 'm'): void {
    this.emit('consumer:group:join', { generationId, memberId, isLeader: false });
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function run(patience: number) {
  const group = new Group();
  function Consumer(): Group {
    return group;
  }
  const told: string[] = [];
  const tell = (text: string) => told.push(text);
  const cluster = { library: { Consumer }, client: {}, tell } as unknown as Cluster;
  const control = new AbortController();
  const begun: number[] = [];
  const done: number[] = [];
  const work = async ({ generationId, signal }: Generation): Promise<void> => {
    begun.push(generationId);
    await aborted(AbortSignal.any([signal, control.signal]));
    // the last report takes a while
    await delay(20);
    if (!signal.aborted) done.push(generationId);
  };
  const account = emptyRoleAccount();
  const over = loop(cluster, { id: 'run', topics: ['partials'], account, work, patience }, control.signal);
  return { group, control, begun, done, told, over };
}

t.test('the end of a run is the end of the work at hand', async (t) => {
  const { control, done, over, group } = run(10_000);
  await delay(5);
  control.abort();
  await over;
  t.same(done, [1]);
  t.ok(group.isClosed);
});

t.test('what the end of others cuts off is finished in the next generation', async (t) => {
  const { control, begun, done, over, group } = run(10_000);
  await delay(5);
  control.abort();
  group.emit('consumer:group:rebalance');
  setTimeout(() => group.begin(2), 50);
  await over;
  t.same(begun, [1, 2]);
  t.same(done, [2]);
});

t.test('no longer than patience lasts, and not at all without', async (t) => {
  for (const patience of [0, 30]) {
    const { control, begun, done, over, group } = run(patience);
    await delay(5);
    control.abort();
    group.emit('consumer:group:rebalance');
    await over;
    t.same([begun, done], [[1], []], `${patience} ms`);
  }
});

t.test('who is another member all at once was put out, which is told', async (t) => {
  const { control, begun, told, over, group } = run(0);
  await delay(5);
  group.begin(2);
  await delay(30);
  t.same(told, []);
  group.begin(4, 'n');
  await delay(30);
  control.abort();
  await over;
  t.same(begun, [1, 2, 4]);
  t.match(told, [/^group run went on without this process, which was silent for too long/]);
});

t.test('a group that does not answer is joined anew', async (t) => {
  const { control, told, over, group } = run(0);
  await delay(5);
  group.emit('consumer:heartbeat:stalled', {});
  await delay(50);
  control.abort();
  await over;
  t.match(told, [/^group run cannot be joined now: no answer in time/]);
});
