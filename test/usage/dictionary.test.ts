import t from 'tap';
import { Tuples, tupleKey } from '../../lib/batch/symbols.ts';
import { Dictionary } from '../../lib/usage/dictionary.ts';

t.test('entries are told apart by their texts, whatever stands in them', async (t) => {
  const dictionary = new Dictionary(2);
  const texts = [
    ['a', 'b\0c'],
    ['a\0b', 'c'],
    ['a', ''],
    ['', 'a'],
    ['', ''],
    ['__proto__', 'constructor'],
  ];
  const ids = texts.map((entry) => dictionary.intern(entry));
  t.same(ids, [0, 1, 2, 3, 4, 5]);
  t.same(
    texts.map((entry) => dictionary.intern([...entry])),
    ids,
  );
  t.same(
    ids.map((id) => dictionary.texts(id)),
    texts,
  );
  t.same(dictionary.texts(6), []);
  t.equal(dictionary.text(2, 1), '');
});

t.test('what is beyond the bound is one entry', async (t) => {
  const dictionary = new Dictionary(2, 3);
  for (let k = 0; k < 3; k++) t.equal(dictionary.intern([`${k}`, 'x']), k);
  t.notOk(dictionary.full);
  t.equal(dictionary.intern(['3', 'x']), 3);
  t.equal(dictionary.intern(['4', 'x']), 3);
  t.equal(dictionary.intern(['1', 'x']), 1, 'names within it are known as before');
  t.ok(dictionary.full);
  t.same(dictionary.texts(3), ['*', '*']);
});

t.test('tuples of fresh tables are the entries that they were', async (t) => {
  const dictionary = new Dictionary(2);
  const tables = [new Tuples(), new Tuples()];
  const add = (table: Tuples, texts: string[]) => table.intern(tupleKey(texts), () => texts);
  const first = dictionary.idOf(tables[0]!, add(tables[0]!, ['a', 'b']));
  const other = dictionary.idOf(tables[1]!, add(tables[1]!, ['c', 'd']));
  const again = dictionary.idOf(tables[1]!, add(tables[1]!, ['a', 'b']));
  t.same([first, other, again], [0, 1, 0]);
});
