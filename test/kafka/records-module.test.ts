import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { BatchMemory, isShared } from '../../lib/kafka/batch-memory.ts';
import { joinValues } from '../../lib/kafka/join-values.ts';
import { loadKafka } from '../../lib/kafka/library.ts';
import { CorruptBatch, type RecordBatch, recordBatches } from '../../lib/kafka/record-batches.ts';
import { RecordPlaces } from '../../lib/kafka/record-places.ts';
import { RECORDS_END, RecordsModule, recordsMemory } from '../../lib/kafka/records-module.ts';
import { Room } from '../../lib/kafka/room.ts';
import { openUnpack } from '../../lib/kafka/unpack.ts';
import { fixture } from '../helpers/root.ts';
import { crc32c, encodeBatch, encodeMarker, type TestRecord } from './encode-batch.ts';

const ROOM = 1 << 16;
const END = RECORDS_END + Room.bytesFor(ROOM);
const shared = recordsMemory(END)!;
const module = RecordsModule.open(shared)!;
const memory = new BatchMemory(shared, END);

function batchOf(bytes: Buffer, more: Partial<RecordBatch> = {}): RecordBatch {
  const records = memory.take(bytes.length - 61);
  bytes.copy(records, 0, 61);
  return {
    baseOffset: Number(bytes.readBigInt64BE(0)),
    nextOffset: 0,
    skipped: undefined,
    count: bytes.readInt32BE(57),
    records,
    isUnpacked: true,
    baseTime: Number(bytes.readBigInt64BE(27)),
    appendTime: undefined,
    ...more,
  };
}

interface Found {
  readonly text: string;
  readonly tombstones: number;
  readonly records: number;
  readonly places: unknown;
}

const listed = ({ count, starts, offsets, times }: RecordPlaces): unknown =>
  [starts, offsets, times].map((numbers) =>
    // beyond, either may have rounded
    Array.from(numbers.subarray(0, count), (one) => (Number.isSafeInteger(one) ? one : null)),
  );

/** A room of that size; behind it there are marks. */
function roomOf(size: number): Room {
  const room = new Room(shared.buffer, RECORDS_END, ROOM);
  room.bytes.fill('#');
  Object.assign(room, { bytes: room.bytes.subarray(0, size) });
  return room;
}

/** What the module writes, in rooms of that size. */
class Written {
  text = '';
  readonly places = new RecordPlaces();
  readonly room: Room;

  constructor(size: number) {
    this.room = roomOf(size);
  }

  take(): void {
    const { bytes, length, records, starts, offsets, times } = this.room;
    for (let k = 0; k < records; k++)
      this.places.add(7 + this.text.length + starts[k]!, offsets[k]!, times[k]!);
    this.text += bytes.toString('latin1', 0, length);
    const behind = Buffer.from(shared.buffer, RECORDS_END + bytes.length, ROOM - bytes.length);
    if (behind.some((byte) => byte !== 0x23)) throw new Error('it wrote beyond the room');
    this.room.clear();
  }
}

/** A batch by the module, in rooms of that size. */
function joined(batch: RecordBatch, range = all, size = ROOM): Found {
  const { records, tombstones, bytes } = module.begin(batch, range);
  const written = new Written(size);
  for (;;) {
    const isDone = module.fill(written.room);
    if (!isDone && !written.room.isFull) throw new Error('the room is not full');
    written.take();
    if (isDone) break;
  }
  const { text, places } = written;
  if (bytes + records !== text.length) throw new Error(`${bytes} bytes were told`);
  return { text, tombstones, records, places: listed(places) };
}

/** By the oracle. */
function expected(batch: RecordBatch, range = all): Found {
  const places = new RecordPlaces();
  const records = Buffer.from(batch.records);
  const { bytes, tombstones } = joinValues({ ...batch, records }, range, places, 7);
  return { text: bytes.toString('latin1'), tombstones, records: places.count, places: listed(places) };
}

const all = { from: 0, to: Number.POSITIVE_INFINITY };

/** What reading gives, or how it fails. */
function told(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CorruptBatch)) throw error;
    return `${Number.isSafeInteger(error.offset) ? error.offset : null}: ${error.message}`;
  }
}

const record: fc.Arbitrary<TestRecord> = fc.record({
  key: fc.option(fc.string({ maxLength: 140 }), { nil: undefined }),
  value: fc.option(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ maxLength: 200 }).map((text) => `{"a":\n${text}\n}`),
      fc.constant('[\n'),
      fc.constant(''),
    ),
    { nil: undefined },
  ),
  headers: fc.array(fc.tuple(fc.string(), fc.option(fc.string(), { nil: undefined })), { maxLength: 3 }),
  after: fc.integer({ min: -1e12, max: 1e12 }),
});

