import t from 'tap';
import { discard, grown, nextRoom, stretched, vastRoom } from '../../lib/math/growth.ts';

t.test('a column keeps its kind and its numbers, and is zero behind them', async (t) => {
  for (const column of [Float64Array.of(1.5, -2), Uint32Array.of(3, 2 ** 32 - 1), Uint8Array.of(0, 255)]) {
    const more = grown(column, 4);
    t.equal(more.constructor, column.constructor);
    t.same([...more], [...column, 0, 0]);
  }
});

t.test('what a large column outgrows goes at once', async (t) => {
  const column = new Float64Array(1 << 14).fill(7);
  const more = grown(column, 1 << 15);
  t.equal(column.length, 0);
  t.ok(more.subarray(0, 1 << 14).every((x) => x === 7));
});

t.test('what is discarded is given back at once, not when the collector comes by', async (t) => {
  const held = () => process.memoryUsage().arrayBuffers;
  const before = held();
  const column = new Float64Array(1 << 20);
  t.ok(held() - before >= 8 << 20);
  discard(column);
  t.ok(held() - before < 1 << 20);
  t.equal(column.length, 0);
});

t.test('a column that stays grows where it is once it is large', async (t) => {
  for (const first of [Float64Array.of(1.5, -2), Uint32Array.of(3, 2 ** 32 - 1), Uint8Array.of(0, 255)]) {
    let column: Float64Array | Uint32Array | Uint8Array = first;
    for (const length of [4, 40_000, 300_000, 300_001, 1_000_000]) {
      const outgrown = column;
      const numbers = [...outgrown];
      column = stretched(outgrown, length);
      t.equal(column.constructor, outgrown.constructor);
      t.equal(column.length, length);
      t.ok(numbers.every((x, k) => column[k] === x) && column.subarray(numbers.length).every((x) => x === 0));
      if (outgrown.byteLength > 1 << 16) t.equal(outgrown.length, 0, 'what it outgrew went at once');
      column[length - 1] = 7;
    }
  }
});

t.test('a column grows as others do where the system has no pages for it', async (t) => {
  const { WebAssembly: there } = globalThis;
  t.teardown(() => Object.assign(globalThis, { WebAssembly: there }));
  const paged = stretched(new Float64Array(1 << 16).fill(7), 1 << 17);
  let column = new Float64Array(1 << 16).fill(7);
  Object.assign(globalThis, { WebAssembly: undefined });
  column = stretched(column, 1 << 17);
  t.ok(column.length === 1 << 17 && column.indexOf(0) === 1 << 16);
  Object.assign(globalThis, { WebAssembly: there });
  // beyond what pages there may be
  const memory = there.Memory.prototype;
  const { grow } = memory;
  t.teardown(() => Object.assign(memory, { grow }));
  memory.grow = () => {
    throw new RangeError('no pages');
  };
  const moved = stretched(paged, 1 << 18);
  t.ok(moved.length === 1 << 18 && moved.indexOf(0) === 1 << 16);
});

t.test('there is always room for one more, of many little that stays empty', async (t) => {
  t.same([0, 1, 2, 64].map(nextRoom), [1, 2, 4, 128]);
  for (let room = 1; room < 1e6; room = nextRoom(room)) t.ok(nextRoom(room) > room);
  t.equal(nextRoom(100_000), 125_000);
});

t.test('what may become long is moved few times', async (t) => {
  t.same([1, 64, 16_383].map(vastRoom), [2, 128, 32_766]);
  t.same([16_384, 100_000, 1 << 20].map(vastRoom), [1 << 20, 1 << 20, 1 << 21]);
});
