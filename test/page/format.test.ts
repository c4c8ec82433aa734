import t from 'tap';
import { count, dayOf, dayText, duration, figure, timeText } from '../../lib/page/format.ts';

t.test('durations in two units at most', async (t) => {
  for (const [seconds, text] of [
    [0, '0s'],
    [59.4, '59s'],
    [59.6, '1m'],
    [245, '4m 5s'],
    [3600, '1h'],
    [3599.7, '1h'],
    [12_010, '3h 20m'],
    [359_999, '100h'],
    [6_814_800, '1,893h'],
  ] as const) {
    t.equal(duration(seconds), text, String(seconds));
  }
});

t.test('numbers and days', async (t) => {
  t.equal(count(1_234_567), '1,234,567');
  t.equal(figure(0.123456789), '0.123457');
  t.equal(figure(1.234e-20), '1.23e-20');
  t.equal(figure(0), '0');
  t.equal(dayText(20_000), '2024-10-04');
  t.equal(dayOf('2024-10-04'), 20_000);
  t.equal(dayOf('04.10.2024'), undefined);
  t.equal(timeText(0), '1970-01-01 00:00');
});
