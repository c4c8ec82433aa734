import t from 'tap';
import { BatchMemory } from '../../lib/kafka/batch-memory.ts';

t.test('memory that was given back is taken again, by what fits in it', (t) => {
  const memory = new BatchMemory();
  const first = memory.take(70_000);
  t.equal(first.length, 70_000);
  memory.give(first);
  t.equal(memory.take(140_000).buffer === first.buffer, false, 'it is too small');
  const again = memory.take(130_000);
  t.equal(again.buffer, first.buffer);
  t.equal(again.length, 130_000);
  t.not(memory.take(70_000).buffer, first.buffer, 'it is in use');
  t.end();
});

t.test('what is small is not kept, nor more than some megabytes', (t) => {
  const memory = new BatchMemory();
  const small = memory.take(100);
  memory.give(small);
  t.not(memory.take(100).buffer === small.buffer && memory.take(100).byteOffset === small.byteOffset, true);
  const all = Array.from({ length: 40 }, () => memory.take(1 << 20));
  for (const one of all) memory.give(one);
  const before = new Set(all.map(({ buffer }) => buffer));
  const kept = all.filter(() => before.has(memory.take(1 << 20).buffer)).length;
  t.equal(kept, 16);
  t.end();
});
