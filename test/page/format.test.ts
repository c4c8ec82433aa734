import t from 'tap';
import { count, dayOf, dayText, duration, figure, tickTexts, timeText } from '../../lib/page/format.ts';

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

t.test('ticks of an axis say what begins, and the first one of which day or year it is', async (t) => {
  for (const [times, texts] of [
    [
      ['2026-08-01T00:00', '2026-08-01T06:00', '2026-08-02T00:00'],
      ['Aug 1 2026', '06:00', 'Aug 2'],
    ],
    [
      ['2026-07-31', '2026-08-01', '2026-08-02'],
      ['Jul 31 2026', 'Aug', 'Aug 2'],
    ],
    [
      ['2026-08-01', '2026-08-02'],
      ['Aug 1 2026', 'Aug 2'],
    ],
    [
      ['2027-01-01', '2027-01-02'],
      ['Jan 1 2027', 'Jan 2'],
    ],
    [
      ['2026-11-01', '2026-12-01', '2027-01-01', '2027-02-01'],
      ['Nov 2026', 'Dec', '2027', 'Feb'],
    ],
    [
      ['2026-01-01', '2027-01-01'],
      ['2026', '2027'],
    ],
    [['2026-08-01'], ['Aug 1 2026']],
    [
      ['2026-08-01T13:00', '2026-08-01T14:00'],
      ['Aug 1 13:00', '14:00'],
    ],
    [
      ['2026-08-01T23:59:30', '2026-08-02T00:00:00', '2026-08-02T00:00:30'],
      ['Aug 1 23:59:30', 'Aug 2', '00:00:30'],
    ],
  ] as const) {
    t.same(tickTexts(times.map((time) => new Date(`${time}${time.includes('T') ? 'Z' : ''}`))), texts);
  }
});
