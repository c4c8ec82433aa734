import t from 'tap';
import { pad, shorten, widthOf } from '../../lib/text/display.ts';
import { duration, number, rate } from '../../lib/text/figures.ts';
import { printable } from '../../lib/text/printable.ts';

t.test('numbers', async (t) => {
  for (const [value, text] of [
    [0, '0'],
    [1234567, '1,234,567'],
    [-1234, '-1,234'],
    [15266.5, '15,267'],
    [0.25, '0.25'],
    [1 / 3, '0.333'],
    [999.96, '1000'],
    [1.5e-7, '1.5e-7'],
    [1e15, '1.000e+15'],
  ] as const) {
    t.equal(number(value), text);
  }
  t.strictSame([rate(0), rate(0.0004), rate(12.345)], ['0/s', '<0.001/s', '12.3/s']);
});

t.test('durations', async (t) => {
  for (const [seconds, text] of [
    [0, '0s'],
    [3.4e-8, '34ns'],
    [9.9999e-7, '1µs'],
    [0.00025, '250µs'],
    [0.2501, '250ms'],
    [0.99999, '1s'],
    [59.9, '59.9s'],
    [59.96, '1m00s'],
    [125, '2m05s'],
    [3599.7, '1h00m'],
    [86_399, '1d00h'],
    [12_345_678, '142d21h'],
    [-1.5, '-1.5s'],
  ] as const) {
    t.equal(duration(seconds), text);
  }
});

t.test('widths count what a terminal shows', async (t) => {
  t.equal(widthOf('abc'), 3);
  t.equal(widthOf('é'), 1);
  t.equal(widthOf('e\u0301'), 1);
  t.equal(widthOf('日本'), 4);
  t.equal(widthOf('👩‍💻'), 2);
  t.equal(pad('日', 4, 'right'), '  日');
  t.equal(pad('toolong', 3, 'left'), 'toolong');
});

t.test('the middle is cut out', async (t) => {
  t.equal(shorten('abcdefghij', 10), 'abcdefghij');
  t.equal(shorten('abcdefghij', 5), 'ab…ij');
  t.equal(shorten('abcdefghij', 4), 'ab…j');
  t.equal(shorten('abc', 1), '…');
  t.equal(shorten('abc', 0), '');
  t.equal(shorten('日本語日本語', 6), '日…語');
});

t.test('control characters are written out', async (t) => {
  t.equal(printable('a\x00\x7f\u0085\u200b\ufeff\ud800z'), 'a\\x00\\x7f\\x85\\u200b\\ufeff\\ud800z');
  t.equal(printable('日本 é 👩'), '日本 é 👩');
});