t.test('the module joins what JavaScript joins, in rooms of any size', async (t) => {
  let wrong: unknown;
  const batches = fc.tuple(
    fc.array(record, { minLength: 1, maxLength: 150 }),
    fc.integer({ min: 1, max: 600 }),
    fc.integer({ min: 0, max: 20 }),
    fc.option(fc.constant(99), { nil: undefined }),
  );
  fc.assert(
    fc.property(batches, ([records, size, from, appendTime]) => {
      const batch = batchOf(encodeBatch({ baseOffset: 1e12, baseTime: 5, records }), { appendTime });
      const range = { from: 1e12 + from, to: 1e12 + 100 };
      const [got, want] = [joined(batch, range, size), expected(batch, range)];
      memory.give(batch.records);
      const isRight = JSON.stringify(got) === JSON.stringify(want);
      if (!isRight) wrong = { got, want };
      return isRight;
    }),
    { numRuns: 500 },
  );
  t.equal(wrong, undefined);
});

t.test('more records than are placed at once', (t) => {
  const records = Array.from({ length: 10_000 }, (_, k) => ({ value: k % 3 === 0 ? undefined : '' }));
  const batch = batchOf(encodeBatch({ records }));
  t.same(joined(batch), expected(batch));
  t.end();
});

t.test('damage is told as JavaScript tells it', async (t) => {
  let wrong: unknown;
  const damages = fc.tuple(
    fc.array(record, { minLength: 1, maxLength: 5 }),
    fc.nat(400),
    fc.nat(255),
    fc.integer({ min: 0, max: 3 }),
  );
  fc.assert(
    fc.property(damages, ([records, at, byte, more]) => {
      const whole = batchOf(encodeBatch({ baseOffset: 42, records }));
      const batch = { ...whole, count: whole.count + more };
      batch.records[at % batch.records.length] = byte;
      const [got, want] = [told(() => joined(batch)), told(() => expected(batch))].map((one) =>
        JSON.stringify(one),
      );
      memory.give(batch.records);
      // of numbers beyond what is exact, each has its own
      const isRight = got === want || /\bnull\b/.test(`${got}${want}`);
      if (!isRight) wrong = { got, want };
      return isRight;
    }),
    { numRuns: 2000 },
  );
  t.equal(wrong, undefined);
});

t.test(
  'batches that lie one behind the other are checked, unpacked and joined, in rooms of any size',
  async (t) => {
    const { lz4 } = (await loadKafka('a test')).compressionsAlgorithms;
    const pack = (bytes: Buffer) => Buffer.from(lz4.compressSync(bytes) as Uint8Array);
    const one = fc.record({
      records: fc.array(record, { minLength: 1, maxLength: 40 }),
      isPacked: fc.boolean(),
      isMarker: fc.boolean(),
    });
    const fetches = fc.tuple(
      fc.array(one, { maxLength: 8 }),
      fc.integer({ min: 100, max: 3000 }),
      fc.integer({ min: 0, max: 60 }),
      fc.integer({ min: 0, max: 200 }),
    );
    let wrong: unknown;
    fc.assert(
      fc.property(fetches, ([batches, size, from, cut]) => {
        let baseOffset = 0;
        const encoded: Buffer[] = [];
        for (const { records, isPacked, isMarker } of batches) {
          const packed = isPacked ? { attributes: 3, pack } : {};
          encoded.push(
            isMarker
              ? encodeMarker(baseOffset, 1n, true)
              : encodeBatch({ baseOffset, baseTime: 5, records, ...packed }),
          );
          baseOffset += isMarker ? 1 : records.length;
        }
        const range = { from, to: 150 };
        const bytes = Buffer.concat([
          ...encoded,
          Buffer.alloc(cut, encodeBatch({ records: [{ value: 'x'.repeat(300) }] })),
        ]);
        const fetched = memory.take(bytes.length);
        bytes.copy(fetched);
        const written = new Written(size);
        const sums = { records: 0, tombstones: 0, bytes: 0, next: 0 };
        module.beginAll(fetched, range, crc32c);
        for (;;) {
          const { ending, records, tombstones, bytes, nextOffset } = module.fillAll(written.room, memory);
          sums.records += records;
          sums.tombstones += tombstones;
          sums.bytes += bytes;
          if (!Number.isNaN(nextOffset)) sums.next = nextOffset;
          written.take();
          if (ending === 'foreign') throw new Error('it leaves a batch');
          if (ending === 'over') break;
        }
        memory.give(fetched);
        const want = { text: '', tombstones: 0, records: 0, places: new RecordPlaces() };
        const unpack = (_: number, packed: Buffer) => Buffer.from(lz4.decompressSync(packed) as Uint8Array);
        for (const batch of recordBatches(Buffer.concat(encoded), {
          aborted: [],
          unpack,
          checksum: crc32c,
        })) {
          if (batch.skipped !== undefined) continue;
          const { bytes, tombstones } = joinValues(batch, range, want.places, 7 + want.text.length);
          want.text += bytes.toString('latin1');
          want.tombstones += tombstones;
        }
        want.records = want.places.count;
        const got = { text: written.text, ...sums, places: listed(written.places) };
        const wanted = {
          text: want.text,
          records: want.records,
          tombstones: want.tombstones,
          bytes: want.text.length - want.records,
          next: baseOffset,
          places: listed(want.places),
        };
        const isRight = JSON.stringify(got) === JSON.stringify(wanted);
        if (!isRight) wrong = { got, wanted };
        return isRight;
      }),
      { numRuns: 500 },
    );
    t.equal(wrong, undefined);
  },
);

