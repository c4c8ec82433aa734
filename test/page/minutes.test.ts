import fc from 'fast-check';
import t from 'tap';
import { Minutes } from '../../lib/page/minutes.ts';
import { holds } from '../helpers/holds.ts';

const MINUTE_MS = 60_000;

t.test('each minute is there as often as it was added, wherever the others are', async (t) => {
  // close together, and so far apart that they are sorted
  const minutes = fc.oneof(fc.integer({ min: 29_000_000, max: 29_000_020 }), fc.nat({ max: 40_000_000 }));
  const more = fc.array(fc.tuple(minutes, fc.integer({ min: 1, max: 9 })));
  holds(
    t,
    fc.property(fc.array(minutes), more, (times, more) => {
      const beside = new Map(more);
      const expected = new Map<number, number>(beside);
      const counted = new Minutes(1);
      for (const minute of times) {
        counted.add(minute * MINUTE_MS + (minute % 59_999));
        expected.set(minute, (expected.get(minute) ?? 0) + 1);
      }
      const { minute, count } = counted.counts(beside);
      const found = Array.from(minute, (of, k) => [of, count[k]]);
      return JSON.stringify(found) === JSON.stringify([...expected].sort((a, b) => a[0] - b[0]));
    }),
  );
});

t.test('times before the epoch are of its first minute', async (t) => {
  const minutes = new Minutes(0);
  minutes.add(-1);
  minutes.add(59_999);
  const { minute, count } = minutes.counts(new Map());
  t.same([[...minute], [...count]], [[0], [2]]);
});

t.test('where no session is there is no minute', async (t) => {
  const { minute, count } = new Minutes(0).counts(new Map());
  t.same([[...minute], [...count]], [[], []]);
});
