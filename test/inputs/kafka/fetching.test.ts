import type { Connection } from '@platformatic/kafka';
import t from 'tap';
import { Fetching, type FetchingOptions, type Piece } from '../../../lib/inputs/kafka/fetching.ts';
import type { ReadPartition } from '../../../lib/inputs/kafka/partitions.ts';
import type { Fetched, FetchedPartition, FetchRequest } from '../../../lib/kafka/fetch.ts';
import { encodeBatch } from '../../kafka/encode-batch.ts';

const partition = (number: number, more: Partial<ReadPartition> = {}): ReadPartition => ({
  topic: 'logs',
  topicId: 'id',
  partition: number,
  leader: 1,
  position: 0,
  end: Number.POSITIVE_INFINITY,
  ...more,
});

/** A batch of two records at this offset. */
const pair = (baseOffset: number): Buffer =>
  encodeBatch({ baseOffset, records: [{ value: 'a' }, { value: 'b' }] });

const answer = (number: number, more: Partial<FetchedPartition> = {}): FetchedPartition => ({
  topicId: 'id',
  partition: number,
  errorCode: 0,
  highWatermark: 1000,
  lastStableOffset: 1000,
  logStartOffset: 0,
  aborted: [],
  records: Buffer.alloc(0),
  ...more,
});

/** Broker numbers stand for connections. */
type Answers = (broker: number, request: FetchRequest) => Promise<Fetched>;

interface Rig {
  readonly events: string[];
  readonly requests: { readonly broker: number; readonly request: FetchRequest }[];
  readonly stop: AbortController;
  readonly fetching: Fetching;
}

function rig(
  partitions: readonly ReadPartition[],
  answers: Answers,
  more: Partial<FetchingOptions> = {},
): Rig {
  const events: string[] = [];
  const requests: Rig['requests'] = [];
  const stop = new AbortController();
  const fetching = new Fetching(partitions, {
    signal: stop.signal,
    committedOnly: true,
    connect: async (broker) => broker as unknown as Connection,
    fetch: (connection, request) => {
      const broker = connection as unknown as number;
      requests.push({ broker, request });
      return answers(broker, request);
    },
    refresh: async () => {
      events.push('refresh');
      return { added: [], gone: [] };
    },
    down: (error) => events.push(`down: ${error instanceof Error ? error.message : error}`),
    up: () => {},
    drop: () => {},
    sleep: async () => {},
    lost: (one, records) => events.push(`lost ${records} of ${one.partition}`),
    refuse: (code, one) => {
      throw new Error(`refused ${code} of ${one.partition}`);
    },
    ...more,
  });
  return { events, requests, stop, fetching };
}

const offsetsOf = ({ topics }: FetchRequest): Record<number, number> =>
  Object.fromEntries(
    topics.flatMap(({ partitions }) => partitions.map(({ partition, offset }) => [partition, offset])),
  );

/** Two records of every partition that is asked for. */
const pairs: Answers = async (_, request) => ({
  errorCode: 0,
  partitions: Object.entries(offsetsOf(request)).map(([number, offset]) =>
    answer(Number(number), { records: pair(offset) }),
  ),
});

async function all(fetching: Fetching): Promise<string[]> {
  const told: string[] = [];
  for await (const piece of fetching.pieces()) told.push(toldOf(piece));
  return told;
}

const toldOf = ({ partition: { partition }, from, fetched }: Piece): string =>
  `${partition}@${from}${fetched.records.length > 0 ? '' : ' nothing'}`;

t.test('every partition is read to its end, and no further', async (t) => {
  const { fetching, requests } = rig([partition(0, { end: 4 }), partition(1, { end: 6 })], pairs);
  t.same((await all(fetching)).sort(), ['0@0', '0@2', '1@0', '1@2', '1@4']);
  t.same(offsetsOf(requests.at(-1)!.request), { 1: 4 }, 'nobody asks for the one that ended');
});

t.test('nothing to read is an end at once', async (t) => {
  const { fetching, requests } = rig([partition(0, { position: 4, end: 4 })], pairs);
  t.same(await all(fetching), []);
  t.same(requests, []);
});

t.test(
  'each leader has one request; the next is under way while an answer is used, and no third',
  async (t) => {
    const { fetching, requests, stop } = rig([partition(0), partition(1, { leader: 2 })], pairs);
    const pieces = fetching.pieces();
    await pieces.next();
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    const of = (broker: number) => requests.filter((one) => one.broker === broker).length;
    t.same([of(1), of(2)], [2, 1]);
    t.same(offsetsOf(requests.at(-1)!.request), { 0: 2 }, 'it goes on behind what came');
    stop.abort();
    await pieces.return(undefined);
  },
);

