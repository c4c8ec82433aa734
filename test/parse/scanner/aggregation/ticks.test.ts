import fc from 'fast-check';
import t from 'tap';
import { TickLogs } from '../../../../lib/parse/scanner/aggregation/tick-logs.ts';
import { assemble } from './assembled.ts';

const { exports, bytes } = await assemble(`
import { openTicks } from './aggregation/ticks';
export * from './aggregation/ticks';
openTicks(100000);
`);

/** Two series. */
const AT = [4096, 4160] as const;

/** What the log says of a series once all is in it. */
function ticksOf(name: number): [tick: number, marks: number][] {
  const found: [number, number][] = [];
  for (let k = 0; k < exports.loggedTicks!(); k++) {
    const entry = exports.tickLog!() + 12 * k;
    if (bytes.readUInt32LE(entry) === name)
      found.push([bytes.readInt32LE(entry + 4), bytes.readUInt32LE(entry + 8)]);
  }
  return settled(found);
}

const TABLE_SHIFT = 24;
const logs = new TickLogs();

type Entry = readonly [table: number, id: number, tick: number, marks: number];

/** What logs give, by table and series: the tables have as many series as there is room for, by numbers of their own. */
function drained(
  entries: readonly (readonly Entry[])[],
  known: readonly (readonly Int32Array[])[],
): Map<string, [number, number][]> {
  const given = new Map<string, [number, number][]>();
  logs.drain(
    entries.map((list, k) => ({
      // not at the beginning of its memory
      tables: {
        words: Uint32Array.of(
          7,
          ...list.flatMap(([table, id, tick, n]) => [(table << TABLE_SHIFT) | id, tick >>> 0, n]),
        ),
      },
      state: { ids: known[k]!.map(({ length }) => length), loggedTicks: list.length, tickLog: 4 },
      known: known[k]!,
    })),
    {
      takeTicks(table, series, ticks, marks, count) {
        given.set(
          `${table}/${series}`,
          Array.from({ length: count }, (_, k) => [ticks[k]!, marks[k]!]),
        );
      },
    },
  );
  return given;
}

function settled(list: readonly (readonly [number, number])[]): [number, number][] {
  const entries = list.map(([tick, n]): Entry => [0, 1, tick, n]);
  return drained([entries], [[Int32Array.of(-1, 0)]]).get('0/0') ?? [];
}

const marks = fc.array(
  fc.record({
    series: fc.constantFrom(...AT),
    time: fc.oneof(
      fc.integer({ min: -20_000, max: 20_000 }),
      fc.integer({ min: -(2 ** 52), max: 2 ** 52 }).map((n) => n / 256),
    ),
  }),
  { maxLength: 400, size: 'max' },
);

t.test('every mark counts in the tick of its own time', async (t) => {
  const found = fc.check(
    fc.property(marks, (list) => {
      bytes.fill(0, AT[0], AT[1] + 32);
      exports.clearTicks!();
      for (const series of AT) exports.beginTicks!(series, series);
      for (const { series, time } of list) {
        exports.turnToTick!(time);
        exports.markTick!(series, time);
      }
      for (const series of AT) exports.logPending!(series);
      return AT.every((series) => {
        const own = list.filter((mark) => mark.series === series).map(({ time }) => time);
        const counts = new Map<number, number>();
        for (const time of own) {
          const tick = Math.min(2 ** 31 - 1, Math.max(-(2 ** 31), Math.floor(time / 5000)));
          counts.set(tick, (counts.get(tick) ?? 0) + 1);
        }
        const expected = [...counts].sort(([a], [b]) => a - b);
        const count = bytes.readUInt32LE(series + 12);
        const span = [bytes.readDoubleLE(series + 16), bytes.readDoubleLE(series + 24)];
        return (
          JSON.stringify(ticksOf(series)) === JSON.stringify(expected) &&
          count === own.length &&
          (count === 0 || (span[0] === Math.min(...own) && span[1] === Math.max(...own)))
        );
      });
    }),
    { numRuns: 300 },
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
});

t.test('a list of ticks is put in order, each tick once', async (t) => {
  const found = fc.check(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 9 })), {
        maxLength: 200,
        size: 'max',
      }),
      (list) => {
        const sums = new Map<number, number>();
        for (const [tick, n] of list) sums.set(tick, (sums.get(tick) ?? 0) + n);
        const ours = settled(list);
        return JSON.stringify(ours) === JSON.stringify([...sums].sort(([a], [b]) => a - b));
      },
    ),
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
});

t.test('says when the log is full', async (t) => {
  bytes.fill(0, AT[0], AT[0] + 32);
  exports.clearTicks!();
  let count = 0;
  for (; exports.ticksHaveRoom!(1) === 1; count++) {
    exports.turnToTick!(count * 5000);
    exports.markTick!(AT[0], count * 5000);
  }
  // the last one is still counted
  t.equal(count, 100_001);
});

t.test('ticks come out ascending, each once with all its marks, in whatever order they came', async (t) => {
  const runs = fc.array(
    fc.record({
      from: fc.integer({ min: -1000, max: 1000 }),
      steps: fc.array(fc.integer({ min: -3, max: 40 })),
    }),
    { maxLength: 24 },
  );
  const found = fc.check(
    fc.property(runs, (list) => {
      const came = list.flatMap(({ from, steps }) => {
        let tick = from;
        return steps.map((step, k): [number, number] => {
          tick += step;
          return [tick, 1 + (k % 5)];
        });
      });
      const counts = new Map<number, number>();
      for (const [tick, n] of came) counts.set(tick, (counts.get(tick) ?? 0) + n);
      const wanted = [...counts].sort(([a], [b]) => a - b);
      return JSON.stringify(settled(came)) === JSON.stringify(wanted);
    }),
    { numRuns: 500 },
  );
  t.equal(found.failed ? fc.defaultReportMessage(found) : '', '');
});

t.test('logs of several engines are put together, whatever each calls a series', async (t) => {
  const tables = [5, 1, 40] as const;
  const entry = fc
    .nat(tables.length - 1)
    .chain((table) =>
      fc.tuple(
        fc.constant(table),
        fc.nat(tables[table]! - 1),
        fc.oneof(fc.integer({ min: -9, max: 90 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
        fc.integer({ min: 1, max: 2 ** 31 }),
      ),
    );
  const list = fc.array(entry, { maxLength: 300, size: 'max' });
  const found = fc.check(
    fc.property(
      fc.array(list, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 40 }),
      (all, turn) => {
        // an engine met the series in an order of its own
        const known = all.map((_, k) =>
          tables.map((size) =>
            Int32Array.from({ length: size + 1 }, (_, id) => (id === 0 ? -1 : (id - 1 + k * turn) % size)),
          ),
        );
        const wanted = new Map<string, Map<number, number>>();
        const entries = all.map((list, k) =>
          list.map(([table, series, tick, n]): Entry => {
            const name = `${table}/${series}`;
            const own = wanted.get(name) ?? new Map<number, number>();
            wanted.set(name, own.set(tick, ((own.get(tick) ?? 0) + n) >>> 0));
            return [table, known[k]![table]!.indexOf(series), tick, n];
          }),
        );
        const sorted = new Map([...wanted].map(([name, own]) => [name, [...own].sort(([a], [b]) => a - b)]));
        const ours = drained(entries, known);
        return (
          ours.size === sorted.size &&
          [...sorted].every(([name, own]) => JSON.stringify(ours.get(name)) === JSON.stringify(own))
        );
      },
    ),
    { numRuns: 300 },
  );
  t.equal(found.failed ? fc.defaultReportMessage(found) : '', '');
});
