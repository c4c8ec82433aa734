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

t.test('what is shared is taken again once all of its parts were given back', (t) => {
  const memory = new BatchMemory(recordsMemory(1 << 20)!);
  const whole = memory.take(100_000);
  const parts = [whole.subarray(10, 5000), whole.subarray(5000, 90_000)];
  memory.share(whole, () => {
    t.same(
      parts.map((part) => memory.keep(part)),
      [true, true],
    );
    t.notOk(memory.keep(Buffer.alloc(10)), 'what lies elsewhere');
    t.notOk(memory.keep(memory.take(10)), 'what is shared by nobody');
    t.notOk(memory.keep(whole.subarray(10, 10)), 'nothing');
  });
  t.notOk(memory.keep(parts[0]!), 'what was shared before');
  const isFree = (): boolean => {
    const one = memory.take(100_000);
    const again = one.byteOffset === whole.byteOffset;
    if (again) memory.give(one);
    return again;
  };
  memory.give(parts[1]!);
  t.notOk(isFree());
  memory.give(parts[0]!);
  t.ok(isFree());
  memory.share(memory.take(100_000), () => {});
  t.ok(isFree(), 'nobody kept any of it');
  t.end();
});
