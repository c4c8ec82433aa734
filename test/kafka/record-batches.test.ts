import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { joinValues, rewriteValues } from '../../lib/kafka/join-values.ts';
import { loadKafka } from '../../lib/kafka/library.ts';
import {
  type BatchOptions,
  CorruptBatch,
  offsetBehind,
  recordBatches,
} from '../../lib/kafka/record-batches.ts';
import { RecordPlaces } from '../../lib/kafka/record-places.ts';
import { openUnpack } from '../../lib/kafka/unpack.ts';
import { fixture } from '../helpers/root.ts';
import { crc32c, encodeBatch, encodeMarker, type TestRecord, TRANSACTIONAL, varint } from './encode-batch.ts';

const plain: BatchOptions = {
  aborted: [],
  checksum: crc32c,
  unpack: () => {
    throw new Error('nothing is packed');
  },
};

interface Listed {
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
  readonly times: readonly number[];
}

function listed({ count, starts, offsets, times }: RecordPlaces): Listed {
  const [some, of, at] = [starts, offsets, times].map((numbers) => Array.from(numbers.subarray(0, count)));
  return { starts: some!, offsets: of!, times: at! };
}

interface Read {
  readonly text: string;
  readonly places: Listed;
  readonly tombstones: number;
  readonly skipped: string[];
}

function read(
  bytes: Buffer,
  options: Partial<BatchOptions> = {},
  from = 0,
  to = Number.POSITIVE_INFINITY,
): Read {
  const places = new RecordPlaces();
  const skipped: string[] = [];
  let text = '';
  let tombstones = 0;
  // what is read is read in place
  for (const batch of recordBatches(Buffer.from(bytes), { ...plain, ...options })) {
    if (batch.skipped !== undefined) {
      skipped.push(batch.skipped);
      continue;
    }
    const joined = joinValues(batch, { from, to }, places, text.length);
    text += joined.bytes.toString();
    tombstones += joined.tombstones;
  }
  return { text, places: listed(places), tombstones, skipped };
}

t.test('values are joined to lines, and each knows its offset and time', async (t) => {
  const batch = encodeBatch({
    baseOffset: 100,
    baseTime: 5000,
    records: [
      { value: '{"a":1}', key: 'k' },
      { value: undefined, key: 'deleted', after: 5 },
      { value: '', after: -7 },
      { value: '{"b":2}', headers: [['h', 'v']], after: 3_000_000_000 },
    ],
  });
  const { text, places, tombstones } = read(batch);
  t.equal(text, '{"a":1}\n\n{"b":2}\n');
  t.same(places, { starts: [0, 8, 9], offsets: [100, 102, 103], times: [5000, 4993, 3_000_005_000] });
  t.equal(tombstones, 1);
});

t.test('JSON of several lines becomes one; other texts stay as they are', async (t) => {
  const pretty = encodeBatch({
    records: [
      { value: '{\n  "a": "x\\ny"\n}' },
      { value: 'two\nlines' },
      { value: '[1,\n2]' },
      { value: '{"z":1}\n' },
    ],
  });
  t.equal(read(pretty).text, '{   "a": "x\\ny" }\ntwo\nlines\n[1, 2]\n{"z":1}\n\n');
});

t.test('a compacted topic leaves gaps between offsets', async (t) => {
  const batch = encodeBatch({
    baseOffset: 10,
    records: [{ value: 'a' }, { value: 'b' }],
    offsetDeltas: [3, 8],
  });
  t.same(read(batch).places.offsets, [13, 18]);
  t.equal(offsetBehind(batch), 19);
});

t.test('only records within the offsets that are asked for', async (t) => {
  const batch = encodeBatch({ baseOffset: 10, records: ['a', 'b', 'c', 'd'].map((value) => ({ value })) });
  t.equal(read(batch, {}, 11, 13).text, 'b\nc\n');
});

t.test('the time that a broker gave counts for all records', async (t) => {
  const batch = encodeBatch({
    attributes: 8,
    baseTime: 5,
    maxTime: 99,
    records: [{ value: 'a', after: 3 }, { value: 'b' }],
  });
  t.same(read(batch).places.times, [99, 99]);
});

