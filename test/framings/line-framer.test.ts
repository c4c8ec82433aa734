import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { LineFramer } from '../../lib/framings/line-framer.ts';
import { kubectlPrefix } from '../../lib/framings/prefix.ts';
import { holds } from '../helpers/holds.ts';
import { anyChunks, collect, content } from './collect.ts';

const framer = (maxRecordBytes = 1000): LineFramer => new LineFramer({ maxRecordBytes });

t.test('a record a line', async (t) => {
  const { records, rejected, consumed } = collect(framer(), '{"a":1}\n\n \t\r\n{"b":2}\r\n  {"c":3} \nlast');
  t.same(records, [
    [0, '{"a":1}'],
    [13, '{"b":2}'],
    [22, '  {"c":3} '],
    [33, 'last'],
  ]);
  t.same(rejected, []);
  t.equal(consumed, 37);
});

t.test('only LF ends a line', async (t) => {
  const text = '"\u2028\u2029\u0085\u000b\u000c\rx"';
  const { records } = collect(framer(), `${text}\n`);
  t.same(records, [[0, Buffer.from(text).toString('latin1')]]);
});

t.test('of the carriage returns before it, one belongs to the line end', async (t) => {
  t.same(collect(framer(), 'a\r\r\n').records, [[0, 'a\r']]);
  t.same(collect(framer(), 'a\r').records, [[0, 'a']]);
});

t.test('a byte order mark at the very start is skipped, elsewhere it is not', async (t) => {
  const mark = '\ufeff';
  const { records, consumed } = collect(framer(), `${mark}{}\n${mark}{}\n`, [1]);
  t.same(records, [
    [3, '{}'],
    [6, '\xef\xbb\xbf{}'],
  ]);
  t.equal(consumed, 12);
  t.same(content(collect(framer(), mark)), { records: [], rejected: [], consumed: 3 });
  t.same(collect(framer(10), `${mark}${'x'.repeat(10)}\n`, [1]).records, [[3, 'x'.repeat(10)]]);
});

t.test('a line of the limit is taken, a longer one is not', async (t) => {
  for (const sizes of [[1], [7], [1 << 20]]) {
    for (const end of ['\n', '\r\n', '']) {
      const exact = collect(framer(100), `{}\n${'x'.repeat(100)}${end}`, sizes);
      t.same(exact.records[1], [3, 'x'.repeat(100)]);
      t.same(exact.rejected, []);
      const longer = collect(framer(100), `{}\n${'x'.repeat(101)}${end}`, sizes);
      t.same(longer.rejected, [[3, 101, 'too-long', 'x'.repeat(101)]]);
      t.equal(longer.consumed, 104 + end.length);
    }
  }
});

t.test('of a giant line only the beginning is kept, and what follows is read', async (t) => {
  const giant = 'y'.repeat(100_000);
  for (const sizes of [[64], [4096], [1 << 20]]) {
    const { records, rejected, consumed } = collect(framer(5000), `{}\n${giant}\r\n{"z":1}\n`, sizes);
    t.same(records, [
      [0, '{}'],
      [100_005, '{"z":1}'],
    ]);
    t.same(rejected, [[3, 100_000, 'too-long', 'y'.repeat(1024)]]);
    t.equal(consumed, 100_013);
  }
  t.same(collect(framer(5000), giant, [100]).rejected, [[0, 100_000, 'too-long', 'y'.repeat(1024)]]);
});

t.test('a giant line that comes in small pieces costs no more than its length', async (t) => {
  // Joining at every piece would copy some 2.6 TB here.
  const big = new LineFramer({ maxRecordBytes: 1 << 26 });
  const piece = Buffer.alloc(400, 'z');
  for (let k = 0; k < 100_000; k++) for (const _ of big.push(piece)) t.fail('nothing is whole yet');
  const frames = [...big.end()];
  t.equal(frames.length, 1);
  t.equal(frames[0]!.length[0], 40_000_000);
});

t.test('frames hold at most 4096 rows', async (t) => {
  const { rows, records, consumed } = collect(framer(), '{}\n'.repeat(10_000));
  t.same(rows, [4096, 4096, 1808]);
  t.same(records[9999], [29_997, '{}']);
  t.equal(consumed, 30_000);
});

t.test('frames come one by one, as they are asked for', async (t) => {
  const frames = framer().push(Buffer.from('{}\n'.repeat(5000)));
  t.equal(frames.next().value!.count, 4096);
  t.equal(frames.next().value!.count, 904);
  t.ok(frames.next().done);
});

t.test('any chunks give the same', async () => {
  const line = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '\r',
      '\t\r',
      '{"a":1}',
      '{"é":"\u2028"}',
      'x'.repeat(64),
      'y'.repeat(65),
      'z'.repeat(3000),
    ),
    fc.string({ maxLength: 80, unit: 'binary' }),
  );
  const input = fc.tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(line, { maxLength: 30 }),
    fc.constantFrom('\n', '\r\n'),
  );
  holds(
    t,
    fc.property(input, anyChunks, fc.boolean(), ([mark, lines, end], chunks, prefixed) => {
      const bytes = Buffer.from(mark + lines.join(end));
      const make = (): LineFramer =>
        new LineFramer({ maxRecordBytes: 64, prefix: prefixed ? kubectlPrefix : undefined });
      const whole = collect(make(), bytes);
      assert.deepEqual(content(collect(make(), bytes, chunks)), content(whole));
      assert.equal(whole.consumed, bytes.length);
      for (const [offset, text] of whole.records)
        assert.equal(bytes.toString('latin1', offset, offset + text.length), text);
    }),
  );
});
