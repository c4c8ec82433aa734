import fc from 'fast-check';
import t from 'tap';
import { holds } from '../../../helpers/holds.ts';
import { assemble } from './assembled.ts';

const MOST = 1500;
const { exports, bytes } = await assemble(`
import { reserve } from './arena';
import { sortByValue } from './settling/value-sort';
const pairs = reserve(16 * ${MOST});
const spare = reserve(16 * ${MOST});
const starts = reserve(4 * (${MOST} + 1));
export function pairsAt(): usize { return pairs; }
export function sort(count: u32): void { sortByValue(pairs, count, spare, starts); }
`);

/** Whether values come out ascending, each with the order that it came with: its place in the list. */
function isSorted(values: readonly number[]): boolean {
  const at = exports.pairsAt!();
  for (const [k, value] of values.entries()) {
    bytes.writeDoubleLE(k, at + 16 * k);
    bytes.writeDoubleLE(value, at + 16 * k + 8);
  }
  exports.sort!(values.length);
  const places = values.map((_, k) => bytes.readDoubleLE(at + 16 * k));
  const sorted = values.map((_, k) => bytes.readDoubleLE(at + 16 * k + 8));
  return (
    new Set(places).size === values.length &&
    places.every((place, k) => values[place] === sorted[k]) &&
    sorted.every((value, k) => k === 0 || sorted[k - 1]! <= value)
  );
}

t.test('pairs come out by value, whatever the values', async (t) => {
  const value = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: 0, max: 1000, noNaN: true }),
    fc.integer({ min: -3, max: 3 }),
  );
  holds(t, fc.property(fc.array(value, { maxLength: 700, size: 'max' }), isSorted), {
    seed: 13,
    numRuns: 300,
  });
});

t.test('shapes', async (t) => {
  const shapes: [string, (k: number) => number][] = [
    ['equal', () => 7],
    ['ascending', (k) => k],
    ['descending', (k) => -k],
    ['crowded at one end', (k) => 2 ** ((k * 7919) % 1000)],
    ['crowded in the middle', (k) => (k === 0 ? -1e9 : k === 1 ? 1e9 : (k * 7919) % MOST)],
    ['the whole range', (k) => (k % 2 === 0 ? 1 : -1) * Number.MAX_VALUE * (k / MOST)],
    ['the smallest', (k) => ((k * 7919) % MOST) * 5e-324],
  ];
  for (const [name, of] of shapes) t.ok(isSorted(Array.from({ length: MOST }, (_, k) => of(k))), name);
});
