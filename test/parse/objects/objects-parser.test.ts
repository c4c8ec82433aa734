import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Wants } from '../../../lib/batch/wants.ts';
import { type DetectedFraming, openFramer } from '../../../lib/framings/index.ts';
import type { ObjectBatch } from '../../../lib/parse/objects/object-batch.ts';
import { ReferenceParser } from '../../../lib/parse/objects/objects-parser.ts';
import { Vocabulary } from '../../../lib/parse/objects/vocabulary.ts';
import { holds } from '../../helpers/holds.ts';

const limits = { maxRecordBytes: 200, maxDepth: 10 };

interface Read {
  readonly records: readonly (readonly [offset: number, record: unknown, bytes: string])[];
  readonly rejected: readonly (readonly [offset: number, length: number, reason: string])[];
  readonly consumed: number;
  readonly batches: readonly ObjectBatch[];
}

function read(
  bytes: Uint8Array,
  sizes: readonly number[] = [1 << 20],
  framing: DetectedFraming = 'ndjson',
): Read {
  const input = { name: '-', framing: '' };
  const framer = openFramer(framing, { input, limits, sourceId: 'test' });
  const parser = new ReferenceParser({ input, framer, vocabulary: new Vocabulary(new Wants()), limits });
  const batches: ObjectBatch[] = [];
  for (let at = 0, k = 0; at < bytes.length; k++) {
    const size = Math.max(1, sizes[Math.min(k, sizes.length - 1)]!);
    batches.push(...parser.push(bytes.subarray(at, at + size)));
    at += size;
  }
  batches.push(...parser.end());
  return {
    records: batches.flatMap((batch) =>
      batch.objects.map((record, row) => {
        const start = batch.offset[row]!;
        const text = Buffer.from(batch.bytes).toString('latin1', start, start + batch.length[row]!);
        return [batch.base + start, record, text] as const;
      }),
    ),
    rejected: batches.flatMap((batch) =>
      batch.rejected.map(({ offset, length, reason }) => [offset, length, reason] as const),
    ),
    consumed: batches.reduce((sum, batch) => sum + batch.consumed, 0),
    batches,
  };
}

const nested = (depth: number): string => `{"d":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

/** Every kind of line, valid or not, and what becomes of it. */
const lines: readonly (readonly [bytes: string | Buffer, outcome: string])[] = [
  ['{"a":1}', 'ok'],
  ['{"a":"é\u2028"}', 'ok'],
  ['', 'blank'],
  [' \t', 'blank'],
  ['oops', 'invalid-json'],
  ['{"a":1', 'invalid-json'],
  ['{"a":1}}', 'invalid-json'],
  ['{"a":01}', 'invalid-json'],
  ['{"a":NaN}', 'invalid-json'],
  ["{'a':1}", 'invalid-json'],
  ['{"a":"\t"}', 'invalid-json'],
  ['{"a":1}\0', 'invalid-json'],
  ['\ufeff{"a":1}', 'invalid-json'],
  [Buffer.from('{"a":"\xff"}', 'latin1'), 'invalid-utf8'],
  [Buffer.from('{"a":"\xed\xa0\x80"}', 'latin1'), 'invalid-utf8'],
  [Buffer.from('oops \xc3', 'latin1'), 'invalid-utf8'],
  ['[1]', 'not-an-object'],
  ['null', 'not-an-object'],
  ['"text"', 'not-an-object'],
  ['17', 'not-an-object'],
  [nested(10), 'ok'],
  [nested(11), 'too-deep'],
  ['['.repeat(11), 'too-deep'],
  [`{"a":"${'['.repeat(50)}"}`, 'ok'],
  [`{"a":"\\"${'['.repeat(50)}"}`, 'ok'],
  [Buffer.concat([Buffer.from([0xff]), Buffer.from('['.repeat(11))]), 'invalid-utf8'],
  [`{"a":"${'x'.repeat(192)}"}`, 'ok'],
  [`{"a":"${'x'.repeat(193)}"}`, 'too-long'],
  [Buffer.alloc(5000, 0xff), 'too-long'],
  ['{"a":"\\ud800","a":"last"}', 'ok'],
  ['{"__proto__":{"x":1},"constructor":2}', 'ok'],
];

t.test('every kind of line has its outcome, at its exact place', async (t) => {
  for (const lineEnd of ['\n', '\r\n']) {
    const parts: Buffer[] = [];
    const records: unknown[] = [];
    const rejected: unknown[] = [];
    let at = 0;
    for (const [line, outcome] of lines) {
      const bytes = Buffer.from(line);
      if (outcome === 'ok') records.push([at, JSON.parse(bytes.toString()), bytes.toString('latin1')]);
      else if (outcome !== 'blank') rejected.push([at, bytes.length, outcome]);
      parts.push(bytes, Buffer.from(lineEnd));
      at += bytes.length + lineEnd.length;
    }
    for (const sizes of [[1 << 20], [1], [100]]) {
      const result = read(Buffer.concat(parts), sizes);
      t.strictSame(result.records, records);
      t.same(result.rejected, rejected);
      t.equal(result.consumed, at);
    }
  }
});