t.test('what the module does not read of a fetch it leaves', (t) => {
  const good = encodeBatch({ baseOffset: 3, records: [{ value: 'a' }] });
  const left: Record<string, Buffer> = {
    'an odd codec': encodeBatch({
      baseOffset: 4,
      records: [{ value: 'b' }],
      attributes: 4,
      pack: (bytes) => bytes,
    }),
    'an old format': Buffer.from(good).fill(1, 16, 17),
    damage: Buffer.from(good).fill(0x7f, 62, 63),
    'a length below that of the header': Buffer.from(good).fill(0, 8, 12),
    'what LZ4 did not pack': encodeBatch({
      baseOffset: 4,
      records: [{ value: 'b' }],
      attributes: 3,
      pack: (bytes) => bytes,
    }),
  };
  for (const [what, bytes] of Object.entries(left)) {
    const fetched = memory.take(good.length + bytes.length);
    Buffer.concat([good, bytes, good]).copy(fetched);
    module.beginAll(fetched, all, crc32c);
    const { room } = new Written(ROOM);
    t.match(module.fillAll(room, memory), { ending: 'foreign', records: 1, nextOffset: 4 }, what);
    t.ok(module.unread.equals(fetched.subarray(good.length)));
    memory.give(fetched);
  }
  t.end();
});

t.test("what Kafka's own producer packed is unpacked to the same, where it lies in the memory", async (t) => {
  const library = await loadKafka('a test');
  const [there, here] = [await openUnpack(library, { memory, module }), await openUnpack(library)];
  const codecs = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 };
  for (const [name, codec] of Object.entries(codecs)) {
    const segment = readFileSync(fixture('kafka', `${name}.batches`));
    const end = 12 + segment.readInt32BE(8);
    const packed = memory.take(end - 61);
    segment.copy(packed, 0, 61, end);
    const unpacked = there(codec, packed);
    t.ok(isShared(unpacked));
    t.ok(unpacked.equals(here(codec, Buffer.from(packed))), name);
    memory.give(packed);
    memory.give(unpacked);
  }
});

/** None is empty: the client's own packing fails of that where its memory has grown. */
const texts = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 3000 }),
  // repeats from every distance, also within what is being written
  fc
    .array(fc.tuple(fc.string({ minLength: 1, maxLength: 40 }), fc.nat(300)), { maxLength: 30 })
    .map((parts) => `x${parts.map(([text, times]) => text.repeat(times)).join('')}`),
);

t.test('what was packed by LZ4 comes out, in one block or several', async (t) => {
  const { lz4 } = (await loadKafka('a test')).compressionsAlgorithms;
  const pack = (bytes: Buffer) => Buffer.from(lz4.compressSync(bytes) as Uint8Array);
  const unpacked = (packed: Buffer): Buffer => {
    const there = memory.take(packed.length);
    packed.copy(there);
    const found = module.unpackLz4(there, memory, 1 << 24)!;
    memory.give(there);
    memory.give(found);
    return Buffer.from(found);
  };
  fc.assert(
    fc.property(texts, (text) => unpacked(pack(Buffer.from(text))).toString() === text),
    { numRuns: 500 },
  );
  const large = Buffer.from(
    Array.from({ length: 60_000 }, (_, k) => `{"n":${(k * 7919) % 10_007},"text":"some text"}\n`).join(''),
  );
  t.ok(unpacked(pack(large)).equals(large));
  t.ok(
    unpacked(Buffer.concat([pack(large), pack(Buffer.from('more'))])).equals(
      Buffer.concat([large, Buffer.from('more')]),
    ),
  );
  t.equal(unpacked(Buffer.from('04224d18604082' + '00000000', 'hex')).length, 0, 'a frame without a block');
});

t.test('whatever is damaged, LZ4 writes nowhere else', async (t) => {
  const { lz4 } = (await loadKafka('a test')).compressionsAlgorithms;
  const guard = 0x5a;
  const memory = new BatchMemory(shared, shared.buffer.byteLength);
  const before = memory.take(ROOM).fill(guard);
  const spare = memory.take(ROOM);
  const behind = memory.take(ROOM).fill(guard);
  t.equal(behind.byteOffset, spare.byteOffset + ROOM + 64, 'they lie side by side');
  let seen = 0;
  fc.assert(
    fc.property(
      texts,
      fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (text, flips) => {
        const packed = memory.take(3 << 16);
        const bytes = Buffer.from(lz4.compressSync(Buffer.from(text)) as Uint8Array);
        for (const [at, byte] of flips) bytes[at % bytes.length] = byte;
        bytes.copy(packed);
        memory.give(spare);
        try {
          memory.give(module.unpackLz4(packed.subarray(0, bytes.length), memory, ROOM)!);
        } catch (error) {
          seen++;
          if (!(error as Error).message.includes('damaged')) throw error;
        } finally {
          memory.take(ROOM);
          memory.give(packed);
        }
        return [before, behind].every((one) => one.every((byte) => byte === guard));
      },
    ),
    { numRuns: 2000 },
  );
  t.ok(seen > 100, `${seen} were refused`);
});
