import fc from 'fast-check';
import t from 'tap';
import {
  bytesOf,
  lettersOf,
  linePieces,
  piecesOf,
  RowBytes,
} from '../../../lib/commands/sessions/row-bytes.ts';
import { formatMinute, formatTimestamp, minuteOf } from '../../../lib/text/time.ts';
import { holds } from '../../helpers/holds.ts';

const textOf = (write: (out: RowBytes) => void): string => Buffer.from(bytesOf(write)).toString();

t.test('a number is written as the engine writes it', async (t) => {
  const numbers = fc.oneof(
    fc.double(),
    fc.integer().map((k) => k / 1000),
    fc.integer({ min: 0, max: 1e6 }).map((k) => k / 10),
    fc.maxSafeInteger(),
    fc.constantFrom(
      0,
      -0,
      0.001,
      9,
      10,
      999.999,
      1000,
      2147483.647,
      2147483.648,
      0.0005,
      1e21,
      Number.NaN,
      Infinity,
    ),
  );
  holds(
    t,
    fc.property(numbers, (value) => textOf((out) => out.decimal(value)) === String(value)),
  );
});

t.test('times are written as their texts are', async (t) => {
  const times = fc.oneof(
    fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
    fc.double({ min: -1e12, max: 4e12, noNaN: true }),
    fc.constantFrom(0, -0, -1, 59_999.9996, 86_399_999.9999, -0.0004, 1_700_000_000_000.5),
  );
  holds(
    t,
    fc.property(times, (ms) => textOf((out) => out.timestamp(ms)) === formatTimestamp(ms)),
  );
  holds(
    t,
    fc.property(times, (ms) => {
      const minute = minuteOf(ms);
      return (Number.isNaN(minute) ? '' : textOf((out) => out.minute(minute))) === formatMinute(ms);
    }),
  );
  for (const ms of [Number.NaN, Infinity, 1e20]) t.ok(Number.isNaN(minuteOf(ms)), String(ms));
});

t.test('texts of any letters and any length are lines, in pieces that end where a line does', async (t) => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string(),
    fc.integer({ min: 0, max: 70_000 }).map((length) => 'x'.repeat(length)),
    fc.integer({ min: 0, max: 30_000 }).map((length) => '\u20ac'.repeat(length)),
  );
  const given = fc.array(texts, { maxLength: 8 });
  holds(
    t,
    fc.property(given, (lines) => {
      const pieces = [...linePieces(lines)];
      const whole = lines.map((line) => `${line}\n`).join('');
      return (
        Buffer.concat(pieces).equals(Buffer.from(whole)) && pieces.every((piece) => piece.at(-1) === 0x0a)
      );
    }),
  );
});

t.test('a piece that was taken is not written to again', async (t) => {
  const lines = Array.from({ length: 30_000 }, (_, k) => `line ${k}`);
  const pieces = [...linePieces(lines)];
  t.ok(pieces.length > 3);
  t.equal(Buffer.concat(pieces).toString(), `${lines.join('\n')}\n`);
});

t.test('a line ends without blanks, whatever they are', async (t) => {
  const ends = fc.string({ unit: fc.constantFrom('a', ' ', '\u00e9', '\u00a0', '\u3000', '\ufeff') });
  holds(
    t,
    fc.property(fc.array(ends), (texts) => {
      const pieces = piecesOf(texts, (out, text) => {
        out.text(text);
        out.endTrimmed();
      });
      return Buffer.concat([...pieces]).toString() === texts.map((text) => `${text.trimEnd()}\n`).join('');
    }),
  );
});

t.test('letters of a kind are written, and nothing of a text that has another one', async (t) => {
  const figures = lettersOf(/\d/);
  const out = new RowBytes();
  t.same(
    ['12', '1a', '3\u00e9', '', '4'].map((text) => out.letters(text, figures)),
    [true, false, false, true, true],
  );
  t.equal(out.take().toString(), '124');
});
