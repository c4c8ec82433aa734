import fc from 'fast-check';
import t from 'tap';
import { atRanks } from '../../lib/math/ranks.ts';
import { holds } from '../helpers/holds.ts';

function chosen(numbers: readonly number[], ranks: readonly number[]): number[] {
  const n = numbers.length;
  const out = new Float64Array(ranks.length);
  atRanks(Float64Array.from(numbers), new Float64Array(n), n, ranks, out);
  return [...out];
}

t.test('gives what a full sort would have at the ranks', async (t) => {
  const few = fc.integer({ min: -9, max: 9 });
  const any = fc.double({ noNaN: true });
  const lists = fc.oneof(
    fc.array(few, { minLength: 1, maxLength: 300, size: 'max' }),
    fc.array(any, { minLength: 1, maxLength: 300, size: 'max' }),
  );
  holds(
    t,
    fc.property(lists, fc.array(fc.nat(), { maxLength: 12 }), (raw, picks) => {
      const list = raw.map((x) => x + 0);
      const ranks = picks.map((pick) => pick % list.length).sort((a, b) => a - b);
      const wanted = Float64Array.from(list).sort();
      return String(chosen(list, ranks)) === String(ranks.map((rank) => wanted[rank]));
    }),
    { seed: 4, numRuns: 1000 },
  );
  t.pass('for random lists, with ties and infinities, and repeated ranks');
});

t.test('all of one number, and orders of every kind, in linear time', async (t) => {
  const n = 1 << 19;
  const shapes: [string, (i: number) => number][] = [
    ['equal', () => 7],
    ['two numbers', (i) => i & 1],
    ['ascending', (i) => i],
    ['descending', (i) => -i],
    ['organ pipe', (i) => Math.min(i, n - i)],
  ];
  for (const [name, of] of shapes) {
    const list = Array.from({ length: n }, (_, i) => of(i));
    const wanted = Float64Array.from(list).sort();
    const ranks = [0, 1, n >> 2, n >> 1, n - 2, n - 1];
    // Quadratic time would take many minutes, so getting here is the proof.
    t.same(
      chosen(list, ranks),
      ranks.map((rank) => wanted[rank]),
      name,
    );
  }
});

t.test('one number, no rank', async (t) => {
  t.same(chosen([3], [0, 0]), [3, 3]);
  t.same(chosen([3, 4], []), []);
});
