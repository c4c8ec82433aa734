import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { KindLists } from '../../lib/batch/rows-by-kind.ts';
import { holds } from '../helpers/holds.ts';

t.test('rows by kind, one list for all who ask for the same kinds', (t) => {
  const lists = new KindLists();
  const some = lists.of([3, 1]);
  const none = lists.of([9]);
  const nothing = lists.of([]);
  t.equal(lists.of([1, 3, 3]), some);
  t.not(lists.of([1]), some);
  const kinds = Uint8Array.of(1, 2, 3, 1, 255, 3);
  lists.select({ batch: { kind: kinds }, from: 0, to: 6 });
  t.same([...some.rows], [0, 2, 3, 5]);
  t.equal(none.rows.length, 0);
  t.equal(nothing.rows.length, 0);
  lists.select({ batch: { kind: kinds }, from: 1, to: 4 });
  t.same([...some.rows], [2, 3]);
  lists.select({ batch: { kind: kinds }, from: 4, to: 4 });
  t.same([...some.rows], []);
  t.end();
});

t.test('whatever is asked for, and of whatever part of a batch', (t) => {
  const kind = fc.constantFrom(0, 1, 2, 3, 254, 255);
  const asked = fc.array(fc.uniqueArray(kind), { minLength: 1, maxLength: 5 });
  const batches = fc.array(fc.tuple(fc.array(kind, { maxLength: 40 }), fc.nat(), fc.nat()), { minLength: 1 });
  holds(
    t,
    fc.property(asked, batches, (asked, batches) => {
      const lists = new KindLists();
      const opened = asked.map((kinds) => lists.of(kinds));
      for (const [kinds, a, b] of batches) {
        const [from, to] = [a % (kinds.length + 1), b % (kinds.length + 1)].sort((x, y) => x - y);
        lists.select({ batch: { kind: Uint8Array.from(kinds) }, from: from!, to: to! });
        opened.forEach((list, k) => {
          const expected = kinds.flatMap((kind, row) =>
            row >= from! && row < to! && asked[k]!.includes(kind) ? [row] : [],
          );
          assert.deepStrictEqual([...list.rows], expected);
        });
      }
    }),
    { numRuns: 100 },
  );
  t.end();
});