t.test('a last batch that is cut off is left for the next fetch', async (t) => {
  const first = encodeBatch({ baseOffset: 0, records: [{ value: 'a' }, { value: 'b' }] });
  const second = encodeBatch({ baseOffset: 2, records: [{ value: 'c' }] });
  const both = Buffer.concat([first, second]);
  for (let length = first.length; length < both.length; length++) {
    const cut = both.subarray(0, length);
    if (read(cut).text !== 'a\nb\n' || offsetBehind(cut) !== 2) return t.fail(`cut at ${length}`);
  }
  t.equal(offsetBehind(both), 3);
  t.equal(offsetBehind(first.subarray(0, 60)), undefined);
});

t.test(
  'records of aborted transactions are left out, those of the same producer before and after are not',
  async (t) => {
    const transactional = (baseOffset: number, producerId: bigint, ...values: string[]) =>
      encodeBatch({
        baseOffset,
        producerId,
        attributes: TRANSACTIONAL,
        records: values.map((value) => ({ value })),
      });
    const bytes = Buffer.concat([
      transactional(0, 7n, 'committed'),
      encodeMarker(1, 7n, true),
      transactional(2, 7n, 'aborted', 'too'),
      transactional(4, 8n, 'of another'),
      encodeBatch({ baseOffset: 5, producerId: 7n, records: [{ value: 'of none' }] }),
      transactional(6, 7n, 'aborted later'),
      encodeMarker(7, 7n, false),
      transactional(8, 7n, 'again'),
      encodeMarker(9, 7n, true),
      encodeMarker(10, 8n, true),
    ]);
    const aborted = [{ producerId: 7n, firstOffset: 2 }];
    const { text, skipped } = read(bytes, { aborted });
    t.equal(text, 'committed\nof another\nof none\nagain\n');
    t.same(skipped, ['control', 'aborted', 'aborted', 'control', 'control', 'control']);
    t.match(read(bytes).text, /aborted\ntoo\n/, 'read_uncommitted has all');
    t.equal(offsetBehind(bytes), 11, 'markers have offsets');
  },
);

t.test('damage is told with its offset', async (t) => {
  const good = encodeBatch({ baseOffset: 42, records: [{ value: 'abc' }] });
  const told = (bytes: Buffer, options?: Partial<BatchOptions>): string => {
    try {
      read(bytes, options);
      return 'nothing';
    } catch (error) {
      return error instanceof CorruptBatch ? `${error.offset}: ${error.message}` : String(error);
    }
  };
  const flipped = Buffer.from(good);
  flipped[flipped.length - 3]! ^= 1;
  t.equal(told(flipped), '42: a record batch is damaged: its checksum does not fit');
  const old = Buffer.from(good);
  old[16] = 1;
  t.equal(told(old), '42: message format 1 is not read, only 2, which brokers write since 0.11');
  const short = Buffer.from(good);
  short.writeInt32BE(3, 8);
  t.equal(told(short), '42: a record batch is shorter than its header');
  const many = Buffer.from(good);
  many.writeInt32BE(2, 57);
  t.match(told(many, { checksum: () => many.readUInt32BE(17) }), /fewer records than it says/);
  const lying = encodeBatch({ baseOffset: 42, records: [{ value: 'abc' }] });
  lying[61 + 5] = varint(99)[0]!;
  t.match(told(lying, { checksum: () => lying.readUInt32BE(17) }), /longer than it says/);
  const packed = encodeBatch({ baseOffset: 42, attributes: 1, records: [{ value: 'abc' }] });
  t.equal(told(packed), '42: nothing is packed');
});

t.test('whatever the records, their values come out, and nothing else', async (t) => {
  const value = fc.option(
    fc.string({ unit: 'binary', maxLength: 200 }).map((s) => `x${s.replaceAll('\n', ' ')}`),
    { nil: undefined },
  );
  const record: fc.Arbitrary<TestRecord> = fc.record({
    key: fc.option(fc.string({ maxLength: 140 }), { nil: undefined }),
    value,
    headers: fc.array(fc.tuple(fc.string(), fc.option(fc.string(), { nil: undefined })), { maxLength: 3 }),
    after: fc.integer({ min: -1e12, max: 1e12 }),
  });
  let wrong: unknown;
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 150 }), (records) => {
      const { text, places, tombstones } = read(encodeBatch({ baseOffset: 1e12, records }));
      const kept = records.filter((one) => one.value !== undefined);
      const isRight =
        text === kept.map((one) => `${one.value}\n`).join('') &&
        tombstones === records.length - kept.length &&
        kept.every(
          (one, k) => places.times[k] === one.after && places.offsets[k] === 1e12 + records.indexOf(one),
        );
      if (!isRight) wrong = records;
      return isRight;
    }),
    { numRuns: 200 },
  );
  t.equal(wrong, undefined);
});

