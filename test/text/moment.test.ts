import t from 'tap';
import { parseMoment, parseSpan } from '../../lib/text/moment.ts';

const now = Date.UTC(2024, 3, 10, 15, 30);

t.test('instants, with or without time of day, seconds and zone', async (t) => {
  for (const [text, at] of [
    ['2024-04-01', Date.UTC(2024, 3, 1)],
    ['2024-04-01T13:37', Date.UTC(2024, 3, 1, 13, 37)],
    ['2024-04-01 13:37:05', Date.UTC(2024, 3, 1, 13, 37, 5)],
    ['2024-04-01T13:37:00.5+02:00', Date.UTC(2024, 3, 1, 11, 37, 0, 500)],
    ['2024-04-01T13:37:00,5Z', Date.UTC(2024, 3, 1, 13, 37, 0, 500)],
    ['2016-12-31T23:59:60', Date.UTC(2017, 0, 1)],
    ['today', Date.UTC(2024, 3, 10)],
    ['yesterday', Date.UTC(2024, 3, 9)],
    ['now', now],
  ] as const) {
    t.same(parseMoment(text, now), { at }, text);
  }
});

t.test('durations, also of days and weeks', async (t) => {
  for (const [text, before] of [
    ['90m', 5_400_000],
    ['1h30m', 5_400_000],
    ['7d', 7 * 86_400_000],
    ['2w', 14 * 86_400_000],
    ['1w2d3h', 9 * 86_400_000 + 3 * 3_600_000],
    ['2h ago', 7_200_000],
  ] as const) {
    t.same(parseMoment(text, now), { before }, text);
  }
  for (const text of ['', 'soon', '-1h', '1d-1h', '2024-13-01', '5', '2024-04-01T25:00', '1d1w']) {
    t.equal(parseMoment(text, now), undefined, text);
  }
  t.equal(parseSpan('+1h'), undefined);
  t.equal(parseSpan('1h\n2'), undefined);
});