t.test(
  'what is fetched and not used is given back, also what comes when nobody reads any more',
  async (t) => {
    const dropped: Buffer[] = [];
    const fetched: Buffer[] = [];
    const { fetching, stop } = rig(
      [partition(0), partition(1)],
      async (broker, request) => {
        const given = await pairs(broker, request);
        fetched.push(...given.partitions.map(({ records }) => records));
        return given;
      },
      { drop: (records) => dropped.push(records) },
    );
    const pieces = fetching.pieces();
    const { value } = await pieces.next();
    stop.abort();
    await pieces.return(undefined);
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    t.equal(fetched.length, 4, 'a second answer was under way');
    t.same(new Set(dropped), new Set(fetched.filter((records) => records !== value?.fetched.records)));
    t.equal(dropped.length, 3);
  },
);

t.test('partitions that were served stand last in the next request', async (t) => {
  const { fetching, requests } = rig(
    [partition(0, { end: 4 }), partition(1, { end: 2 }), partition(2, { end: 2 })],
    (_, request) =>
      Promise.resolve({
        errorCode: 0,
        // room for one
        partitions: Object.entries(offsetsOf(request))
          .slice(0, 1)
          .map(([number, offset]) => answer(Number(number), { records: pair(offset) })),
      }),
  );
  await all(fetching);
  t.same(requests.length, 4);
});

t.test(
  'records that retention took are told, and reading goes on with the first that is there',
  async (t) => {
    const { fetching, events } = rig([partition(0, { position: 3, end: 12 })], (broker, request) =>
      offsetsOf(request)[0]! < 10
        ? Promise.resolve({ errorCode: 0, partitions: [answer(0, { errorCode: 1, logStartOffset: 10 })] })
        : pairs(broker, request),
    );
    t.same(await all(fetching), ['0@10']);
    t.same(events, ['lost 7 of 0']);
  },
);

t.test('a leader that moved, or cannot be reached, is looked for and asked again', async (t) => {
  const moved = partition(0, { end: 2 });
  const { fetching, events } = rig(
    [moved],
    (broker, request) => {
      if (broker === 1) return Promise.resolve({ errorCode: 0, partitions: [answer(0, { errorCode: 6 })] });
      if (broker === 2) return Promise.reject(new Error('gone'));
      return pairs(broker, request);
    },
    {
      async refresh() {
        events.push('refresh');
        moved.leader = moved.leader! + 1;
        return { added: [], gone: [] };
      },
    },
  );
  t.same(await all(fetching), ['0@0']);
  t.same(events, ['refresh', 'down: gone', 'refresh']);
});

t.test('a leader that never answers is given up, looked for and asked again', async (t) => {
  let asked = 0;
  const { fetching, events } = rig(
    [partition(0, { end: 2 })],
    (broker, request) => (asked++ === 0 ? new Promise(() => {}) : pairs(broker, request)),
    { patience: 5 },
  );
  t.same(await all(fetching), ['0@0']);
  t.same(events, ['down: the request timed out', 'refresh']);
});

t.test('what two leaders answer of the same records is used once', async (t) => {
  const moving = partition(0, { end: 2 });
  const other = partition(1, { leader: 3, end: 2 });
  let late = (): void => {};
  const { fetching } = rig(
    [moving, other],
    (broker, request) => {
      if (broker === 3) {
        const moves = moving.leader === 1;
        return moves
          ? Promise.resolve({ errorCode: 0, partitions: [answer(1, { errorCode: 6 })] })
          : pairs(broker, request);
      }
      if (broker === 2) return pairs(broker, request).finally(() => late());
      // the old leader answers after the new one
      return new Promise((resolve) => {
        late = () => resolve(pairs(broker, request));
      });
    },
    {
      async refresh() {
        moving.leader = 2;
        return { added: [], gone: [] };
      },
    },
  );
  t.same((await all(fetching)).sort(), ['0@0', '1@0']);
});

t.test('partitions that come are read, those that go are not', async (t) => {
  const old = partition(0);
  const { fetching } = rig(
    [old],
    (broker, request) =>
      0 in offsetsOf(request)
        ? Promise.resolve({ errorCode: 0, partitions: [answer(0, { errorCode: 100 })] })
        : pairs(broker, request),
    { refresh: async () => ({ added: [partition(1, { end: 2 })], gone: [old] }) },
  );
  t.same(await all(fetching), ['1@0']);
});

t.test('what no patience mends ends it', async (t) => {
  const { fetching } = rig([partition(0)], () =>
    Promise.resolve({ errorCode: 0, partitions: [answer(0, { errorCode: 29 })] }),
  );
  await t.rejects(all(fetching), { message: 'refused 29 of 0' });
});

t.test('a signal ends the wait for an answer that does not come', async (t) => {
  const { fetching, stop } = rig([partition(0)], () => new Promise(() => {}));
  const ended = all(fetching);
  await Promise.resolve();
  stop.abort();
  t.same(await ended, []);
});

t.test('new partitions are looked for now and then', async (t) => {
  let now = 0;
  const { fetching, events } = rig([partition(0, { end: 4 })], pairs, { now: () => (now += 20_000) });
  await all(fetching);
  t.ok(events.length > 0 && events.every((event) => event === 'refresh'));
});
