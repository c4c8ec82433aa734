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

t.test('live while the newest record is within two intervals of now', (t) => {
  const clock = new EventClock();
  t.equal(clock.isLive(0, 60), false);
  clock.advance(1000);
  t.equal(clock.isLive(1120, 60), true);
  t.equal(clock.isLive(1121, 60), false);
  t.equal(clock.isTooFarAhead(3_600_001, 0), true);
  t.equal(clock.isTooFarAhead(3_600_000, 0), false);
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
