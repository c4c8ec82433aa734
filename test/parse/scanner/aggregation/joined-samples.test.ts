import fc from 'fast-check';
import t from 'tap';
import type { PlannedHistogram, SeriesPartial } from '../../../../lib/batch/measure-plan.ts';
import { Reservoirs } from '../../../../lib/math/reservoirs.ts';
import { JoinedSamples } from '../../../../lib/parse/scanner/aggregation/joined-samples.ts';
import type { PartialTables, Taken } from '../../../../lib/parse/scanner/aggregation/partial-tables.ts';
import { openSettling } from '../../../../lib/parse/scanner/aggregation/settling.ts';

const SERIES = 3;
/** Of a series: all that is read of it, and room for its pairs. */
const STRIDE = 4096;
const PAIRS = 256;

interface Value {
  readonly time: number;
  readonly random: number;
  readonly value: number;
}

/** Under its own id for a series; several ids may share one. */
interface Own {
  readonly series: number;
  readonly values: readonly Value[];
}

const settling = openSettling();

/** What an engine has of its ids, as the assembly leaves it. */
function takenOf(own: readonly Own[], histogram: PlannedHistogram): Taken {
  const memory = new ArrayBuffer((own.length + 1) * STRIDE);
  const words = new Uint32Array(memory);
  const doubles = new Float64Array(memory);
  for (const [k, { values }] of own.entries()) {
    const at = (k + 1) * STRIDE;
    const sample = stateOf(values, histogram);
    words[at / 4 + 3] = values.length;
    words[at / 4 + 18] = at + PAIRS;
    words[at / 4 + 19] = sample.entries.length / 2;
    words[at / 4 + 21] = sample.newest === undefined ? 0 : 1;
    doubles.set(sample.entries, (at + PAIRS) / 8);
    const [value = 0, time = 0, random = 0] = sample.newest ?? [];
    doubles.set([time, random, value], at / 8 + 12);
  }
  const known = Int32Array.from([-1, ...own.map(({ series }) => series)]);
  const tables = { words, doubles, places: [{ series: 0, stride: STRIDE }], knownOf: () => known };
  return {
    tables: tables as unknown as PartialTables,
    state: { ids: [known.length] } as unknown as Taken['state'],
  };
}

function stateOf(values: readonly Value[], { size, alpha, admission }: PlannedHistogram) {
  const reservoirs = new Reservoirs({ size, alpha, admission });
  reservoirs.add();
  const columns = (['value', 'time', 'random'] as const).map((name) =>
    Float64Array.from(values, (one) => one[name]),
  );
  reservoirs.updateAll(new Uint32Array(values.length), columns[0]!, columns[1]!, columns[2]!);
  return reservoirs.state(0);
}

/** Whether pairs of order and value are sorted by value. */
function isAscending(pairs: Float64Array): boolean {
  for (let k = 3; k < pairs.length; k += 2) if (pairs[k]! < pairs[k - 2]!) return false;
  return true;
}

const value = fc.record({
  time: fc.integer({ min: 0, max: 5 }).map((n) => n * 1000),
  random: fc.integer({ min: 1, max: 9 }).map((n) => n / 10),
  value: fc.integer({ min: -3, max: 3 }),
});
const engine = fc.array(
  fc.record({
    series: fc.integer({ min: 0, max: SERIES - 1 }),
    values: fc.array(value, { minLength: 1, maxLength: 12 }),
  }),
  { maxLength: 8 },
);
const histogram = fc.record({
  size: fc.integer({ min: 1, max: 6 }),
  alpha: fc.constantFrom(0, 0.015, 3),
  admission: fc.constantFrom('newest' as const, 'priority' as const),
});

t.test('joined samples are that of all values, by value, and are given once', async (t) => {
  const found = fc.check(
    fc.property(fc.array(engine, { minLength: 1, maxLength: 3 }), histogram, (engines, sizes) => {
      const planned = { ...sizes, bounds: [], isTimer: false };
      const taken = engines.map((own) => takenOf(own, planned));
      const joined = new JoinedSamples(settling, taken, 0, planned);
      return Array.from({ length: SERIES }, (_, series) => series).every((series) => {
        const all = engines.flat().filter((own) => own.series === series);
        const wanted = stateOf(
          all.flatMap(({ values }) => values),
          planned,
        );
        const reservoirs = new Reservoirs(sizes);
        reservoirs.add();
        for (const { values } of all) {
          const one = stateOf(values, planned);
          const [newestValue = 0, newestTime = 0, newestRandom = 0] = one.newest ?? [];
          const newest = { hasNewest: one.newest !== undefined, newestTime, newestRandom, newestValue };
          const partial = { pairs: one.entries, ...newest } as unknown as SeriesPartial;
          joined.take(series, partial);
          if (!isAscending(partial.pairs)) return false;
          reservoirs.take(0, {
            count: values.length,
            newest: partial.hasNewest
              ? [partial.newestValue, partial.newestTime, partial.newestRandom]
              : undefined,
            entries: partial.pairs.slice(),
          });
        }
        return JSON.stringify(reservoirs.state(0)) === JSON.stringify(wanted);
      });
    }),
    { numRuns: 500 },
  );
  t.equal(found.failed ? fc.defaultReportMessage(found) : '', '');
});
