import fc from 'fast-check';
import t from 'tap';
import { type BulkCell, type BulkPlan, BulkRows } from '../../../lib/commands/sessions/bulk-rows.ts';
import { duration } from '../../../lib/text/figures.ts';
import { thousandthsOf } from '../../../lib/text/number.ts';
import { formatMinute, formatTimestamp } from '../../../lib/text/time.ts';
import { holds } from '../../helpers/holds.ts';

const open = (cells: readonly BulkCell[], plan: Partial<BulkPlan> = {}): BulkRows =>
  BulkRows.open({ cells, gap: 0, end: '', ...plan })!;

const written = (rows: BulkRows): string => Buffer.concat([...rows.write()]).toString();

/** Each value as a row of one cell. */
function lines<T>(cell: BulkCell, values: readonly T[], lay: (rows: BulkRows, value: T) => void): string[] {
  const rows = open([cell]);
  let text = '';
  for (const value of values) {
    lay(rows, value);
    if (rows.next()) text += written(rows);
  }
  return (text + written(rows)).split('\n').slice(0, -1);
}

t.test('times are written as their texts are', async (t) => {
  const some = fc.array(
    fc.oneof(
      fc.integer({ min: 1, max: 62_167_219_200_000 }),
      fc.double({ min: 1, max: 4e12, noNaN: true }),
      fc.constantFrom(
        1,
        59_999.9996,
        86_399_999.9999,
        951_782_399_999.9,
        951_868_800_000,
        1_700_000_000_000.5,
      ),
    ),
    { minLength: 1 },
  );
  const lay = (rows: BulkRows, ms: number): void => {
    rows.doubles[rows.at(0)] = ms;
  };
  holds(
    t,
    fc.property(
      some,
      (times) =>
        String(lines({ kind: 'timestamp' }, times, lay)) === String(times.map((ms) => formatTimestamp(ms))) &&
        String(lines({ kind: 'minute' }, times, lay)) === String(times.map((ms) => formatMinute(ms))),
    ),
  );
  const late = [62_167_219_200_001, 100_000_000_000_000.25, 253_402_300_798_999];
  t.same(
    lines({ kind: 'timestamp' }, late, lay),
    late.map((ms) => formatTimestamp(ms)),
  );
});

t.test('numbers and durations are written as their texts are', async (t) => {
  const lay = (rows: BulkRows, value: number): void => {
    rows.words[2 * rows.at(0)] = thousandthsOf(value);
    rows.words[2 * rows.at(0) + 1] = 0;
  };
  const values = [
    ...Array.from({ length: 70_000 }, (_, ms) => ms / 1000),
    ...[3599.499, 3599.5, 3600, 5400, 86_369.999, 86_370, 90_000, 91_799.999, 91_800, 2_147_483.647],
    ...Array.from({ length: 5000 }, (_, k) => Math.round(k * k * 80.5) / 1000),
  ];
  t.same(lines({ kind: 'decimal' }, values, lay), values.map(String));
  t.same(lines({ kind: 'duration' }, values, lay), values.map(duration));
});

t.test('pieces and texts have blanks between them, and none at the end of a line', async (t) => {
  const cells: BulkCell[] = [
    { kind: 'text', width: 4 },
    { kind: 'piece' },
    { kind: 'duration', width: 5, isRight: true },
    { kind: 'minute', width: 18 },
    { kind: 'piece' },
  ];
  const rows = open(cells, { gap: 2, end: undefined });
  const row = (
    text: string,
    first: string,
    milliseconds: number,
    ms: number,
    last: string | undefined,
  ): void => {
    const at = rows.at(0);
    rows.bytes.set(Buffer.from(text), rows.textAt);
    rows.words.set([rows.textAt, text.length], 2 * at);
    rows.textAt += text.length;
    rows.words[2 * (at + 1)] = rows.add({ bytes: Buffer.from(first), before: 1, behind: 3 }, true);
    rows.words.set([milliseconds, 0], 2 * (at + 2));
    rows.doubles[at + 3] = ms;
    rows.words[2 * (at + 4)] = rows.add({ bytes: Buffer.from(last ?? ''), before: 0, behind: 6 }, false);
    rows.next();
  };
  row('ab', 'x', 79, 0, 'end');
  row('', 'yy', 1000, Number.NaN, '');
  row('abcdef', 'z', 0, 60_000, 'é ');
  t.equal(
    written(rows),
    [
      `ab${' '.repeat(5)}x${' '.repeat(4)}79ms  1970-01-01 00:00    end`,
      `${' '.repeat(7)}yy${' '.repeat(6)}1s`,
      `abcdef   z${' '.repeat(6)}0s  1970-01-01 00:01    é`,
      '',
    ].join('\n'),
  );
});

t.test('what stands around a cell, and in place of one that there is none of', async (t) => {
  const rows = open([{ kind: 'timestamp', lead: '{"at":"', tail: '"', none: '{"at":null' }], { end: '}' });
  for (const ms of [1000, Number.NaN]) {
    rows.doubles[rows.at(0)] = ms;
    rows.next();
  }
  rows.doubles[rows.at(0)] = -rows.add({ bytes: Buffer.from('{"at":"?"'), before: 0, behind: 0 }, false);
  rows.next();
  t.equal(written(rows), '{"at":"1970-01-01T00:00:01Z"}\n{"at":null}\n{"at":"?"}\n');
});

t.test(
  'more than there is room for is written in several pieces; what does not fit is refused',
  async (t) => {
    const rows = open([{ kind: 'piece' }]);
    const bytes = Buffer.from('x'.repeat(8000));
    t.equal(rows.add({ bytes: Buffer.alloc(9000), before: 0, behind: 0 }, true), 0, 'it is too long');
    t.notOk(rows.isShort);
    const address = rows.add({ bytes, before: 0, behind: 0 }, true);
    for (let k = 0; k < 1000; k++) {
      rows.words[2 * rows.at(0)] = address;
      rows.next();
    }
    const pieces = [...rows.write()];
    t.ok(pieces.length > 20);
    t.equal(Buffer.concat(pieces).toString(), `${bytes}\n`.repeat(1000));
    while (rows.add({ bytes, before: 0, behind: 0 }, true) !== 0);
    t.ok(rows.isShort, 'there is no more room');
    rows.forget();
    t.equal(rows.add({ bytes, before: 0, behind: 0 }, true), address);
  },
);
