import t from 'tap';
import { EventClock, ReportSchedule } from '../../lib/metrics/clock.ts';

t.test('event time never goes back', (t) => {
  const clock = new EventClock();
  t.equal(clock.started, false);
  t.equal(clock.time, 0);
  clock.advance(50);
  clock.advance(20);
  t.equal(clock.time, 50);
  t.equal(clock.moves(50), false);
  t.equal(clock.moves(Number.NaN), false, 'a record without a time moves nothing');
  t.end();
});

/** What `read` gives at each time of the wall clock: how far event time has come by then. */
function isLiveAfter(
  read: readonly (readonly [now: number, time: number])[],
  now: number,
  interval = 60_000,
) {
  const clock = new EventClock();
  for (const [at, time] of read) {
    clock.watch(at);
    const isFirst = !clock.started;
    clock.advance(time);
    if (isFirst) clock.watch(at);
  }
  clock.watch(now);
  return clock.isLive(now, interval);
}

t.test('live while the newest record is within two intervals of now', (t) => {
  const clock = new EventClock();
  clock.watch(0);
  t.equal(clock.isLive(0, 60), false);
  t.equal(isLiveAfter([[1000, 1000]], 11_000, 5000), true);
  t.equal(isLiveAfter([[1000, 1000]], 11_001, 5000), false);
  t.equal(isLiveAfter([[1000, 1000]], 1999, 500), false, 'it is watched for a second first');
  t.equal(clock.isTooFarAhead(3_600_001, 0), true);
  t.equal(clock.isTooFarAhead(3_600_000, 0), false);
  t.end();
});

const NOW = 100_000_000;
const HOUR = 3_600_000;

t.test('what rushes to now is a dump, not live, however long it takes', (t) => {
  const fast = Array.from({ length: 23 }, (_, k) => [NOW + k, NOW - (22 - k) * HOUR] as const);
  t.equal(isLiveAfter(fast, NOW + 23), false, 'in 22 ms');
  const slow = Array.from({ length: 60 }, (_, k) => [NOW + k * 500, NOW - (59 - k) * 10_000] as const);
  t.equal(isLiveAfter(slow, NOW + 30_000), false, 'in half a minute, by 20 seconds a second');
  const late = [[NOW, NOW - 22 * HOUR] as const, [NOW + 5000, NOW] as const];
  t.equal(isLiveAfter(late, NOW + 5001), false, 'after a wait');
  t.equal(
    isLiveAfter([...fast, [NOW + 1000, NOW]], NOW + 2100),
    true,
    'unless it goes on at the pace of the clock',
  );
  t.end();
});

t.test('a pace below ten is live, and what the wall clock moves is no pace', (t) => {
  const at = (pace: number) =>
    Array.from({ length: 41 }, (_, k) => [NOW + k * 100, NOW - (40 - k) * 100 * pace] as const);
  t.equal(isLiveAfter(at(9), NOW + 4000), true);
  t.equal(isLiveAfter(at(11), NOW + 4000), false);
  const clock = new EventClock();
  clock.advance(NOW - 90_000);
  clock.watch(NOW);
  clock.watch(NOW + 1000);
  t.equal(clock.isLive(NOW + 1000, 60_000), true);
  clock.moveOn(NOW + 1000);
  t.equal(clock.time, NOW + 1000);
  t.equal(clock.isLive(NOW + 1001, 60_000), true);
  t.end();
});

t.test('boundaries are multiples of the interval since the epoch', (t) => {
  const schedule = new ReportSchedule(60);
  t.equal(schedule.boundary, Number.POSITIVE_INFINITY);
  for (const [time, boundary] of [
    [1, 60],
    [60, 60],
    [61, 120],
    [7199.5, 7200],
  ] as const) {
    schedule.aimAt(time);
    t.equal(schedule.boundary, boundary);
  }
  t.end();
});

t.test('a burst is live once it was watched, however short the interval', async (t) => {
  const clock = new EventClock();
  clock.advance(100_000);
  clock.watch(100_800);
  t.notOk(clock.isLive(100_800, 1000));
  clock.watch(102_500);
  t.ok(clock.isLive(102_500, 1000));
  t.notOk(clock.isLive(106_000, 1000), 'but not once it is old');
});
