import t from 'tap';
import { HashIndex } from '../../lib/usage/hash-index.ts';

t.test('rows are found by both words of their hash, however many there are', async (t) => {
  const index = new HashIndex();
  const hash = (row: number): [low: number, high: number] => [
    Math.imul(row >>> 3, 0x9e37_79b1) >>> 0,
    Math.imul(row, 0x85eb_ca6b) >>> 0,
  ];
  for (let row = 0; row < 20_000; row++) {
    const [low, high] = hash(row);
    if (index.find(low, high) !== -1) t.fail(`row ${row} is found before it is there`);
    index.add(low, high, row);
  }
  const lost: number[] = [];
  for (let row = 0; row < 20_000; row++) if (index.find(...hash(row)) !== row) lost.push(row);
  t.same(lost, [], 'eight rows have each lower word in common');
  t.equal(index.find(hash(5)[0], 12_345), -1, 'one word is not enough');
});

t.test('rows without a hash lie between others', async (t) => {
  const index = new HashIndex();
  index.add(7, 8, 5000);
  index.add(7, 9, 9000);
  t.equal(index.find(7, 8), 5000);
  t.equal(index.find(7, 9), 9000);
  t.equal(index.find(8, 7), -1);
});