t.test('rewritten values are given with all that Kafka knows of them', async (t) => {
  const batch = encodeBatch({
    baseOffset: 7,
    baseTime: 1000,
    records: [
      {
        value: '{\n}',
        key: 'k',
        headers: [
          ['a', '1'],
          ['b', undefined],
        ],
        after: 5,
      },
      { value: undefined },
      { value: 'x' },
    ],
  });
  const places = new RecordPlaces();
  const seen: unknown[] = [];
  const [one] = [...recordBatches(batch, plain)];
  const { bytes, tombstones } = rewriteValues(one!, { from: 0, to: 99 }, places, 10, (value, parts) => {
    seen.push({
      ...parts,
      key: parts.key?.toString(),
      headers: parts.headers.map(([name, text]) => [name, text?.toString()]),
    });
    return Buffer.from(`<${value}>`);
  });
  t.equal(bytes.toString(), '<{ }>\n<x>\n');
  t.equal(tombstones, 1);
  t.same(listed(places), { starts: [10, 16], offsets: [7, 9], times: [1005, 1000] });
  t.same(seen, [
    {
      offset: 7,
      time: 1005,
      key: 'k',
      headers: [
        ['a', '1'],
        ['b', undefined],
      ],
    },
    { offset: 9, time: 1000, key: undefined, headers: [] },
  ]);
});

t.test("segments as Kafka's own producer and broker wrote them, in every compression", async (t) => {
  const library = await loadKafka('a test');
  const unpack = await openUnpack(library);
  const expected = Array.from({ length: 40 }, (_, n) =>
    n % 10 === 9 ? '' : `{"n":${n},"text":"some text that repeats, some text that repeats"}\n`,
  ).join('');
  for (const codec of ['none', 'gzip', 'snappy', 'lz4', 'zstd']) {
    const segment = readFileSync(fixture('kafka', `${codec}.batches`));
    const { text, places, tombstones } = read(segment, { unpack });
    t.equal(text, `${expected}{   "n": 40 }\nplain\ntext\n`, codec);
    t.equal(tombstones, 4);
    t.same(places.times.slice(0, 3), [1_700_000_000_000, 1_700_000_000_999, 1_700_000_001_998]);
    t.equal(offsetBehind(segment), 42);
  }
  const { crc32c: checksum, Reader } = library;
  const segment = readFileSync(fixture('kafka', 'none.batches'));
  const sum = checksum(Reader.from(segment.subarray(21)).buffer);
  t.equal(sum, crc32c(segment.subarray(21)), "the client's checksum is the same");
});

t.test("transactions as Kafka's own producers and broker wrote them", async (t) => {
  const unpack = await openUnpack(await loadKafka('a test'));
  const segments = readFileSync(fixture('kafka', 'transactions.batches'));
  const producers = [...recordBatches(Buffer.from(segments), { ...plain, unpack })];
  const idAt = (offset: number): bigint => {
    let at = 0;
    while (Number(segments.readBigInt64BE(at)) !== offset) at += 12 + segments.readInt32BE(at + 8);
    return segments.readBigInt64BE(at + 43);
  };
  // as the broker tells it in the answer to a fetch: who, and from which offset on
  const aborted = [
    { producerId: idAt(0), firstOffset: 0 },
    { producerId: idAt(10), firstOffset: 10 },
  ];
  t.equal(producers.filter(({ skipped }) => skipped === 'control').length, 4);
  const values = read(segments, { unpack, aborted })
    .text.trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.same(
    values.map(({ fate }) => fate),
    ['committed', 'committed', 'committed', 'committed'],
  );
  t.equal(read(segments, { unpack }).text.trimEnd().split('\n').length, 8);
});
