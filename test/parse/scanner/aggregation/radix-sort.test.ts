import fc from 'fast-check';
import t from 'tap';
import { assemble } from './assembled.ts';

const MOST = 3000;
const { exports, bytes } = await assemble(`
import { reserve } from './arena';
import { PLACES_BYTES, sortByUpperHalf } from './aggregation/radix-sort';
const keys = reserve(8 * ${MOST});
const spare = reserve(8 * ${MOST});
const places = reserve(PLACES_BYTES);
export function keysAt(): usize { return keys; }
export function sort(count: u32): usize { return sortByUpperHalf(keys, spare, count, places); }
`);

t.test('keys are in the order of their upper halves, equal ones as they came', async (t) => {
  const found = fc.check(
    fc.property(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 2 ** 32 - 1 })), {
        maxLength: MOST,
        size: 'max',
      }),
      (uppers) => {
        const at = exports.keysAt!();
        for (const [k, upper] of uppers.entries()) {
          bytes.writeUInt32LE(k, at + 8 * k);
          bytes.writeUInt32LE(upper, at + 8 * k + 4);
        }
        const sorted = exports.sort!(uppers.length);
        const ours = uppers.map((_, k) => [
          bytes.readUInt32LE(sorted + 8 * k + 4),
          bytes.readUInt32LE(sorted + 8 * k),
        ]);
        const wanted = uppers.map((upper, k) => [upper, k] as const).sort(([a], [b]) => a - b);
        return JSON.stringify(ours) === JSON.stringify(wanted);
      },
    ),
    { numRuns: 100 },
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
});
