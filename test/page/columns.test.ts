import fc from 'fast-check';
import t from 'tap';
import { decodeSnapshot, encodeSnapshot } from '../../lib/page/columns.ts';
import type { Snapshot } from '../../lib/page/snapshot.ts';
import { holds } from '../helpers/holds.ts';
import { year } from './year.ts';

const small = year({ sessions: 500, users: 20, targets: 7, days: 30 });

t.test('what is decoded is what was encoded', async (t) => {
  t.same(decodeSnapshot(encodeSnapshot(small)), small);
});

t.test('any columns come back, the largest numbers and any order included', async () => {
  const column = fc
    .array(fc.integer({ min: 0, max: 0xffffffff }))
    .map((numbers) => Uint32Array.from(numbers));
  holds(
    t,
    fc.property(column, column, (a, b) => {
      const snapshot: Snapshot = { ...small, cells: { pair: a, day: b, sessions: a, seconds: b } };
      const { cells } = decodeSnapshot(encodeSnapshot(snapshot));
      return String(cells.pair) === String(a) && String(cells.seconds) === String(b);
    }),
  );
});

t.test('seconds in whole minutes are written as minutes', async (t) => {
  const seconds = small.cells.seconds.map((each) => 60 * each);
  const cells = { ...small.cells, seconds };
  const inMinutes = { ...small, head: { ...small.head, secondsUnit: 60 }, cells };
  t.same(decodeSnapshot(encodeSnapshot(inMinutes)), inMinutes);
  t.ok(encodeSnapshot(inMinutes).length < encodeSnapshot({ ...small, cells }).length);
});

t.test('bytes at any place of a buffer are read', async (t) => {
  const bytes = encodeSnapshot(small);
  const moved = new Uint8Array(bytes.length + 3);
  moved.set(bytes, 3);
  t.same(decodeSnapshot(moved.subarray(3)), small);
});

t.test('what is cut off or of another version is refused', async (t) => {
  const bytes = encodeSnapshot(small);
  t.throws(() => decodeSnapshot(bytes.subarray(0, bytes.length - 1)), /ends too early/);
  const other = { ...small, head: { ...small.head, version: 1 } } as unknown as Snapshot;
  t.throws(() => decodeSnapshot(encodeSnapshot(other)), /not of the version/);
});

t.test('a year of 1,000,000 sessions takes a few bytes a cell', async (t) => {
  const snapshot = year({ sessions: 20_000, users: 200, targets: 50, days: 365 });
  const { cells, activity } = snapshot;
  t.ok(encodeSnapshot(snapshot).length < 9 * cells.day.length + 4 * activity.minute.length);
});
