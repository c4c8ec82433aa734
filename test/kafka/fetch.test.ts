import type { Connection } from '@platformatic/kafka';
import t from 'tap';
import { BatchMemory } from '../../lib/kafka/batch-memory.ts';
import { openFetch } from '../../lib/kafka/fetch.ts';
import { loadKafka } from '../../lib/kafka/library.ts';
import { recordsMemory } from '../../lib/kafka/records-module.ts';

const FETCH = 1;
const library = await loadKafka('this test');

const int = (bits: 16 | 32, value: number): Buffer => {
  const bytes = Buffer.alloc(bits / 8);
  if (bits === 16) bytes.writeInt16BE(value);
  else bytes.writeInt32BE(value);
  return bytes;
};
const long = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
};
/** One more than the length, of variable length. */
const length = (of: number): Buffer =>
  Buffer.from([
    ...(function* () {
      let left = of + 1;
      for (; left > 127; left >>>= 7) yield (left & 127) | 128;
      yield left;
    })(),
  ]);
const END = Buffer.from([0]);

function partitionOf(number: number, records: Buffer): Buffer {
  const numbers = [int(32, number), int(16, 0), long(50), long(40), long(10)];
  const aborted = [length(1), long(7), long(12), END];
  return Buffer.concat([...numbers, ...aborted, int(32, -1), length(records.length), records, END]);
}

function answerOf(partitions: readonly Buffer[]): Buffer {
  const head = [int(32, 0), int(16, 0), int(32, 0)];
  const topic = [Buffer.alloc(16, 1), length(partitions.length), ...partitions, END];
  return Buffer.concat([...head, length(1), ...topic, END]);
}

/** Memory as a socket gives it, a piece after the other. */
function piecesOf(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const some = bytes.subarray(at, at + size);
    pieces.push(Buffer.from(new ArrayBuffer(some.length)).fill(some));
  }
  return pieces;
}

/** A connection that answers at once; the client asks for the bytes that are left once the answer was parsed. */
function answering(pieces: readonly Buffer[], seen: { left: number }): Connection {
  const { buffer } = library.Reader.from(Buffer.alloc(0));
  for (const piece of pieces) buffer.append(piece);
  const send = (...[, , , parse, , , done]: readonly unknown[]): void => {
    const parsed = (parse as (...of: unknown[]) => unknown)(1, FETCH, 17, new library.Reader(buffer));
    seen.left = buffer.buffers.reduce((sum, piece) => sum + piece.length, 0);
    (done as (error: null, value: unknown) => void)(null, parsed);
  };
  return { send } as unknown as Connection;
}

const request = { maxWait: 1, maxBytes: 1, partitionBytes: 1, committedOnly: true, topics: [] };

t.test('records are collected from the pieces of a socket, whose memory is given back then', async (t) => {
  const fetch = openFetch(library, [{ apiKey: FETCH, maxVersion: 17 }], new BatchMemory())!;
  const records = [0, 1, 2].map((k) => Buffer.alloc([5000, 0, 300][k]!, k + 1));
  const bytes = answerOf(records.map((some, k) => partitionOf(k, some)));
  for (const size of [1, 64, 1000, 4999, 1 << 16]) {
    const pieces = piecesOf(bytes, size);
    const seen = { left: 0 };
    const { errorCode, partitions } = await fetch(answering(pieces, seen), request);
    t.equal(errorCode, 0);
    t.same(
      partitions.map((one) => one.records),
      records,
      `pieces of ${size}`,
    );
    t.match(partitions[1], {
      ...{ partition: 1, errorCode: 0, highWatermark: 50, lastStableOffset: 40, logStartOffset: 10 },
      aborted: [{ producerId: 7n, firstOffset: 12 }],
    });
    t.equal(seen.left, bytes.length, 'the client sees all while it parses');
    const left = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (size <= 64) t.ok(left < bytes.length / 20 + 200, `${left} bytes are left`);
    if (size > 5000) t.equal(left, bytes.length, 'what holds something else, too, is left');
  }
});

t.test('records of an answer that lies in shared memory stay where they are', async (t) => {
  const memory = new BatchMemory(recordsMemory(1 << 20)!);
  const fetch = openFetch(library, [{ apiKey: FETCH, maxVersion: 17 }], memory)!;
  const records = [0, 1, 2].map((k) => Buffer.alloc([5000, 0, 300][k]!, k + 1));
  const bytes = answerOf(records.map((some, k) => partitionOf(k, some)));
  const answer = memory.take(bytes.length);
  bytes.copy(answer);
  let asked: ReturnType<typeof fetch> | undefined;
  memory.share(answer, () => {
    asked = fetch(answering([answer], { left: 0 }), request);
  });
  const { partitions } = await asked!;
  t.same(
    partitions.map((one) => one.records),
    records,
  );
  for (const k of [0, 2]) {
    const at = partitions[k]!.records.byteOffset - answer.byteOffset;
    t.ok(at > 0 && at < answer.length);
  }
  for (const one of partitions) memory.give(one.records);
  t.equal(memory.take(bytes.length).byteOffset, answer.byteOffset, 'all of it is free');
});

t.test('a broker that does not know topics by their ids is too old', (t) => {
  t.equal(openFetch(library, [{ apiKey: FETCH, maxVersion: 12 }], new BatchMemory()), undefined);
  t.end();
});
