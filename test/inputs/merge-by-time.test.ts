import t from 'tap';
import { merge } from '../../lib/inputs/merge-by-time.ts';

/** A source whose items come when they are told to. */
function source<T>() {
  const waiting: ((result: IteratorResult<T>) => void)[] = [];
  const state = { asked: 0, returned: false };
  const iterable: AsyncIterable<T> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        state.asked++;
        return new Promise((resolve) => waiting.push(resolve));
      },
      return: async () => {
        state.returned = true;
        return { done: true, value: undefined };
      },
    }),
  };
  return {
    iterable,
    state,
    give: (value: T) => waiting.shift()!({ done: false, value }),
    end: () => waiting.shift()!({ done: true, value: undefined }),
  };
}

t.test('items come in the order in which they arrive', async (t) => {
  const [a, b] = [source<string>(), source<string>()];
  const merged = merge([a.iterable, b.iterable]);
  const first = merged.next();
  b.give('b1');
  t.equal((await first).value, 'b1', 'a silent source holds nobody up');
  const second = merged.next();
  a.give('a1');
  t.equal((await second).value, 'a1');
  const third = merged.next();
  a.end();
  b.give('b2');
  t.equal((await third).value, 'b2', 'one may end before the others');
  const last = merged.next();
  b.end();
  t.equal((await last).done, true);
});

t.test('a source is asked for its next item when the one before is taken', async (t) => {
  const a = source<number>();
  const merged = merge([a.iterable]);
  const first = merged.next();
  a.give(1);
  await first;
  t.equal(a.state.asked, 1);
  merged.next();
  await new Promise(setImmediate);
  t.equal(a.state.asked, 2);
});

t.test('an early end lets the sources go, also one that waits', async (t) => {
  const [a, b] = [source<number>(), source<number>()];
  const merged = merge([a.iterable, b.iterable]);
  const first = merged.next();
  a.give(1);
  await first;
  await merged.return(undefined);
  t.ok(a.state.returned && b.state.returned);
});

t.test('an error of one source ends all', async (t) => {
  const a = source<number>();
  async function* broken(): AsyncGenerator<number> {
    yield 1;
    throw new Error('broken');
  }
  const merged = merge([a.iterable, broken()]);
  t.equal((await merged.next()).value, 1);
  await t.rejects(merged.next(), { message: 'broken' });
  t.ok(a.state.returned);
});

t.test('nothing to merge is nothing', async (t) => {
  t.equal((await merge([]).next()).done, true);
});
