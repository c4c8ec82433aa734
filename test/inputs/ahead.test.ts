import t from 'tap';
import { ahead } from '../../lib/inputs/ahead.ts';

t.test('one more than the consumer has is asked for', async (t) => {
  let made = 0;
  const numbers = ahead(
    (async function* () {
      while (made < 5) yield ++made;
    })(),
  );
  for (let k = 1; k <= 5; k++) {
    t.equal((await numbers.next()).value, k);
    await new Promise((resolve) => setImmediate(resolve));
    t.equal(made, Math.min(k + 1, 5));
  }
  t.equal((await numbers.next()).done, true);
});

t.test('a failure is told behind the items before it', async (t) => {
  const items = ahead(
    (async function* () {
      yield 'a';
      throw new Error('broken');
    })(),
  );
  t.equal((await items.next()).value, 'a');
  await new Promise((resolve) => setImmediate(resolve));
  await t.rejects(items.next(), { message: 'broken' });
});

t.test('whoever leaves waits for nobody', { timeout: 5000 }, async (t) => {
  let closed = false;
  let wake = (): void => {};
  const items = ahead(
    (async function* () {
      try {
        yield 'a';
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } finally {
        closed = true;
      }
    })(),
  );
  await items.next();
  await items.return(undefined);
  t.equal(closed, false);
  wake();
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(closed, true);
});
