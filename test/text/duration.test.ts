import fc from 'fast-check';
import t from 'tap';
import { formatDuration, parseDuration } from '../../lib/text/duration.ts';
import { holds } from '../helpers/holds.ts';

t.test('reads what Go reads', async (t) => {
  const cases: [text: string, milliseconds: number | undefined][] = [
    ['1m', 60_000],
    ['20s', 20_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['1.s', 1000],
    ['500ms', 500],
    ['250us', 0.25],
    ['250µs', 0.25],
    ['1000000ns', 1],
    ['1h15m30.918s', 4_530_918],
    ['30m1h', 5_400_000],
    ['0', 0],
    ['-0', 0],
    ['0s', 0],
    ['-5s', -5000],
    ['+5s', 5000],
    ['', undefined],
    ['5', undefined],
    ['-', undefined],
    ['s', undefined],
    ['.s', undefined],
    ['1 s', undefined],
    [' 1s', undefined],
    ['1s ', undefined],
    ['soon', undefined],
    ['1d', undefined],
    ['1S', undefined],
    ['1e3s', undefined],
    ['--1s', undefined],
    ['9223372036s', 9_223_372_036_000],
    ['9223372037s', undefined],
  ];
  for (const [text, milliseconds] of cases) t.equal(parseDuration(text), milliseconds, JSON.stringify(text));
});

t.test('writes durations shortly', async (t) => {
  t.equal(formatDuration(0), '0s');
  t.equal(formatDuration(60_000), '1m');
  t.equal(formatDuration(5_400_000), '1h30m');
  t.equal(formatDuration(90_500), '1m30.5s');
  t.equal(formatDuration(250), '250ms');
  t.equal(formatDuration(-2000), '-2s');
});

t.test('what is written is read back', async () => {
  holds(
    t,
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (milliseconds) => {
      return parseDuration(formatDuration(milliseconds)) === (milliseconds || 0);
    }),
  );
});
