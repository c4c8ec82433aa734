import fc from 'fast-check';
import t from 'tap';
import { debugStringEnd, readDebugString, writeDebugString } from '../../../lib/tracing/text/rust-debug.ts';
import { holds } from '../../helpers/holds.ts';

t.test('texts as Rust quotes them', async (t) => {
  const known: [text: string, quoted: string][] = [
    ['', '""'],
    ['O\'Brien "Bo"', '"O\'Brien \\"Bo\\""'],
    ['a\\b', '"a\\\\b"'],
    ['\0\t\r\n', '"\\0\\t\\r\\n"'],
    ['\x1b[31m\x07', '"\\u{1b}[31m\\u{7}"'],
    ['é李\u{1f600}', '"é李\u{1f600}"'],
    ['e\u0301', '"e\\u{301}"'],
    ['\u202e\u2028\ufeff\u200d', '"\\u{202e}\\u{2028}\\u{feff}\\u{200d}"'],
    ['\u00a0 ', '"\\u{a0} "'],
    ['\u{10ffff}', '"\\u{10ffff}"'],
  ];
  for (const [text, quoted] of known) {
    t.equal(writeDebugString(text), quoted);
    t.equal(readDebugString(quoted), text);
  }
  t.equal(
    readDebugString('"\\q \\u{110000} \\u{} \\"'),
    '\\q \\u{110000} \\u{} \\',
    'what is no escape stays',
  );
});

t.test('any text comes back, and ends where it ends', async () => {
  holds(
    t,
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, behind) => {
      const quoted = writeDebugString(text);
      if (readDebugString(quoted) !== text) return false;
      return debugStringEnd(`x${quoted}${behind}`, 1) === 1 + quoted.length;
    }),
  );
});

t.test('a text that is not closed has no end', async (t) => {
  for (const text of ['"', '"a', '"\\"', '"a\\\\\\"']) t.equal(debugStringEnd(text, 0), -1, text);
  t.equal(debugStringEnd('"\\\\"', 0), 4, 'a backslash that is escaped itself escapes nothing');
});
