import t from 'tap';
import { Wants } from '../../../lib/batch/wants.ts';
import { ObjectBatch } from '../../../lib/parse/objects/object-batch.ts';
import { Vocabulary } from '../../../lib/parse/objects/vocabulary.ts';

const input = { name: 'x', framing: '' };

t.test('batches share the tables until one is full', async (t) => {
  const wants = new Wants();
  const field = wants.field('a', [['a']]);
  const set = wants.labels([field]);
  const vocabulary = new Vocabulary(wants, { symbols: 2, tuples: 2 });
  const batch = (...values: string[]): ObjectBatch => {
    vocabulary.refresh();
    return new ObjectBatch({ input, vocabulary, objects: values.map((a) => ({ a })) });
  };
  const first = batch('x', 'y');
  const second = batch('y', 'z', 'w');
  t.equal(second.symbols, first.symbols);
  const ids = [0, 1].map((row) => first.column(field).id(row));
  t.equal(second.column(field).id(0), ids[1]);
  t.equal(second.labels(set).tuples, first.labels(set).tuples);
  for (let row = 0; row < 3; row++) {
    second.column(field).id(row);
    second.labels(set).id(row);
  }

  const third = batch('x');
  t.not(third.symbols, first.symbols, 'full: a fresh table');
  t.not(third.labels(set).tuples, first.labels(set).tuples);
  t.equal(first.symbols.text(ids[0]!), 'x', 'ids of batches under way keep their meaning');
  t.same(second.labels(set).tuples.values(second.labels(set).id(2)), ['w']);
  t.equal(third.symbols.text(third.column(field).id(0)), 'x');
  t.equal(batch('x').symbols, third.symbols, 'not full: kept');
});

t.test('a label set that is asked for later gets its table too', async (t) => {
  const wants = new Wants();
  const vocabulary = new Vocabulary(wants);
  const set = wants.labels([wants.field('a', [['a']])]);
  t.equal(vocabulary.tuples(set), vocabulary.tuples(set));
});
