import t from 'tap';
import { MirrormonError } from '../../../lib/errors.ts';
import { annotated } from '../../../lib/inputs/kafka/annotate.ts';
import { Chunks, type ChunksOptions } from '../../../lib/inputs/kafka/chunks.ts';
import type { Piece } from '../../../lib/inputs/kafka/fetching.ts';
import { Places } from '../../../lib/inputs/kafka/places.ts';
import { BatchMemory } from '../../../lib/kafka/batch-memory.ts';
import { RECORDS_END, RecordsModule, recordsMemory } from '../../../lib/kafka/records-module.ts';
import { MOST_PLACES, Room } from '../../../lib/kafka/room.ts';
import { Ledger } from '../../../lib/ledger.ts';
import { crc32c, encodeBatch, encodeMarker, TRANSACTIONAL } from '../../kafka/encode-batch.ts';

const ROOM = 1000;
const END = RECORDS_END + Room.bytesFor(ROOM);
const shared = recordsMemory(END)!;
const module = RecordsModule.open(shared)!;

/** @param isShared whether all lies in a memory that WebAssembly sees, too, and works in */
function rig(more: Partial<ChunksOptions> = {}, isShared = false) {
  const ledger = new Ledger();
  const memory = isShared ? new BatchMemory(shared, END) : new BatchMemory();
  const places = new Places();
  const chunks = new Chunks({
    name: 'kafka://b/logs',
    unpack: (_, bytes) => bytes,
    checksum: crc32c,
    committedOnly: true,
    annotates: false,
    memory,
    module: isShared ? module : undefined,
    account: (topic, partition) => ledger.partition(topic, partition),
    ...more,
  });
  /** What is given out of a piece, each chunk in the same room, as one thread's would be. */
  const room = isShared
    ? new Room(shared.buffer, RECORDS_END, ROOM)
    : new Room(new ArrayBuffer(Room.bytesFor(ROOM)), 0, ROOM);
  let base = 0;
  const textsOf = (one: Piece): string[] => {
    const texts: string[] = [];
    room.clear();
    chunks.into(room);
    const records = memory.take(one.fetched.records.length);
    one.fetched.records.copy(records);
    for (const _ of chunks.of({ ...one, fetched: { ...one.fetched, records } })) {
      const { length } = room;
      texts.push(room.bytes.toString('utf8', 0, length));
      const [starts, offsets, times] = [room.starts, room.offsets, room.times];
      places.add({
        ...{ topic: one.partition.topic, partition: one.partition.partition, base },
        starts: starts.subarray(0, room.records),
        offsets: offsets.subarray(0, room.records),
        times: times.subarray(0, room.records),
      });
      base += length;
      room.bytes.fill(0);
      room.clear();
      chunks.into(room);
    }
    return texts;
  };
  return { ledger, places, textsOf };
}

const ways = [
  ['', false],
  [', by WebAssembly', true],
] as const;

const piece = (
  records: Buffer,
  more: Partial<Piece['fetched']> = {},
  end = Number.POSITIVE_INFINITY,
): Piece => ({
  partition: { topic: 'logs', topicId: 'id', partition: 3, leader: 1, position: 0, end },
  from: 0,
  fetched: {
    topicId: 'id',
    partition: 3,
    errorCode: 0,
    highWatermark: 100,
    lastStableOffset: 90,
    logStartOffset: 0,
    aborted: [],
    records,
    ...more,
  },
});

for (const [how, isShared] of ways) {
  t.test(
    `small batches are gathered, each record keeps its place, and the books have all${how}`,
    async (t) => {
      const { textsOf, places, ledger } = rig({}, isShared);
      const records = Buffer.concat([
        encodeBatch({ baseOffset: 0, records: [{ value: 'aa' }, { value: undefined }] }),
        encodeBatch({ baseOffset: 2, producerId: 1n, attributes: TRANSACTIONAL, records: [{ value: 'no' }] }),
        encodeMarker(3, 1n, false),
        encodeBatch({ baseOffset: 4, records: [{ value: 'bbb' }] }),
      ]);
      const aborted = [{ producerId: 1n, firstOffset: 2 }];
      t.same(textsOf(piece(records, { aborted })), ['aa\nbbb\n']);
      t.same(textsOf(piece(encodeBatch({ baseOffset: 5, records: [{ value: 'c' }] }))), ['c\n']);
      t.same(
        [0, 3, 7].map((at) => places.at(at)?.offset),
        [0, 4, 5],
      );
      t.same(ledger.kafka.get('logs/3'), {
        records: 3,
        bytes: 6,
        next: 6,
        aborted: 1,
        tombstones: 1,
        lost: 0,
        lag: 84,
      });
    },
  );
}

