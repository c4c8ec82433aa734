import fc from 'fast-check';
import t from 'tap';
import {
  BEHIND_LAST_TIME,
  boundedTime,
  FIRST_TIME,
  formatTimestamp,
  parseTimestamp,
  toParts,
} from '../../lib/text/time.ts';
import { holds } from '../helpers/holds.ts';

t.test('reads RFC 3339', async (t) => {
  const expected = Date.UTC(2024, 3, 1, 13, 37, 0);
  for (const [text, ms] of [
    ['2024-04-01T13:37:00Z', 0],
    ['2024-04-01t13:37:00z', 0],
    ['2024-04-01 13:37:00Z', 0],
    ['2024-04-01T13:37:00.5Z', 500],
    ['2024-04-01T13:37:00.123456Z', 123.456],
    ['2024-04-01T13:37:00.123456789Z', 123.456789],
    ['2024-04-01T13:37:00.12345678999999999999Z', 123.456789],
    ['2024-04-01T15:37:00+02:00', 0],
    ['2024-04-01T08:07:00.25-05:30', 250],
    ['2024-04-02T13:36:00+23:59', 0],
    ['2024-04-01T13:37:59Z', 59_000],
    ['2024-04-01T13:37:60Z', 60_000],
    ['2024-04-01T15:37:60.25+02:00', 60_250],
    ['2024-04-01T13:37:00,5Z', 500],
  ] as const) {
    t.equal(parseTimestamp(text), expected + ms, text);
  }
  for (const text of ['0001-01-01T00:00:00Z', '0004-02-29T00:00:00Z', '9999-12-31T23:59:59Z'])
    t.equal(parseTimestamp(text), Date.parse(text));
});

t.test('gives NaN for all else', async (t) => {
  for (const text of [
    '',
    '2024',
    '2024-04-01',
    '2024-04-01T13:37Z',
    '2024-04-01T13:37:00',
    '2024-04-01T13:37:00.Z',
    '2024-04-01T13:37:00,Z',
    '2024-04-01T13:37:00.,5Z',
    '2024-04-01T13:37:00.5',
    '2024-04-01T13:37:61Z',
    '9999-12-31T23:59:60Z',
    '2024-04-01T13:60:00Z',
    '2024-04-01T24:00:00Z',
    '2024-13-01T13:37:00Z',
    '2024-00-01T13:37:00Z',
    '2024-04-31T13:37:00Z',
    '2023-02-29T13:37:00Z',
    '2100-02-29T13:37:00Z',
    '2024-02-30T13:37:00Z',
    '2024-04-00T13:37:00Z',
    '2024-04-01T13:37:00ZZ',
    '2024-04-01T13:37:00Z ',
    ' 2024-04-01T13:37:00Z',
    '2024-04-01T13:37:00+0200',
    '2024-04-01T13:37:00+02:60',
    '2024-04-01T13:37:00+24:00',
    '2024-04-01T13:37:00+02:00x',
    '2024-04-01_13:37:00Z',
    '2024/04/01T13:37:00Z',
    '-024-04-01T13:37:00Z',
    '2024-04-01T1٣:37:00Z',
    '+12024-04-01T13:37:00Z',
    // beyond the years 1 to 9999
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
  ]) {
    t.ok(Number.isNaN(parseTimestamp(text)), JSON.stringify(text));
  }
});

t.test('the remembered minute never leaks into another text', async (t) => {
  const good = '2024-04-01T13:37:01Z';
  const value = parseTimestamp(good);
  t.ok(Number.isNaN(parseTimestamp('2024-04-01T13:37')));
  t.ok(Number.isNaN(parseTimestamp('2024-04-01T13:37+00:00')));
  t.ok(Number.isNaN(parseTimestamp('2024-04-01T13:61:01Z')));
  t.equal(parseTimestamp(good), value);
  t.equal(parseTimestamp('2024-04-01T13:38:01Z'), value + 60_000);
  t.equal(parseTimestamp(good), value);
});

const anyDate = fc.date({
  // a day from the bounds, for the offsets
  min: new Date('0001-01-02T00:00:00Z'),
  max: new Date('9999-12-30T23:59:59.999Z'),
  noInvalidDate: true,
});

