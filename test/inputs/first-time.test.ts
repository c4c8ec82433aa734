import t from 'tap';
import { compareInstants, firstTime } from '../../lib/inputs/first-time.ts';

const second = Date.UTC(2026, 7, 1) / 1000;

t.test('the time of the first record, whatever its layout', async (t) => {
  const cases: [string, string, readonly [number, number] | undefined][] = [
    ['tracing', '{"timestamp":"2026-08-01T00:00:00.000123Z","level":"INFO"}', [second, 123_000]],
    [
      'a date in another field',
      '{"until":"2030-01-01T00:00:00Z","timestamp": "2026-08-01T00:00:00Z"}',
      [second, 0],
    ],
    ['tracing as text', '2026-08-01T00:00:00.5Z  INFO operator: started', [second, 500_000_000]],
    ['kubectl --timestamps', '2026-08-01T02:00:00.25+02:00 {"level":"INFO"}', [second, 250_000_000]],
    [
      'docker',
      '{"log":"x\\n","stream":"stdout","time":"2026-08-01T00:00:00.123456789Z"}',
      [second, 123_456_789],
    ],
    ['OpenZiti version 2', '{"timestamp":{"seconds":1785542400,"nanos":7}}', [second, 7]],
    ['cut in the middle', '"x":1}\n{"timestamp":"2026-08-01T00:00:00Z"}', [second, 0]],
    ['a leap second', '{"timestamp":"2026-07-31T23:59:60,5Z"}', [second, 500_000_000]],
    ['none', '{"level":"INFO"}', undefined],
    ['no real date', '2026-99-99T00:00:00Z', undefined],
  ];
  for (const [name, text, expected] of cases) t.same(firstTime(text), expected, name);
});

t.test('instants without a time come last', async (t) => {
  const sorted = [undefined, [2, 0], [1, 5], [1, 2]] as const;
  t.same([...sorted].sort(compareInstants), [[1, 2], [1, 5], [2, 0], undefined]);
  t.equal(compareInstants(undefined, undefined), 0);
});