for (const [how, isShared] of ways) {
  t.test(`what there is no room for goes to the next chunks, and each record keeps its place${how}`, (t) => {
    const { textsOf, places } = rig({}, isShared);
    const large = 'x'.repeat(1500);
    const values = ['a', large, 'b'];
    const records = Buffer.concat(
      values.map((value, baseOffset) => encodeBatch({ baseOffset, records: [{ value }] })),
    );
    const texts = textsOf(piece(records));
    t.same(
      texts.map((text) => text.length),
      [1000, 505],
      'chunks are full, but for the last one',
    );
    t.equal(texts.join(''), `a\n${large}\nb\n`);
    t.same(
      [0, 2, 1502, 1503].map((at) => places.at(at)?.offset),
      [0, 1, 1, 2],
    );
    t.end();
  });
}

for (const [how, isShared] of ways) {
  t.test(`a chunk that is just full is one chunk${how}`, (t) => {
    const { textsOf } = rig({}, isShared);
    const records = [{ value: 'y'.repeat(999) }];
    t.same(
      [0, 1].map((baseOffset) =>
        textsOf(piece(encodeBatch({ baseOffset, records }))).map(({ length }) => length),
      ),
      [[1000], [1000]],
    );
    t.end();
  });
}

for (const [how, isShared] of ways) {
  t.test(`a chunk ends where no more records can be told of${how}`, (t) => {
    const { textsOf, places } = rig({}, isShared);
    const records = Array.from({ length: 400 }, () => ({ value: '' }));
    const batches = Array.from({ length: 50 }, (_, k) => encodeBatch({ baseOffset: 400 * k, records }));
    const texts = textsOf(piece(Buffer.concat(batches)));
    const most = Math.min(ROOM, MOST_PLACES);
    t.ok(texts.every(({ length }) => length <= most));
    t.equal(texts.join(''), '\n'.repeat(20_000));
    t.same(
      [0, 999, 1000, 19_999].map((at) => places.at(at)?.offset),
      [0, 999, 1000, 19_999],
    );
    t.end();
  });
}

t.test('a partition of which nothing has come yet is where its reading began', (t) => {
  const { textsOf, ledger } = rig();
  t.same(textsOf({ ...piece(Buffer.alloc(0)), from: 88 }), []);
  t.match(ledger.kafka.get('logs/3'), { next: 88, lag: 2 });
  t.end();
});

for (const [how, isShared] of ways) {
  t.test(`records behind the end are not read, though they came${how}`, async (t) => {
    const { textsOf, ledger } = rig({}, isShared);
    const records = encodeBatch({ baseOffset: 0, records: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
    t.same(textsOf(piece(records, {}, 2)), ['a\nb\n']);
    t.equal(ledger.kafka.get('logs/3')?.next, 2);
  });
}

t.test('with what Kafka knows of them, where that is asked for', async (t) => {
  const { textsOf, places } = rig({ annotates: true });
  const records = encodeBatch({
    baseOffset: 8,
    baseTime: 1000,
    records: [{ value: '{"a":1}', key: 'k"', headers: [['h', 'v']] }, { value: 'text' }, { value: '{ }' }],
  });
  const [text] = textsOf(piece(records));
  const [first, second, third] = text!.trimEnd().split('\n');
  t.same(JSON.parse(first!), {
    a: 1,
    kafka: { topic: 'logs', partition: 3, offset: 8, timestamp: 1000, key: 'k"', headers: { h: 'v' } },
  });
  t.equal(second, 'text', 'what is no object stays as it is');
  t.equal(JSON.parse(third!).kafka.offset, 10);
  t.equal(places.at(text!.indexOf('text'))?.offset, 9);
});

t.test('a header that has the name of a prototype is a header', async (t) => {
  const parts = { offset: 1, time: 2, key: undefined, headers: [['__proto__', Buffer.from('x')]] as const };
  const made = annotated(Buffer.from('{}'), 'logs', 0, parts).toString();
  t.equal(
    made,
    '{"kafka":{"topic":"logs","partition":0,"offset":1,"timestamp":2,"headers":{"__proto__":"x"}}}',
  );
});

t.test('damage is told with topic, partition and offset', async (t) => {
  const { textsOf } = rig({ checksum: () => 0 });
  const damaged = piece(encodeBatch({ baseOffset: 77, records: [{ value: 'a' }] }));
  try {
    textsOf(damaged);
    t.fail('it was read');
  } catch (error) {
    t.ok(error instanceof MirrormonError);
    t.equal(
      (error as MirrormonError).describe(),
      'kafka://b/logs: logs/3, offset 77: a record batch is damaged: its checksum does not fit',
    );
  }
});
