import { PassThrough, Transform } from 'node:stream';
import t from 'tap';
import type { Selection } from '../../lib/batch/batch.ts';
import { Ledger } from '../../lib/ledger.ts';
import { feed } from '../../lib/stages/chain.ts';
import { Gate } from '../../lib/stages/gate.ts';

const gate = (): Gate => new Gate(new Ledger().queue('messages', 4));
const selection = (onRelease: () => void): Selection =>
  ({ flow: { batch: { release: onRelease } } }) as unknown as Selection;

async function* chunksOf(...chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

t.test('what comes out is let go of, and the feeding ends with the stream', async (t) => {
  let released = 0;
  const stream = new Transform({
    readableObjectMode: true,
    transform: (_, __, done) =>
      done(
        null,
        selection(() => released++),
      ),
  });
  await feed(stream, chunksOf(Buffer.from('a'), Buffer.from('b'), Buffer.from('c')), gate(), undefined);
  t.equal(released, 3);
});

t.test('no chunk is asked for while the stream is full', async (t) => {
  let asked = 0;
  let most = 0;
  let taken = 0;
  const stream = new Transform({
    readableObjectMode: true,
    writableHighWaterMark: 1,
    transform: (_, __, done) => {
      setImmediate(() => {
        most = Math.max(most, asked - taken++);
        done(
          null,
          selection(() => {}),
        );
      });
    },
  });
  async function* inputs(): AsyncGenerator<Buffer> {
    for (; asked < 20; asked++) yield Buffer.from('x');
  }
  await feed(stream, inputs(), gate(), undefined);
  t.equal(taken, 20);
  t.ok(most <= 2, `${most} chunks were under way at once`);
});

t.test('inputs that are abandoned are not waited for', async (t) => {
  const abandon = new AbortController();
  let returned = false;
  const silent: AsyncIterable<Buffer> = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: async () => {
        returned = true;
        return { done: true, value: undefined };
      },
    }),
  };
  setImmediate(() => abandon.abort());
  await feed(new PassThrough({ objectMode: true }).resume(), silent, gate(), abandon.signal);
  t.ok(returned, 'the inputs are told that no more is wanted');
});

t.test('a stage that fails ends the feeding with its error', async (t) => {
  const stream = new Transform({ transform: (_, __, done) => done(new Error('no more')) });
  await t.rejects(feed(stream, chunksOf(Buffer.from('x')), gate(), undefined), { message: 'no more' });
});

t.test('a stream that closes early, or ends with batches under way, is told', async (t) => {
  const closed = new PassThrough();
  setImmediate(() => closed.destroy());
  await t.rejects(
    feed(
      closed,
      { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) },
      gate(),
      undefined,
    ),
    { code: 'PIPELINE_BROKEN', message: /closed before its end/ },
  );
  const holding = gate();
  holding.take();
  await t.rejects(feed(new PassThrough({ objectMode: true }), chunksOf(), holding, undefined), {
    code: 'PIPELINE_BROKEN',
    message: /1 batches did not reach the end/,
  });
});