t.test('agrees with Date wherever both can read', async (t) => {
  holds(
    t,
    fc.property(anyDate, fc.integer({ min: -1439, max: 1439 }), (date, offset) => {
      const sign = offset < 0 ? '-' : '+';
      const two = (n: number): string => String(n).padStart(2, '0');
      const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
      const text = `${date.toISOString().slice(0, -1)}${zone}`;
      return parseTimestamp(text) === Date.parse(text);
    }),
  );
  holds(
    t,
    fc.property(
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 1, max: 9999 }),
      (day, month, year) => {
        const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
        const date = new Date(`${text}T00:00:00Z`);
        // Date moves the 30th of February on to March.
        const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        return Object.is(parseTimestamp(`${text}T00:00:00Z`), real ? date.getTime() : Number.NaN);
      },
    ),
  );
  t.pass();
});

t.test('writes what it reads', async (t) => {
  t.equal(formatTimestamp(0), '1970-01-01T00:00:00Z');
  t.equal(formatTimestamp(Date.UTC(2024, 3, 1) + 0.5), '2024-04-01T00:00:00.0005Z');
  t.equal(formatTimestamp(-1), '1969-12-31T23:59:59.999Z');
  t.equal(formatTimestamp(999.9999), '1970-01-01T00:00:01Z', 'rounds into the next second');
  t.equal(formatTimestamp(0.000001, 9), '1970-01-01T00:00:00.000000001Z');
  t.equal(formatTimestamp(1234.5678, 0), '1970-01-01T00:00:01Z');
  t.equal(formatTimestamp(1234.5678, 3), '1970-01-01T00:00:01.235Z');
  holds(
    t,
    fc.property(anyDate, fc.integer({ min: 0, max: 999_999 }), (date, micros) => {
      const seconds = date.toISOString().slice(0, 19);
      const fraction = String(micros).padStart(6, '0').replace(/0+$/, '');
      const text = `${seconds}${fraction === '' ? '' : `.${fraction}`}Z`;
      // Beyond some 280 years from the epoch a double is coarser than a microsecond.
      if (Math.abs(date.getTime()) > 2 ** 43) return true;
      return formatTimestamp(parseTimestamp(text)) === text;
    }),
  );
});

t.test('every time of the years 1 to 9999 can be written, and no other is one', async (t) => {
  t.equal(formatTimestamp(FIRST_TIME), '0001-01-01T00:00:00Z');
  const last = BEHIND_LAST_TIME - 2 ** -5;
  t.equal(formatTimestamp(last), '9999-12-31T23:59:59.999969Z');
  t.equal(formatTimestamp(last, 3), '9999-12-31T23:59:59.999Z', 'rounding stays within them');
  t.same([FIRST_TIME, 0, last].map(boundedTime), [FIRST_TIME, 0, last]);
  for (const ms of [FIRST_TIME - 1, BEHIND_LAST_TIME, 1e300, -Infinity, Number.NaN])
    t.ok(Number.isNaN(boundedTime(ms)), String(ms));
});

t.test('what is no point in time is refused', async (t) => {
  for (const ms of [Number.NaN, Infinity, -Infinity]) t.throws(() => formatTimestamp(ms), RangeError);
  t.throws(() => formatTimestamp(Date.UTC(10_000, 0, 1)), RangeError);
  t.throws(() => formatTimestamp(-6.3e13), RangeError);
});

t.test('parts are whole seconds and nanoseconds from 0 up', async (t) => {
  t.same(toParts(1_712_000_000_123.456), { seconds: 1_712_000_000, nanos: 123_456_000 });
  t.same(toParts(-0.5), { seconds: -1, nanos: 999_500_000 });
  t.same(toParts(-1000), { seconds: -1, nanos: 0 });
  holds(
    t,
    fc.property(
      fc.double({ min: -4e12, max: 4e12, noNaN: true }),
      fc.integer({ min: 0, max: 9 }),
      (ms, digits) => {
        const { seconds, nanos } = toParts(ms, digits);
        const error = Math.abs(seconds * 1000 + nanos / 1e6 - ms);
        return (
          Number.isInteger(seconds) &&
          Number.isInteger(nanos) &&
          nanos >= 0 &&
          nanos < 1e9 &&
          error <= 501 / 10 ** digits + 0.001
        );
      },
    ),
  );
});
