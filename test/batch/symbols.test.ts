import t from 'tap';
import { ABSENT, PerTable, Symbols, Tuples, tupleKey } from '../../lib/batch/symbols.ts';

t.test('texts have dense ids from 1 on; the empty text is not absent', (t) => {
  const symbols = new Symbols(3);
  t.same(
    ['a', '', 'a', 'b'].map((text) => symbols.intern(text)),
    [1, 2, 1, 3],
  );
  t.equal(symbols.find('b'), 3);
  t.equal(symbols.find('c'), ABSENT);
  t.equal(symbols.text(2), '');
  t.equal(symbols.full, true);
  t.end();
});

t.test('a tuple is made once', (t) => {
  const tuples = new Tuples(2);
  let made = 0;
  const make = (): string[] => [`made ${++made}`];
  t.equal(tuples.intern('k', make), tuples.intern('k', make));
  t.equal(made, 1);
  t.same(tuples.values(1), ['made 1']);
  t.same(tuples.values(0), []);
  t.equal(tuples.full, false);
  tuples.intern('l', make);
  t.equal(tuples.full, true);
  t.end();
});

t.test('tuples of a table that finds them itself are found here, and those that come after', (t) => {
  const tuples = new Tuples();
  const read = (id: number) => [[], ['a', 'b'], ['ab', '']][id]!;
  tuples.learn(2, read);
  t.same(tuples.values(1), ['a', 'b']);
  t.same(tuples.values(2), [], 'not known yet');
  tuples.learn(3, read);
  t.same(tuples.values(2), ['ab', '']);
  t.same(tuples.values(0), []);
  const never = () => t.fail('it is known') as never;
  t.equal(tuples.intern(tupleKey(['ab', '']), never), 2);
  t.equal(tuples.intern(tupleKey(['a', 'b']), never), 1);
  t.equal(
    tuples.intern(tupleKey(['x', 'y']), () => ['x', 'y']),
    3,
  );
  t.end();
});

t.test('what is cached per id belongs to one table', (t) => {
  const caches = new PerTable<object, number[]>(() => []);
  const [a, b] = [{}, {}];
  caches.of(a)[1] = 7;
  t.same(caches.of(b), []);
  t.equal(caches.of(a)[1], 7);
  t.end();
});
