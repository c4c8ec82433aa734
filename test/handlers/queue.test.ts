import t from 'tap';
import type { Flow, Picks } from '../../lib/batch/batch.ts';
import type { HandlerConfig } from '../../lib/config.ts';
import { MirrormonError, OutputClosed } from '../../lib/errors.ts';
import type { Handler } from '../../lib/handlers/handler.ts';
import { HandlerQueue } from '../../lib/handlers/queue.ts';
import { Ledger } from '../../lib/ledger.ts';
import { workshop } from '../helpers/batches.ts';

const full = () =>
  new MirrormonError('HANDLER_WRITE', 'no space left on the disk', { where: 'x.log', canRetry: true });

function item(report = false): { flow: Flow; picks: Picks } {
  const batch = workshop().batch([{}, {}]);
  return {
    flow: { batch, from: 0, to: 2, report },
    picks: { handler: 0, count: 2, row: Uint32Array.of(0, 1), subscription: new Uint16Array(2), keys: [] },
  };
}

function open(write: Handler['write'], overrides: Partial<HandlerConfig> = {}) {
  const ledger = new Ledger();
  const warnings: string[] = [];
  const delays: number[] = [];
  let time = 0;
  const config = { bufferSize: 2, onError: 'wait', retryFor: 1000, ...overrides } as HandlerConfig;
  const handler: Handler = { name: 'h', type: 'test', open: async () => {}, write, close: async () => {} };
  const queue = new HandlerQueue(handler, config, ledger, {
    now: () => time,
    warn: (message) => warnings.push(message),
    tell: (message) => warnings.push(message),
    isLive: () => false,
    onClosed: () => {},
    delay: async (ms) => {
      delays.push(ms);
      time += ms;
    },
  });
  const offer = async (report = false): Promise<Flow> => {
    const { flow, picks } = item(report);
    await queue.offer(flow, picks);
    return flow;
  };
  return { queue, ledger, warnings, delays, offer };
}

t.test('delivers in order, one at a time, and holds no more than bufferSize', async (t) => {
  let running = 0;
  const releases: (() => void)[] = [];
  const { offer, queue, ledger } = open(async () => {
    t.equal(++running, 1);
    await new Promise<void>((resolve) => releases.push(resolve));
    running--;
    return 10;
  });
  await offer();
  await offer();
  let third = false;
  const waiting = offer().then(() => {
    third = true;
  });
  await new Promise(setImmediate);
  t.equal(third, false, 'a full queue makes its feeder wait');
  t.equal(queue.held, 2);
  while (!third) {
    releases.shift()?.();
    await new Promise(setImmediate);
  }
  await waiting;
  const drained = queue.drained();
  while (queue.held > 0) {
    releases.shift()?.();
    await new Promise(setImmediate);
  }
  await drained;
  t.same(ledger.handler('h'), {
    records: { selected: 6, delivered: 6, dropped: 0 },
    events: { selected: 0, delivered: 0, dropped: 0 },
    bytes: 30,
  });
  t.equal(ledger.queues.get('h')?.deepest, 2);
});

t.test('onError wait: tries again, slower each time, until it works', async (t) => {
  let left = 9;
  const { offer, queue, ledger, delays, warnings } = open(async () => {
    if (left-- > 0) throw full();
    return 1;
  });
  await offer(true);
  await queue.drained();
  t.same(delays, [100, 200, 400, 800, 1600, 3200, 6400, 10000, 10000]);
  t.same(warnings, ['x.log: no space left on the disk; trying again until it works', 'h: writing again']);
  t.equal(ledger.handler('h').events.delivered, 2);
  t.equal(ledger.failures.get('h'), 9);
  t.same(ledger.mismatches(), []);
});

t.test('a failure that asks for a time is left alone for as long, within retryFor', async (t) => {
  const asking = full().with({ retryAfter: 600 });
  t.match(asking, { code: 'HANDLER_WRITE', where: 'x.log', canRetry: true, retryAfter: 600 });
  const { offer, queue, delays } = open(() => Promise.reject(asking), { onError: 'fail' });
  await offer();
  await queue.drained();
  t.same(delays, [600, 400]);
});

t.test('onError fail: gives up after retryFor, and what follows is dropped', async (t) => {
  const { offer, queue, ledger, delays, warnings } = open(() => Promise.reject(full()), { onError: 'fail' });
  await offer();
  await queue.drained();
  t.same(delays, [100, 200, 400, 300], 'no longer than retryFor');
  t.match(warnings, [/trying again for 1 s/]);
  await offer();
  await queue.drained();
  t.equal((queue.closedBy as MirrormonError).code, 'HANDLER_WRITE');
  t.same(Object.fromEntries(ledger.dropped.get('h') ?? []), { 'write-failed': 2, 'handler-failed': 2 });
  t.same(ledger.mismatches(), []);
});

