import t from 'tap';
import { MirrormonError } from '../../../lib/errors.ts';
import { annotated } from '../../../lib/inputs/kafka/annotate.ts';
import { Chunks, type ChunksOptions } from '../../../lib/inputs/kafka/chunks.ts';
import type { Piece } from '../../../lib/inputs/kafka/fetching.ts';
import { Places } from '../../../lib/inputs/kafka/places.ts';
import { Ledger } from '../../../lib/ledger.ts';
import { crc32c, encodeBatch, encodeMarker, TRANSACTIONAL } from '../../kafka/encode-batch.ts';

function rig(more: Partial<ChunksOptions> = {}) {
  const ledger = new Ledger();
  const places = new Places();
  const chunks = new Chunks({
    name: 'kafka://b/logs',
    unpack: (_, bytes) => bytes,
    checksum: crc32c,
    committedOnly: true,
    annotates: false,
    places,
    account: (topic, partition) => ledger.partition(topic, partition),
    ...more,
  });
  return { ledger, places, chunks };
}

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

const textOf = (chunks: Iterable<Uint8Array>): string[] =>
  Array.from(chunks, (bytes) => Buffer.from(bytes).toString());

t.test('small batches are gathered, each record keeps its place, and the books have all', async (t) => {
  const { chunks, places, ledger } = rig();
  const records = Buffer.concat([
    encodeBatch({ baseOffset: 0, records: [{ value: 'aa' }, { value: undefined }] }),
    encodeBatch({ baseOffset: 2, producerId: 1n, attributes: TRANSACTIONAL, records: [{ value: 'no' }] }),
    encodeMarker(3, 1n, false),
    encodeBatch({ baseOffset: 4, records: [{ value: 'bbb' }] }),
  ]);
  const aborted = [{ producerId: 1n, firstOffset: 2 }];
  t.same(textOf(chunks.of(piece(records, { aborted }))), ['aa\nbbb\n']);
  t.same(textOf(chunks.of(piece(encodeBatch({ baseOffset: 5, records: [{ value: 'c' }] })))), ['c\n']);
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
});

t.test('what is large is handed on as it is, and what was gathered goes before it', async (t) => {
  const { chunks, places } = rig();
  const large = 'x'.repeat(700_000);
  const records = Buffer.concat([
    encodeBatch({ baseOffset: 0, records: [{ value: 'a' }] }),
    encodeBatch({ baseOffset: 1, records: [{ value: large }] }),
    encodeBatch({ baseOffset: 2, records: [{ value: 'b' }] }),
  ]);
  const texts = textOf(chunks.of(piece(records)));
  t.same(
    texts.map((text) => text.length),
    [2, 700_001, 2],
  );
  t.equal(texts.join(''), `a\n${large}\nb\n`);
  t.same(
    [0, 2, 700_003].map((at) => places.at(at)?.offset),
    [0, 1, 2],
  );
});

t.test('more than a chunk of small batches is several chunks', async (t) => {
  const { chunks } = rig();
  const value = 'y'.repeat(300_000);
  const records = Buffer.concat(
    Array.from({ length: 5 }, (_, k) => encodeBatch({ baseOffset: k, records: [{ value }] })),
  );
  t.same(
    textOf(chunks.of(piece(records))).map((text) => text.length),
    [900_003, 600_002],
  );
});

t.test('records behind the end are not read, though they came', async (t) => {
  const { chunks, ledger } = rig();
  const records = encodeBatch({ baseOffset: 0, records: [{ value: 'a' }, { value: 'b' }, { value: 'c' }] });
  t.same(textOf(chunks.of(piece(records, {}, 2))), ['a\nb\n']);
  t.equal(ledger.kafka.get('logs/3')?.next, 2);
});

t.test('with what Kafka knows of them, where that is asked for', async (t) => {
  const { chunks, places } = rig({ annotates: true });
  const records = encodeBatch({
    baseOffset: 8,
    baseTime: 1000,
    records: [{ value: '{"a":1}', key: 'k"', headers: [['h', 'v']] }, { value: 'text' }, { value: '{ }' }],
  });
  const [text] = textOf(chunks.of(piece(records)));
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
  const { chunks } = rig({ checksum: () => 0 });
  const damaged = piece(encodeBatch({ baseOffset: 77, records: [{ value: 'a' }] }));
  try {
    textOf(chunks.of(damaged));
    t.fail('it was read');
  } catch (error) {
    t.ok(error instanceof MirrormonError);
    t.equal(
      (error as MirrormonError).describe(),
      'kafka://b/logs: logs/3, offset 77: a record batch is damaged: its checksum does not fit',
    );
  }
});
