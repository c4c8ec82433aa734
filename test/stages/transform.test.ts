import { once } from 'node:events';
import t from 'tap';
import { asTransform, type Step } from '../../lib/stages/transform.ts';

t.test('gives what the step gives, in order, and its end', async (t) => {
  const stream = asTransform<number, string>({
    *push(n) {
      for (let k = 0; k < n; k++) yield `${n}.${k}`;
    },
    *end() {
      yield 'end';
    },
  });
  for (const n of [1, 3, 0, 2]) stream.write(n);
  stream.end();
  t.same(await stream.toArray(), ['1.0', '3.0', '3.1', '3.2', '2.0', '2.1', 'end']);
});

t.test('asks for an output only when there is room for it', async (t) => {
  let made = 0;
  const stream = asTransform<string, number>({
    *push() {
      for (let k = 0; k < 100; k++) {
        made++;
        yield k;
      }
    },
  });
  stream.write('go');
  await once(stream, 'readable');
  t.ok(made <= 2, `${made} made while nobody reads`);
  stream.end();
  t.equal((await stream.toArray()).length, 100);
  t.equal(made, 100);
});

t.test('an error of the step destroys the stream with it', async (t) => {
  const stream = asTransform<number, number>({
    // biome-ignore lint/correctness/useYield: it fails before it yields
    *push() {
      throw new Error('broken');
    },
  });
  stream.write(1);
  await t.rejects(stream.toArray(), { message: 'broken' });
});

t.test('ticks come between items, never into one', async (t) => {
  const log: string[] = [];
  // the stream's own timer does not keep a process alive
  const alive = setInterval(() => {}, 1000);
  t.teardown(() => clearInterval(alive));
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const ticked = new Promise<void>((resolve) => {
    const step: Step<string, string> = {
      async *push(item) {
        log.push(`begin ${item}`);
        await held;
        log.push(`end ${item}`);
        yield item;
      },
      *tick(now) {
        log.push(`tick ${now}`);
        resolve();
        yield 'tick';
      },
    };
    const stream = asTransform(step, { tickEvery: 1, now: () => 42 });
    stream.resume();
    stream.write('a');
    setTimeout(release, 20);
  });
  await ticked;
  t.same(log.slice(0, 3), ['begin a', 'end a', 'tick 42']);
});
