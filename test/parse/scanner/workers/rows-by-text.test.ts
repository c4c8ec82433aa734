import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { RowsByText } from '../../../../lib/parse/scanner/workers/rows-by-text.ts';
import { holds } from '../../../helpers/holds.ts';

const LIMIT = 5;

t.test('the rows with texts that are wanted, whatever came before', (t) => {
  const batch = fc.array(fc.nat(2 * LIMIT), { maxLength: 30 });
  const wanted = fc.array(fc.constantFrom(0, 1), { minLength: LIMIT, maxLength: LIMIT });
  const steps = fc.array(fc.tuple(batch, fc.array(wanted, { maxLength: 3 })), { minLength: 1 });
  holds(
    t,
    fc.property(steps, (steps) => {
      const rows = new RowsByText(LIMIT);
      for (const [texts, questions] of steps) {
        rows.sort(Uint32Array.from(texts));
        for (const wanted of questions) {
          const to = new Uint32Array(texts.length);
          const count = rows.select(Uint8Array.from(wanted), to);
          const expected = texts.flatMap((text, row) => (text >= LIMIT || wanted[text] === 1 ? [row] : []));
          assert.deepStrictEqual(
            [...to.subarray(0, count)].sort((a, b) => a - b),
            expected,
          );
        }
      }
    }),
    { numRuns: 200 },
  );
  t.end();
});

t.test('rows of one text stay in their order', (t) => {
  const rows = new RowsByText(LIMIT);
  rows.sort(Uint32Array.of(2, 1, 2, 9, 1, 7, 2));
  const to = new Uint32Array(7);
  const count = rows.select(Uint8Array.of(0, 0, 1, 0, 0), to);
  t.same([...to.subarray(0, count)], [0, 2, 6, 3, 5]);
  t.end();
});