t.test('a __proto__ in the input changes no prototype', async (t) => {
  const { records } = read(Buffer.from('{"__proto__":{"polluted":1}}\n'));
  const record = records[0]![1] as Record<string, unknown>;
  t.equal(Object.getPrototypeOf(record), Object.prototype);
  t.equal(record.polluted, undefined);
});

t.test('dead letters keep their bytes', async (t) => {
  const { batches } = read(Buffer.from('{"a":1}\noops\n{"b":2}\n'));
  t.equal(batches.length, 1);
  t.equal(Buffer.from(batches[0]!.rejected[0]!.bytes).toString(), 'oops');
  t.same([...batches[0]!.offset], [0, 13]);
  t.same([...batches[0]!.length], [7, 7]);
  t.equal(batches[0]!.input.framing, 'ndjson');
});

t.test('a batch without rows still accounts for its bytes', async (t) => {
  const { batches, consumed } = read(Buffer.from('\n\n\n'));
  t.same(
    batches.map(({ rows }) => rows),
    [0],
  );
  t.equal(consumed, 3);
});

t.test('one record that is not ASCII does not touch the others', async (t) => {
  const texts = ['{"a":"plain"}', '{"ü":"ß€😀"}', '{"b":"plain"}'];
  const { records } = read(Buffer.from(texts.join('\n')));
  t.same(
    records.map(([, record]) => record),
    texts.map((text) => JSON.parse(text)),
  );
});

t.test('documents over several lines are judged by the same rules', async (t) => {
  const text = '{\n "a": 1\n}\n[{"b":2}, 5]\n{"c": oops}\n{"d":4';
  const { records, rejected, consumed } = read(Buffer.from(text), [3], 'json');
  t.same(
    records.map(([offset, record]) => [offset, record]),
    [
      [0, { a: 1 }],
      [13, { b: 2 }],
    ],
  );
  t.same(rejected, [
    [22, 1, 'not-an-object'],
    [25, 11, 'invalid-json'],
    [37, 6, 'invalid-json'],
  ]);
  t.equal(consumed, text.length);
});

t.test('any lines, in any chunks, give the same as each line alone', async () => {
  const line = fc.oneof(
    fc.constantFrom(...lines.map(([bytes]) => Buffer.from(bytes))),
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes.filter((c) => c !== 10))),
  );
  const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 8 });
  holds(
    t,
    fc.property(fc.array(line, { maxLength: 20 }), sizes, (input, chunks) => {
      const bytes = Buffer.concat(input.flatMap((part) => [part, Buffer.from('\n')]));
      const { records, rejected, consumed } = read(bytes, chunks);
      assert.equal(consumed, bytes.length);
      let base = 0;
      const expected = { records: [] as unknown[], rejected: [] as unknown[] };
      for (const [k, part] of input.entries()) {
        // Only at the very start of an input is a byte order mark none of the record's bytes.
        const prefix = k === 0 ? '' : '\n';
        const alone = read(Buffer.concat([Buffer.from(prefix), part]));
        for (const [offset, ...rest] of alone.records)
          expected.records.push([base + offset - prefix.length, ...rest]);
        for (const [offset, ...rest] of alone.rejected)
          expected.rejected.push([base + offset - prefix.length, ...rest]);
        base += part.length + 1;
      }
      assert.deepEqual(records, expected.records);
      assert.deepEqual(rejected, expected.rejected);
    }),
  );
});

t.test('a record whose bytes were made is rejected by the place that it came from', async (t) => {
  const time = '2024-04-01T13:37:00Z';
  const lines = [
    `${time} stdout F {"a":1}`,
    `${time} stdout P {"b"`,
    `${time} stderr F é []`,
    `${time} stdout F oops`,
  ];
  const found = read(Buffer.from(`${lines.join('\n')}\n`), [1 << 20], 'cri');
  const offsetOf = (k: number) => Buffer.byteLength(lines.slice(0, k).join('\n')) + 1;
  t.same(found.rejected, [
    [offsetOf(1), lines[1]!.length + 1 + lines[3]!.length, 'invalid-json'],
    [offsetOf(2), Buffer.byteLength(lines[2]!), 'invalid-json'],
  ]);
  const texts = found.batches.flatMap(({ rejected }) =>
    rejected.map(({ bytes }) => Buffer.from(bytes).toString()),
  );
  t.same(texts.sort(), [`${lines[1]}\n${lines[3]}`, lines[2]].sort());
  t.same(
    found.records.map(([, record]) => record),
    [{ a: 1 }],
  );
});
