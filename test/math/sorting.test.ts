import fc from 'fast-check';
import t from 'tap';
import { Sorting } from '../../lib/math/sorting.ts';
import { holds } from '../helpers/holds.ts';

const sorting = new Sorting(2000);
const right = (list: readonly number[]): boolean =>
  String(sorting.sort(Float64Array.from(list))) === String(Float64Array.from(list).sort());

t.test('numbers of any kind come out ascending', async (t) => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: 0, max: 1000, noNaN: true }),
    fc.integer({ min: -3, max: 3 }),
  );
  const lists = fc.array(
    number.map((x) => x + 0),
    { maxLength: 700, size: 'max' },
  );
  holds(t, fc.property(lists, right), { seed: 13, numRuns: 500 });
});

t.test('shapes', async (t) => {
  const shapes: [string, (i: number) => number][] = [
    ['equal', () => 7],
    ['ascending', (i) => i],
    ['ascending but for the last', (i) => (i === 1499 ? 700.5 : i)],
    ['ascending but for the last two', (i) => (i < 1498 ? i : 2 * (1500 - i))],
    ['descending', (i) => -i],
    ['crowded at one end', (i) => 2 ** ((i * 7919) % 1000)],
    ['crowded in the middle', (i) => (i === 0 ? -1e9 : i === 1 ? 1e9 : (i * 7919) % 1500)],
    ['the whole range', (i) => (i % 2 === 0 ? 1 : -1) * Number.MAX_VALUE * (i / 1500)],
    ['the smallest', (i) => ((i * 7919) % 1500) * 5e-324],
  ];
  for (const [name, of] of shapes) t.ok(right(Array.from({ length: 1500 }, (_, i) => of(i) + 0)), name);
});
