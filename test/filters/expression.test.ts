import t from 'tap';
import { Symbols } from '../../lib/batch/symbols.ts';
import { Expression } from '../../lib/filters/expression.ts';
import { workshop } from '../helpers/batches.ts';

t.test('unanchored, in the syntax of RE2', (t) => {
  t.ok(new Expression('pool').test('a.pool.b'));
  t.notOk(new Expression('^pool').test('a.pool.b'));
  t.ok(new Expression('(?i)POOL').test('a.pool.b'));
  t.throws(() => new Expression('(?!pool)'), 'lookaround is not RE2');
  t.end();
});

t.test('nothing and .* match everything, a line break included', (t) => {
  for (const source of ['', '.*']) t.ok(new Expression(source).test('a\nb'));
  t.end();
});

t.test('a result is remembered per text, and per dictionary', (t) => {
  const expression = new Expression('^a');
  const [one, two] = [new Symbols(), new Symbols()];
  const id = one.intern('abc');
  t.equal(two.intern('xyz'), id, 'the same id means another text there');
  t.equal(expression.testId(one, id), true);
  t.equal(expression.testId(two, id), false);
  t.equal(expression.testId(one, id), true);
  t.end();
});

t.test('rows are chosen by the text of a field, in place too', (t) => {
  const { wants, batch } = workshop();
  const field = wants.field('a', [['a']]);
  const rows = batch(['x', 'y', undefined, 'xx', 5, ''].map((a) => ({ a })));
  const choose = (source: string): number[] => {
    const list = Uint32Array.of(0, 1, 2, 3, 4, 5);
    const count = new Expression(source).select(rows.column(field), rows.symbols, list, 6, list);
    return [...list.subarray(0, count)];
  };
  t.same(choose('x'), [0, 3]);
  t.same(choose('5|y'), [1, 4]);
  t.same(choose(''), [0, 1, 3, 4, 5], 'any text, but there must be one');
  t.same(choose('^$'), [5]);
  t.end();
});

t.test('a hostile expression costs linear time', (t) => {
  // backtracking would need 2^40 steps here and the test would never end
  t.notOk(new Expression('(a+)+$').test(`${'a'.repeat(40)}b`));
  t.end();
});
