import t from 'tap';
import { BatchMemory } from '../../lib/kafka/batch-memory.ts';
import { recordsMemory } from '../../lib/kafka/records-module.ts';

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

t.test('what Node keeps several buffers in stays its own', (t) => {
  const { poolSize } = Buffer;
  t.teardown(() => {
    Buffer.poolSize = poolSize;
  });
  // as from Node 24 on
  Buffer.poolSize = 1 << 16;
  const memory = new BatchMemory(recordsMemory(1 << 20)!);
  const pooled = Array.from({ length: 4 }, () => Buffer.allocUnsafe(20_000).fill('a'));
  for (const one of pooled) t.equal(memory.adopt(one).toString('latin1', 0, 3), 'aaa');
  t.ok(pooled.every(({ length }) => length === 20_000));
  const large = new Uint8Array(1 << 17);
  t.equal(memory.adopt(large).length, 1 << 17);
  t.equal(large.length, 0, 'what is nobody else’s is given back');
  t.end();
});