t.test('onError drop: drops what it could not write, counts it and goes on', async (t) => {
  let calls = 0;
  const { offer, queue, ledger, warnings } = open(
    async () => {
      if (calls++ === 0) throw full();
      return 1;
    },
    { onError: 'drop' },
  );
  await offer();
  await offer();
  await queue.drained();
  t.same(ledger.handler('h').records, { selected: 4, delivered: 2, dropped: 2 });
  t.match(warnings[0], /dropping what it cannot take/);
  t.equal(queue.closedBy, undefined);
});

for (const onError of ['fail', 'drop'] as const) {
  t.test(`onError ${onError}: what of a selection had arrived stays delivered`, async (t) => {
    const error = new MirrormonError('HANDLER_WRITE', 'full', { delivered: { picks: 1, bytes: 7 } });
    const { offer, queue, ledger } = open(() => Promise.reject(error), { onError });
    await offer();
    await queue.drained();
    t.same(ledger.handler('h').records, { selected: 2, delivered: 1, dropped: 1 });
    t.equal(ledger.handler('h').bytes, 7);
    t.same(Object.fromEntries(ledger.dropped.get('h') ?? []), { 'write-failed': 1 });
    t.same(ledger.mismatches(), []);
  });
}

t.test('what a sink refuses for good is dropped, the rest is delivered', async (t) => {
  const { offer, queue, ledger, warnings } = open(() => ({
    bytes: 7,
    refused: { count: 1, reason: 'too-old' },
  }));
  await offer();
  await offer(true);
  await queue.drained();
  t.same(ledger.handler('h'), {
    records: { selected: 2, delivered: 1, dropped: 1 },
    events: { selected: 2, delivered: 1, dropped: 1 },
    bytes: 14,
  });
  t.same(ledger.toReport(0).dropped, { total: 2, reasons: { 'too-old': 2 } });
  t.same(ledger.mismatches(), []);
  t.same(warnings, [], 'no failure, and not tried again');
});

t.test('a failure that no retry mends ends it at once', async (t) => {
  const { offer, queue, delays } = open(() => Promise.reject(new MirrormonError('HANDLER_WRITE', '401')));
  await offer();
  await queue.drained();
  t.equal(queue.closedBy?.message, '401');
  t.same(delays, []);
});

t.test('a closed output is no failure', async (t) => {
  const { offer, queue, ledger } = open(() => Promise.reject(new OutputClosed()));
  await offer();
  await queue.drained();
  t.ok(queue.closedBy instanceof OutputClosed);
  t.equal(ledger.failures.size, 0);
  t.same(Object.fromEntries(ledger.dropped.get('h') ?? []), { 'output-closed': 2 });
});

t.test('broken off, it does not try again, and waits for nothing', async (t) => {
  const failing = () => new Promise<number>((_, reject) => setImmediate(() => reject(full())));
  for (const write of [failing, () => new Promise<number>(() => {})]) {
    const { offer, queue, delays, ledger } = open(write, { bufferSize: 1 });
    await offer();
    const waiting = offer();
    await new Promise(setImmediate);
    queue.breakOff();
    await waiting;
    await offer();
    await queue.drained();
    t.ok(delays.length <= 2);
    t.same(Object.fromEntries(ledger.dropped.get('h') ?? []), { 'not-in-time': 6 });
    t.same(ledger.mismatches(), []);
  }
});

t.test('onError drop: never makes anyone wait', async (t) => {
  let finish: (bytes: number) => void = () => {};
  const stuck = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const { offer, queue, ledger } = open(() => stuck, { onError: 'drop' });
  for (let k = 0; k < 5; k++) await offer();
  finish(1);
  await queue.drained();
  t.same(ledger.handler('h').records, { selected: 10, delivered: 4, dropped: 6 });
  t.same(Object.fromEntries(ledger.dropped.get('h') ?? []), { 'queue-full': 6 });
});

t.test('what is no failure of writing is dropped, and told with its stack', async (t) => {
  let calls = 0;
  const { offer, queue, ledger, warnings } = open(() => {
    if (calls++ === 0) throw new TypeError('x is not a function');
    return 1;
  });
  await offer();
  await offer();
  await queue.drained();
  t.match(warnings, [/bug of mirrormon.*x is not a function/]);
  t.same(ledger.handler('h').records, { selected: 4, delivered: 2, dropped: 2 });
});

t.test('a batch is held until it was delivered', async (t) => {
  const { flow, picks } = item();
  let released = 0;
  flow.batch.release = () => {
    released++;
  };
  const { queue } = open(async () => {
    t.equal(released, 0, 'held while it is written');
    return 1;
  });
  await queue.offer(flow, picks);
  await queue.drained();
  t.equal(released, 1);
});
