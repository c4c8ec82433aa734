import t from 'tap';
import type { Batch, Picks } from '../../lib/batch/batch.ts';
import type { HandlerConfig } from '../../lib/config.ts';
import { MirrormonError, OutputClosed } from '../../lib/errors.ts';
import type { Handler } from '../../lib/handlers/handler.ts';
import { HandlerQueue } from '../../lib/handlers/queue.ts';
import { Ledger } from '../../lib/ledger.ts';
import { Gate } from '../../lib/stages/gate.ts';
import { Tee } from '../../lib/stages/tee.ts';
import { workshop } from '../helpers/batches.ts';

function open(...writes: Handler['write'][]) {
  const ledger = new Ledger();
  const gate = new Gate(ledger.queue('messages', 10));
  const queues = writes.map((write, k) => {
    const handler: Handler = {
      name: `h${k}`,
      type: 'test',
      open: async () => {},
      write,
      close: async () => {},
    };
    const config = { bufferSize: 1, onError: 'wait', retryFor: 0 } as HandlerConfig;
    return new HandlerQueue(handler, config, ledger, {
      now: Date.now,
      warn: () => {},
      tell: () => {},
      isLive: () => false,
      onClosed: () => {},
      delay: async () => {},
    });
  });
  const rejected: Batch[] = [];
  const deadLetters = async (batch: Batch): Promise<void> => {
    rejected.push(batch);
  };
  const tee = new Tee({ queues, gate, deadLetters });
  const { batch } = workshop();
  const send = async (handlers: number[], overrides = {}) => {
    const rows = batch([{}, {}]);
    await gate.take();
    const picks: Picks[] = handlers.map((handler) => ({
      handler,
      count: 1,
      row: Uint32Array.of(0),
      subscription: Uint16Array.of(0),
      keys: [undefined],
    }));
    const flow = { batch: rows, from: 0, to: 2, report: false, ...overrides };
    for await (const _ of tee.push({ flow, picks }));
    return rows;
  };
  const end = async (): Promise<void> => {
    for await (const _ of tee.end());
  };
  return { tee, gate, queues, ledger, rejected, send, end };
}

t.test('every handler gets what it selected, and the batch leaves with its last rows', async (t) => {
  const seen: number[] = [];
  const { send, end, gate } = open(
    () => seen.push(0),
    () => seen.push(1),
  );
  await send([0, 1]);
  t.equal(gate.held, 0);
  await send([1]);
  await send([], { to: 1 });
  t.equal(gate.held, 1, 'more of its rows are to come');
  await send([], { report: true });
  t.equal(gate.held, 2, 'a report has no place of its own to give back');
  await end();
  t.same(seen.sort(), [0, 1, 1]);
});

t.test('a slow handler makes the pipeline wait', async (t) => {
  let release: () => void = () => {};
  const { send } = open(
    () =>
      new Promise<number>((resolve) => {
        release = () => resolve(1);
      }),
  );
  await send([0]);
  let sent = false;
  const second = send([0]).then(() => {
    sent = true;
  });
  await new Promise(setImmediate);
  t.equal(sent, false);
  while (!sent) {
    release();
    await new Promise(setImmediate);
  }
  await second;
});

t.test('a handler that failed for good ends the run', async (t) => {
  const error = new MirrormonError('HANDLER_WRITE', 'gone');
  const { send, end } = open(() => Promise.reject(error));
  await t.rejects(send([0]).then(end), { message: 'gone' });
});

t.test('a closed output ends the run only if no other handler is left', async (t) => {
  const closed = (): Promise<number> => Promise.reject(new OutputClosed());
  const one = open(closed);
  await t.rejects(
    one.send([0]).then(() => one.end()),
    OutputClosed,
  );
  const two = open(closed, () => 1);
  await two.send([0, 1]);
  await two.send([0, 1]);
  await two.end();
  t.match(two.ledger.handler('h1').records, { delivered: 2, dropped: 0 });
  t.match(two.ledger.handler('h0').records, { delivered: 0, dropped: 2 });
  t.same(two.ledger.mismatches(), []);
});

t.test('rejected records go to the dead letters with the last rows of their batch', async (t) => {
  const { send, rejected } = open();
  const letter = { offset: 0, length: 1, reason: 'invalid-json' as const, bytes: Uint8Array.of(0x7b) };
  const { batch } = workshop();
  const rows = Object.assign(batch([{}, {}]), { rejected: [letter] });
  await send([], { batch: rows, to: 1 });
  t.equal(rejected.length, 0);
  await send([], { batch: rows });
  t.equal(rejected.length, 1);
});
