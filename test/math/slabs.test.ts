import fc from 'fast-check';
import t from 'tap';
import { Rows } from '../../lib/math/rows.ts';
import { Slabs } from '../../lib/math/slabs.ts';
import { holds } from '../helpers/holds.ts';

/** So many empty lists, and where they begin. */
function lists(count: number, capacity: number): { slabs: Slabs; at: number[]; rows: Rows } {
  const rows = new Rows();
  const slabs = new Slabs(rows, capacity);
  const column = rows.reserve(slabs.width);
  const at = Array.from({ length: count }, () => {
    rows.next();
    return rows.add() * rows.width + column;
  });
  return { slabs, at, rows };
}

function contents(slabs: Slabs, at: number, length: number, first = 0, step = 1): number[] {
  const out = new Float64Array(Math.ceil((length - first) / step));
  slabs.read(at, first, step, length, out);
  return [...out];
}

const range = (n: number, from = 0): number[] => Array.from({ length: n }, (_, i) => from + i);

t.test('lists that grow in turns keep to themselves', async () => {
  const capacities = fc.integer({ min: 8, max: 2000 }).map((n) => 2 * n);
  holds(
    t,
    fc.property(
      capacities,
      fc.array(fc.nat({ max: 6 }), { maxLength: 3000, size: 'max' }),
      (capacity, turns) => {
        const { slabs, at } = lists(7, capacity);
        const model: number[][] = at.map(() => []);
        for (const [k, i] of turns.entries()) {
          const list = model[i]!;
          if (list.length + 2 > capacity) continue;
          if (i % 2 === 0) {
            slabs.putPair(at[i]!, list.length, k, -k);
            list.push(k, -k);
          } else {
            slabs.put(at[i]!, list.length, k);
            list.push(k);
          }
        }
        return model.every((list, i) => String(contents(slabs, at[i]!, list.length)) === String(list));
      },
    ),
    { seed: 4, numRuns: 200 },
  );
});

t.test('every so manyth number', async (t) => {
  const { slabs, at } = lists(1, 200);
  for (const v of range(150)) slabs.put(at[0]!, v, v);
  t.same(
    contents(slabs, at[0]!, 150, 1, 2),
    range(150).filter((v) => v % 2 === 1),
  );
});

t.test('what is written replaces what was there, and is appended to', async (t) => {
  const { slabs, at } = lists(2, 382);
  for (const v of range(382)) for (const list of at) slabs.put(list, v, v);
  for (const length of [0, 1, 8, 100, 254, 256, 300]) {
    slabs.write(at[0]!, Float64Array.from(range(length, 1000)), length);
    for (const v of range(382 - length, length)) slabs.put(at[0]!, v, -v);
    const wanted = [...range(length, 1000), ...range(382 - length, length).map((v) => -v)];
    t.same(contents(slabs, at[0]!, 382), wanted, `${length} written`);
  }
  t.same(contents(slabs, at[1]!, 382), range(382), 'the neighbour is as it was');
  slabs.rewind(at[1]!);
  slabs.put(at[1]!, 0, 77);
  t.same(contents(slabs, at[1]!, 2), [77, 1], 'rewound to the start');
});

t.test('a list may be longer than an array that lists share', async (t) => {
  const { slabs, at } = lists(2, 400_000);
  for (const v of range(300_000)) slabs.put(at[0]!, v, v);
  for (const v of range(10)) slabs.put(at[1]!, v, -v);
  t.ok(contents(slabs, at[0]!, 300_000).every((x, v) => x === v));
  t.same(
    contents(slabs, at[1]!, 10),
    range(10).map((v) => 0 - v),
  );
});

t.test('what is held is little more than what is used', async (t) => {
  for (const [count, length] of [
    [1, 1100],
    [1, 3082],
    [1000, 3082],
    [1000, 50],
  ] as const) {
    const { slabs, at } = lists(count, 3082);
    const arrays = new Set<Float64Array>();
    for (const list of at) {
      for (const v of range(length)) slabs.put(list, v, v);
      for (let v = 0; v < length; v = slabs.end) {
        slabs.seek(list, v);
        arrays.add(slabs.array);
      }
    }
    const held = [...arrays].reduce((sum, array) => sum + array.length, 0);
    t.ok(held <= 1.6 * count * length, `${count} lists of ${length}: ${held} numbers held`);
  }
});
