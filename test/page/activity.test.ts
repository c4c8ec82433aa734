import fc from 'fast-check';
import t from 'tap';
import { activityOf } from '../../lib/page/activity.ts';
import { holds } from '../helpers/holds.ts';

const MINUTE_MS = 60_000;
const none: ReadonlyMap<number, number> = new Map();

interface Span {
  readonly start: number;
  readonly end: number;
}

const spans = (within: number) =>
  fc.array(
    fc
      .tuple(fc.integer({ min: -1000, max: within }), fc.integer({ min: 0, max: 3 * MINUTE_MS }))
      .map(([start, length]): Span => ({ start, end: start + length })),
    { maxLength: 40 },
  );

const times = (list: readonly Span[], which: 'start' | 'end'): Float64Array =>
  Float64Array.from(list, (span) => span[which]).sort();

/** By counting at every start. */
function mostIn(list: readonly Span[], from: number, to: number): number {
  let most = list.filter(({ start, end }) => start < from && end >= from).length;
  for (const { start: at } of list) {
    if (at < from || at >= to) continue;
    most = Math.max(most, list.filter(({ start, end }) => start <= at && end > at).length);
  }
  return most;
}

t.test('the most sessions at once in each minute are those that were there', async (t) => {
  // close together, and so far apart that most minutes have nothing
  const list = fc.oneof(spans(10 * MINUTE_MS), spans(100_000 * MINUTE_MS));
  holds(
    t,
    fc.property(list, (sessions) => {
      const { minute, starts, ends, most } = activityOf(times(sessions, 'start'), times(sessions, 'end'), {
        starts: none,
        ends: none,
      });
      const of = (time: number) => Math.max(0, Math.floor(time / MINUTE_MS));
      return (
        minute.every((at, k) => k === 0 || minute[k - 1]! < at) &&
        minute.every((at, k) => {
          const from = at === 0 ? Number.NEGATIVE_INFINITY : at * MINUTE_MS;
          return (
            starts[k] === sessions.filter(({ start }) => of(start) === at).length &&
            ends[k] === sessions.filter(({ end }) => of(end) === at).length &&
            most[k] === mostIn(sessions, from, (at + 1) * MINUTE_MS)
          );
        }) &&
        starts.reduce((sum, count) => sum + count, 0) === sessions.length &&
        ends.reduce((sum, count) => sum + count, 0) === sessions.length
      );
    }),
  );
});

t.test('one that starts as another ends is not there with it', async (t) => {
  const { most } = activityOf(Float64Array.of(10, 20), Float64Array.of(20, 30), { starts: none, ends: none });
  t.same([...most], [1]);
});

t.test('of minutes that are past starts come first', async (t) => {
  const past = {
    starts: new Map([[5, 2]]),
    ends: new Map([
      [5, 2],
      [7, 1],
    ]),
  };
  const { minute, starts, ends, most } = activityOf(
    Float64Array.of(5 * MINUTE_MS + 1),
    Float64Array.of(5 * MINUTE_MS + 2),
    past,
  );
  t.same([...minute], [5, 7]);
  t.same([...starts], [3, 0]);
  t.same([...ends], [3, 1]);
  t.same([...most], [3, 0]);
});

t.test('where no session is there is no minute', async (t) => {
  const { minute, most } = activityOf(new Float64Array(0), new Float64Array(0), { starts: none, ends: none });
  t.same([[...minute], [...most]], [[], []]);
});
