import fc from 'fast-check';
import t from 'tap';
import { ByteReader, DamagedBytes } from '../../lib/state/byte-reader.ts';
import { ByteWriter } from '../../lib/state/byte-writer.ts';

t.test('what was written is read', async (t) => {
  const item = fc.oneof(
    fc.record({ kind: fc.constant('whole' as const), value: fc.maxSafeNat() }),
    fc.record({ kind: fc.constant('double' as const), value: fc.double() }),
    fc.record({ kind: fc.constant('text' as const), value: fc.string({ unit: 'binary' }) }),
    fc.record({
      kind: fc.constant('text' as const),
      value: fc.constantFrom('\ud800', 'a\udc00b', '', 'same'),
    }),
    fc.record({ kind: fc.constant('doubles' as const), value: fc.array(fc.double()) }),
    fc.record({
      kind: fc.constant('doubles' as const),
      value: fc.array(fc.double()).map((list) => Float64Array.from([0, ...list]).subarray(1)),
    }),
    fc.record({ kind: fc.constant('wholes' as const), value: fc.array(fc.maxSafeNat()) }),
    fc.record({ kind: fc.constant('flag' as const), value: fc.boolean() }),
  );
  const holds = fc.property(fc.array(item), (items) => {
    const to = new ByteWriter();
    for (const { kind, value } of items) (to[kind] as (value: unknown) => void)(value);
    const from = new ByteReader(to.written);
    const isSame = items.every(({ kind, value }) => {
      const read = from[kind]();
      if (typeof value !== 'object') return Object.is(read, value);
      return Array.from<unknown>(value).every((x, k) => Object.is((read as ArrayLike<number>)[k], x));
    });
    return isSame && from.isAtEnd;
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 1, numRuns: 300 }));
});

t.test('what a function passes is given as it stands', async (t) => {
  const to = new ByteWriter();
  to.whole(300);
  const start = to.written.length;
  to.doubles([1, Number.NaN]);
  to.wholes([1, 500, 3]);
  const end = to.written.length;
  to.text('behind');
  const from = new ByteReader(to.written);
  t.equal(from.whole(), 300);
  const passed = from.bytesOf((reader) => {
    reader.passDoubles();
    reader.passWholes();
  });
  t.same(passed, to.written.subarray(start, end));
  t.equal(from.text(), 'behind');
});

t.test('a text that comes again takes a byte', async (t) => {
  const to = new ByteWriter();
  to.text('mirrord_sessions_create_total');
  const { length } = to.written;
  to.text('mirrord_sessions_create_total');
  t.equal(to.written.length, length + 1);
});

t.test('bytes that end too early are damaged', async (t) => {
  const to = new ByteWriter();
  to.doubles([1, 2, 3]);
  to.text('text');
  const told = Array.from({ length: to.written.length }, (_, length) => {
    const from = new ByteReader(to.written.subarray(0, length));
    try {
      from.doubles();
      from.text();
      return 'read';
    } catch (error) {
      return error instanceof DamagedBytes ? 'told' : error;
    }
  });
  t.same(new Set(told), new Set(['told']));
});

t.test('a length that nobody could mean takes no memory', async (t) => {
  const to = new ByteWriter();
  to.whole(Number.MAX_SAFE_INTEGER);
  t.throws(() => new ByteReader(to.written).doubles(), { message: 'it ends too early' });
  t.throws(() => new ByteReader(to.written).wholes(), { message: 'it ends too early' });
  t.throws(() => new ByteReader(Buffer.alloc(12, 255)).whole(), { message: 'it ends too early' });
});
