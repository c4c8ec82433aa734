import fc from 'fast-check';
import t from 'tap';
import { widthOf } from '../../lib/text/display.ts';
import { wrapLines } from '../../lib/text/wrap.ts';
import { holds } from '../helpers/holds.ts';

t.test('lines part at blanks, and behind a comma where a word is longer than a line', async (t) => {
  t.same(wrapLines('one two three', 7), ['one two', 'three']);
  t.same(wrapLines('series{a="1",b="2",c="3"} +1', 16), ['series{a="1",', 'b="2",c="3"} +1']);
  t.same(wrapLines('', 10), ['']);
});

t.test('no line is wider than asked for, and nothing is lost', async (t) => {
  const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ',', 'Ä', '漢') }), { maxLength: 12 });
  holds(
    t,
    fc.property(words, fc.integer({ min: 2, max: 30 }), (words, width) => {
      const text = words.join(' ');
      const lines = wrapLines(text, width);
      return (
        lines.every((line) => widthOf(line) <= width) &&
        lines.join('').replaceAll(' ', '') === text.replaceAll(' ', '')
      );
    }),
  );
});
