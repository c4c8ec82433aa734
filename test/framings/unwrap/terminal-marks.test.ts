import t from 'tap';
import { withoutMarks, withoutSequences } from '../../../lib/framings/unwrap/terminal-marks.ts';

const marks = (text: string): string | undefined => withoutMarks(Buffer.from(text))?.toString();

t.test('what others wrote into a line of a text layout', async (t) => {
  t.equal(marks('a \x1b[01;31m\x1b[KSession\x1b[m\x1b[K Start'), 'a Session Start', 'grep');
  t.equal(marks('a \x1b[0m\x1b[1m\x1b[31mSession\x1b[0m Start'), 'a Session Start', 'rg');
  t.equal(marks('\x1b[?25la k=1\x1b[K\r'), 'a k=1\r', 'a cursor that is hidden, a cleared rest');
  t.equal(marks('a k=1\x1b(B\x1b[m'), 'a k=1', 'a character set');
  t.equal(
    marks('a \x1b[3mk\x1b[0m\x1b[2m=\x1b[0m1\x1b[39m'),
    'a \x1b[3mk\x1b[0m\x1b[2m=\x1b[0m1',
    'the end of a colour',
  );
  t.equal(marks('\u00e9 k=1\x1a\r'), '\u00e9 k=1\r', 'an end of file');
});

t.test('what a line says itself', async (t) => {
  for (const text of [
    'a k=1',
    'a k=1\t',
    'a k=1\r',
    '',
    'a \x1b[3mk\x1b[0m\x1b[2m=\x1b[0m1',
    'a k=\x1b[31mred\x1b[0m',
    'a k=osc\x1b]0;title\x07end',
    'a k=\x1b[2Jx',
  ])
    t.equal(marks(text), undefined, JSON.stringify(text));
});

t.test('JSON holds no sequence of any kind', async (t) => {
  const of = (text: string): string | undefined => withoutSequences(Buffer.from(text))?.toString();
  t.equal(of('\x1b]0;t\x07{"a":\x1b[32m"b"\x1b[0m,\x1b[1;2H"c":\x1b(B1}\x1b[?25h'), '{"a":"b","c":1}');
  t.equal(of('{"a":1}'), undefined);
  t.equal(of('{"a":1}\x1b'), undefined, 'an escape alone begins nothing');
});
