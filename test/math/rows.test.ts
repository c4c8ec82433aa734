import t from 'tap';
import { Rows } from '../../lib/math/rows.ts';

t.test('columns lie side by side, rows one after the other', async (t) => {
  const rows = new Rows();
  t.same([rows.reserve(3), rows.reserve(2), rows.width], [0, 3, 5]);
  for (let i = 0; i < 1000; i++) {
    t.equal(rows.next(), i);
    rows.numbers[i * rows.width] = i;
    rows.numbers[i * rows.width + 4] = -i;
    rows.add();
  }
  t.equal(rows.length, 1000);
  const wrong = Array.from({ length: 1000 }, (_, i) => i).filter(
    (i) => rows.numbers[5 * i] !== i || rows.numbers[5 * i + 4] !== -i || rows.numbers[5 * i + 2] !== 0,
  );
  t.same(wrong, [], 'growing keeps them');
});

t.test('words are the same memory', async (t) => {
  const rows = new Rows();
  rows.reserve(1);
  for (let i = 0; i < 5; i++) {
    rows.next();
    rows.words[2 * i + 1] = 0x3ff00000;
    rows.add();
  }
  t.same([...rows.numbers.subarray(0, 5)], [1, 1, 1, 1, 1]);
});

t.test('a row that is not added is the next one again', async (t) => {
  const rows = new Rows();
  rows.reserve(1);
  t.same([rows.next(), rows.next(), rows.add(), rows.next(), rows.length], [0, 0, 0, 1, 1]);
});

t.test('one row has no room to spare, and many are rarely moved', async (t) => {
  const rows = new Rows();
  rows.reserve(7);
  const arrays = new Set<Float64Array>();
  for (let i = 0; i < 1000; i++) {
    rows.next();
    rows.add();
    if (i === 0) t.equal(rows.numbers.length, 7);
    arrays.add(rows.numbers);
  }
  t.equal(arrays.size, 11, 'once for each power of two');
});
