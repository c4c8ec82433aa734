import t from 'tap';
import { excerptOf } from '../../lib/config/excerpt.ts';

const excerpt = (text: string, line: number, column: number) =>
  excerptOf(
    { severity: 'error', file: 'c.yml', line, column, path: 'p', message: 'm' },
    new Map([['c.yml', text]]),
  );

t.test('the line, and a caret below what is meant', async (t) => {
  t.equal(excerpt('a: 1\nb: word # c', 2, 4), '    2 | b: word # c\n      |    ^~~~');
  t.equal(excerpt("a: 'in quotes'", 1, 4), "    1 | a: 'in quotes'\n      |    ^~~~~~~~~~~");
  t.equal(excerpt('a: [1, 2]\r\n', 1, 4), '    1 | a: [1, 2]\n      |    ^');
  t.equal(excerpt('\ta: 1', 1, 1), '    1 |  a: 1\n      | ^', 'a tab takes one column, as it is counted');
});

t.test('a long line is shown around the place', async (t) => {
  const lines = excerpt(`a: "${'x'.repeat(300)}" ${'b'.repeat(50)}`, 1, 308)!.split('\n');
  t.match(lines[0], /^ {4}1 \| …/);
  t.ok(lines.every((line) => line.length < 110));
  t.equal(lines[0]![lines[1]!.indexOf('^')], 'b', 'the caret stands where it should');
});

t.test('no secret, no escape, and nothing where there is no line', async (t) => {
  const shown = excerpt('a: { u: "http://u:S3CRET@h/", password: S3CRET, wrong: 1 }', 1, 49)!;
  t.notMatch(shown, /S3CRET/);
  t.equal(shown.split('\n')[0]!.slice(shown.split('\n')[1]!.indexOf('^')).slice(0, 5), 'wrong');
  t.notMatch(excerpt('a: \x1b[31m', 1, 1), /\x1b/);
  t.equal(excerpt('a: 1', 5, 1), undefined);
  t.equal(excerptOf({ severity: 'error', path: 'RUST_LOG', message: 'm' }, new Map()), undefined);
});
