import fc from 'fast-check';
import t from 'tap';
import { selectPairs } from '../../lib/math/select.ts';
import { holds } from '../helpers/holds.ts';

const BASE = 3;

/** Few different numbers, so that there are ties of the first and of both. */
const pair = fc.tuple(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -3, max: 3 }));
const pairs = fc.array(pair, { minLength: 1, maxLength: 200, size: 'max' });

function pairsOf(a: Float64Array): number[][] {
  const list: number[][] = [];
  for (let i = BASE; i < a.length - 1; i += 2) list.push([...a.subarray(i, i + 2)]);
  return list;
}

const sorted = (list: readonly number[][]): number[][] =>
  list.toSorted((x, y) => x[0]! - y[0]! || x[1]! - y[1]!);

t.test('puts the pair of a rank where a full sort would, and parts the others', async (t) => {
  holds(
    t,
    fc.property(pairs, fc.nat(), (list, pick) => {
      const rank = pick % list.length;
      const a = Float64Array.from([91, 92, 93, ...list.flat(), 94]);
      selectPairs(a, BASE, 0, list.length - 1, rank);
      const found = pairsOf(a);
      const wanted = sorted(list);
      return (
        String(found[rank]) === String(wanted[rank]) &&
        String(sorted(found.slice(0, rank + 1))) === String(wanted.slice(0, rank + 1)) &&
        String(sorted(found)) === String(wanted) &&
        String([...a.subarray(0, BASE), a.at(-1)]) === '91,92,93,94'
      );
    }),
    { seed: 4, numRuns: 1000 },
  );
  t.pass('for random lists with many ties');
});

t.test('leaves what is outside of its range alone', async (t) => {
  const list = Array.from({ length: 40 }, (_, i) => [40 - i, i]);
  const a = Float64Array.from(list.flat());
  selectPairs(a, 0, 5, 30, 5);
  t.same([...a.subarray(0, 10)], list.slice(0, 5).flat());
  t.same([...a.subarray(62)], list.slice(31).flat());
  t.same([...a.subarray(10, 12)], list[30]);
});

t.test('is linear where all are equal, ascending or descending', async (t) => {
  const n = 1 << 18;
  const shapes: [string, (i: number) => number][] = [
    ['equal', () => 1],
    ['ascending', (i) => i],
    ['descending', (i) => -i],
  ];
  for (const [name, of] of shapes) {
    const a = Float64Array.from({ length: 2 * n }, (_, i) => of(i >> 1));
    const wanted = Float64Array.from({ length: n }, (_, i) => of(i)).sort()[n >> 1];
    selectPairs(a, 0, 0, n - 1, n >> 1);
    // Quadratic time would take many minutes, so getting here is the proof.
    t.equal(a[n & ~1], wanted, name);
  }
});
