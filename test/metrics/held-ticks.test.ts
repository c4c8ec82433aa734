import fc from 'fast-check';
import t from 'tap';
import { HeldTicks } from '../../lib/metrics/held-ticks.ts';

const ascending = fc
  .uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 12 })
  .map((ticks) => ticks.sort((a, b) => a - b));
const adds = fc.array(fc.tuple(fc.nat(1), fc.nat(3), ascending, fc.integer({ min: 1, max: 9 })), {
  maxLength: 30,
});

t.test('what is held is the sum of what was given, by tick, in whatever order it came', async (t) => {
  const holds = fc.property(adds, adds, (before, all) => {
    const held = new HeldTicks();
    const add = ([table, series, ticks, marks]: [number, number, number[], number]): void =>
      held.add(
        table,
        series,
        Int32Array.from([...ticks, 99]),
        Uint32Array.from(ticks, () => marks),
        ticks.length,
      );
    before.forEach(add);
    held.clear();
    if (held.size !== 0 || [...held.each()].length !== 0) return false;
    const expected = new Map<string, Map<number, number>>();
    for (const one of all) {
      add(one);
      const [table, series, ticks, marks] = one;
      const own = expected.get(`${table} ${series}`) ?? new Map<number, number>();
      for (const tick of ticks) own.set(tick, (own.get(tick) ?? 0) + marks);
      if (own.size > 0) expected.set(`${table} ${series}`, own);
    }
    const found = Array.from(held.each(), ({ table, series, ticks, marks }) => [
      `${table} ${series}`,
      Array.from(ticks, (tick, k) => [tick, marks[k]]),
    ]);
    const wanted = Array.from(expected, ([name, own]) => [name, [...own].sort(([a], [b]) => a - b)]).sort();
    const size = [...expected.values()].reduce((sum, own) => sum + own.size, 0);
    return JSON.stringify(found) === JSON.stringify(wanted) && held.size === size;
  });
  t.doesNotThrow(() => fc.assert(holds, { seed: 31, numRuns: 300 }));
});
