import t from 'tap';
import { grown, nextRoom, vastRoom } from '../../lib/math/growth.ts';

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

t.test('there is always room for one more, of many little that stays empty', async (t) => {
  t.same([0, 1, 2, 64].map(nextRoom), [1, 2, 4, 128]);
  for (let room = 1; room < 1e6; room = nextRoom(room)) t.ok(nextRoom(room) > room);
  t.equal(nextRoom(100_000), 125_000);
});

t.test('what may become long is moved few times', async (t) => {
  t.same([1, 64, 16_383].map(vastRoom), [2, 128, 32_766]);
  t.same([16_384, 100_000, 1 << 20].map(vastRoom), [1 << 20, 1 << 20, 1 << 21]);
});
