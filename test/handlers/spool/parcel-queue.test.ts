import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { HandlerConfig } from '../../../lib/config.ts';
import { MirrormonError } from '../../../lib/errors.ts';
import type { Joining, Parcel, ParcelHandler, Written } from '../../../lib/handlers/handler.ts';
import { openParcelQueue } from '../../../lib/handlers/spool/parcel-queue.ts';
import { Ledger } from '../../../lib/ledger.ts';
import { flowOf, handlerConfig, picksOf } from '../../helpers/sinks.ts';

const MEBIBYTE = 1 << 20;

const away = (details = {}) =>
  new MirrormonError('HANDLER_WRITE', 'the peer cannot be reached', { canRetry: true, ...details });
const refusal = () => new MirrormonError('HANDLER_WRITE', 'the peer answered 400', { hint: 'see its log' });

/** A peer that does as it is told, and a queue before it whose parcels are as large as their record says. */
async function open(
  deliver: (n: number, ids: readonly number[]) => Promise<Written> | Written,
  settings: Partial<HandlerConfig> = {},
  joining?: Joining,
) {
  const taken: number[] = [];
  const requests: number[] = [];
  const warnings: string[] = [];
  const state = { time: 0, deliver, tries: 0, isLive: false };
  const waits: (() => void)[] = [];
  const handler: ParcelHandler = {
    name: 'peer',
    type: 'test',
    ...(joining && { joining }),
    open: async () => {},
    close: async () => {},
    abort: () => {
      for (const wake of waits.splice(0)) wake();
    },
    *pack({ batch }) {
      const { id, size } = batch.object(0) as { id: number; size: number };
      const body = Buffer.alloc(size ?? 8);
      body.writeUInt32LE(id);
      yield { body, count: 1, bytes: 10, refused: [] };
    },
    async deliver({ body, count }: Parcel) {
      state.tries++;
      const ids = Array.from({ length: count }, (_, k) =>
        Buffer.from(body).readUInt32LE((k * body.length) / count),
      );
      const written = await state.deliver(ids[0]!, ids);
      taken.push(...ids);
      requests.push(count);
      return written;
    },
  };
  const ledger = new Ledger();
  const config = handlerConfig('otlp', 'logs', { onError: 'spool', spool: { maxsizemb: 1 }, ...settings });
  const queue = await openParcelQueue(handler, config, ledger, {
    now: () => state.time,
    warn: (message) => !warnings.includes(message) && warnings.push(message),
    tell: (message) => warnings.push(message),
    isLive: () => state.isLive,
    onClosed: () => {},
    delay: (ms) =>
      new Promise((resolve) => {
        waits.push(() => {
          state.time += ms;
          resolve();
        });
      }),
  });
  const offer = (id: number, size?: number) => {
    const flow = flowOf([JSON.stringify({ id, size })]);
    return queue.offer(flow, picksOf(flow));
  };
  const books = () => ({
    ...ledger.handler('peer').records,
    reasons: Object.fromEntries(ledger.dropped.get('peer') ?? []),
  });
  /** Lets everything happen that can, without passing time. */
  const settle = async () => {
    // a disk takes its time, which no clock of ours tells
    if (settings.spool?.path !== undefined) await new Promise((resolve) => setTimeout(resolve, 20));
    for (let k = 0; k < 20; k++) await new Promise(setImmediate);
  };
  const pass = async () => {
    for (const wake of waits.splice(0)) wake();
    await settle();
  };
  return { queue, state, taken, requests, warnings, ledger, offer, books, settle, pass };
}

/** Whether a promise settles without time passing. */
async function isQuick(promise: Promise<unknown>, settle: () => Promise<void>): Promise<boolean> {
  let done = false;
  promise.then(() => {
    done = true;
  });
  await settle();
  return done;
}

async function folderOf(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mirrormon-spool-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

for (const kind of ['memory', 'disk'] as const) {
  t.test(`${kind}: what a peer that was away missed is delivered in order, each once`, async (t) => {
    const path = kind === 'disk' ? await folderOf(t) : undefined;
    const { state, queue, offer, taken, books, pass, settle, warnings, ledger } = await open(
      () => Promise.reject(away()),
      { spool: { path, maxsizemb: 64 } },
    );
    for (let id = 0; id < 40; id++) await offer(id, 200_000);
    state.deliver = () => 0;
    await pass();
    const drained = queue.drained();
    while (!(await isQuick(drained, settle)));
    t.same(
      taken,
      Array.from({ length: 40 }, (_, id) => id),
    );
    t.same(books(), { selected: 40, delivered: 40, dropped: 0, reasons: {} });
    t.equal(ledger.handler('peer').bytes, 400);
    t.match(warnings, [/cannot be reached; trying again until it works, and spooling/, /writing again/]);
    if (path !== undefined) t.same(await readdir(path), [], 'nothing is left behind');
  });

  t.test(`${kind}: full, it drops the oldest while the peer is away, and counts them`, async (t) => {
    const path = kind === 'disk' ? await folderOf(t) : undefined;
    const { state, queue, offer, taken, books, pass, settle, ledger } = await open(
      () => Promise.reject(away()),
      { spool: { path, maxsizemb: 1 } },
    );
    // the first is under way before the others come
    for (let id = 0; id < 20; id++) await offer(id, 100_000).then(settle);
    state.deliver = () => 0;
    await pass();
    await queue.drained();
    t.same(taken, [0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], 'but for the one that was under way');
    t.same(books(), { selected: 20, delivered: 11, dropped: 9, reasons: { 'spool-full': 9 } });
    t.same(ledger.mismatches(), []);
  });
}

t.test('full, it slows the source while the peer answers', async (t) => {
  const busy = away({ isBusy: true, retryAfter: 1000 });
  const { state, queue, offer, taken, books, pass, settle } = await open(() => Promise.reject(busy));
  for (let id = 0; id < 11; id++) await offer(id, 100_000);
  const waiting = offer(11, 100_000);
  t.notOk(await isQuick(waiting, settle));
  state.deliver = () => 0;
  await pass();
  await waiting;
  await queue.drained();
  t.same(
    taken,
    Array.from({ length: 12 }, (_, id) => id),
  );
  t.match(books(), { delivered: 12, dropped: 0 });
});

t.test('without onError a run that is not live waits, one that is spools', async (t) => {
  const settings = { onError: undefined, bufferSize: 2, spool: { maxsizemb: 1 } };
  const { state, queue, offer, books, pass, settle } = await open(() => Promise.reject(away()), settings);
  for (let id = 0; id < 3; id++) await offer(id);
  const waiting = offer(3);
  t.notOk(await isQuick(waiting, settle), 'the one under way and two that wait');
  state.isLive = true;
  await pass();
  t.ok(await isQuick(waiting, settle));
  state.deliver = () => 0;
  await pass();
  await queue.drained();
  t.match(books(), { delivered: 4, dropped: 0 });
});

t.test('onError drop: nobody waits for a peer that is silent', async (t) => {
  const settings = { onError: 'drop', bufferSize: 2 } as const;
  const { queue, offer, books, settle, ledger } = await open(() => new Promise(() => {}), settings);
  for (let id = 0; id < 10; id++) t.ok(await isQuick(offer(id), settle));
  t.match(books(), { dropped: 7, reasons: { 'queue-full': 7 } });
  queue.breakOff();
  await queue.drained();
  t.match(books(), { delivered: 0, dropped: 10, reasons: { 'not-in-time': 3 } });
  t.same(ledger.mismatches(), []);
});

t.test('onError drop: at the end a peer that is away is asked once', async (t) => {
  let fail: (error: Error) => void = () => {};
  const tried = new Promise<number>((_, reject) => {
    fail = reject;
  });
  const { queue, state, offer, books, warnings } = await open(() => tried, { onError: 'drop' });
  for (let id = 0; id < 5; id++) await offer(id);
  const drained = queue.drained();
  fail(away());
  await drained;
  t.equal(state.tries, 1);
  t.match(books(), { delivered: 0, dropped: 5 });
  t.equal(warnings.filter((text) => /dropping what it cannot take/.test(text)).length, 1);
});

t.test('what is refused is dropped and told once; all else goes on', async (t) => {
  const { queue, offer, taken, books, warnings } = await open((id) =>
    id % 2 === 0 ? Promise.reject(refusal()) : 0,
  );
  for (let id = 0; id < 6; id++) await offer(id);
  await queue.drained();
  t.same(taken, [1, 3, 5]);
  t.same(books(), { selected: 6, delivered: 3, dropped: 3, reasons: { refused: 3 } });
  t.same(warnings, ['the peer answered 400; see its log; what it refuses is dropped, and counted']);
  t.equal(queue.closedBy, undefined);
});

t.test('onError fail: a refusal is the end of the run, and so is an outage after its time', async (t) => {
  for (const failure of [refusal(), away()]) {
    const { queue, offer, books, pass, settle, ledger } = await open(() => Promise.reject(failure), {
      onError: 'fail',
      retryFor: 1000,
    });
    await offer(0);
    await settle();
    for (let k = 0; k < 20 && queue.closedBy === undefined; k++) await pass();
    t.equal(queue.isFatal, true);
    await offer(1);
    await queue.drained();
    t.match(books(), { selected: 2, delivered: 0, dropped: 2 });
    t.same(ledger.mismatches(), []);
  }
});

t.test('at the end a spool in memory has retryFor', async (t) => {
  const { queue, offer, books, pass, settle, warnings } = await open(() => Promise.reject(away()), {
    retryFor: 5000,
  });
  for (let id = 0; id < 3; id++) await offer(id);
  await settle();
  const drained = queue.drained();
  for (let k = 0; k < 30 && !(await isQuick(drained, settle)); k++) await pass();
  await drained;
  t.same(books(), { selected: 3, delivered: 0, dropped: 3, reasons: { 'not-in-time': 3 } });
  t.match(warnings.at(-1), /within 5s of the end is dropped/);
});

t.test('a spool on disk outlives the run', async (t) => {
  const path = await folderOf(t);
  const spool = { path, maxsizemb: 64 };
  const first = await open(() => Promise.reject(away()), { spool });
  for (let id = 0; id < 10; id++) await first.offer(id, 300_000);
  await first.settle();
  first.queue.breakOff();
  await first.queue.drained();
  t.match(first.books(), { delivered: 0, dropped: 10, reasons: { 'left-in-spool': 10 } });
  t.match(first.warnings.at(-1), /10 stay in .*: the next run delivers them first/);

  const names = (await readdir(path)).sort();
  t.ok(names.length > 0);
  // a crash in the middle of a write, and a file that is none of ours
  const { size } = await import('node:fs').then((fs) => fs.statSync(join(path, names.at(-1)!)));
  await truncate(join(path, names.at(-1)!), size - 100);
  await writeFile(join(path, 'notes.txt'), 'mine');

  const second = await open(() => 0, { spool });
  await second.offer(10, 8);
  const drained = second.queue.drained();
  while (!(await isQuick(drained, second.settle)));
  t.same(second.taken, [0, 1, 2, 3, 4, 5, 6, 7, 8, 10], 'all but the one that was cut');
  t.same(
    second.books(),
    { selected: 1, delivered: 1, dropped: 0, reasons: {} },
    'the others stand in other books',
  );
  t.match(second.warnings[0], /holds what an earlier run left/);
  t.same(await readdir(path), ['notes.txt']);
});

t.test('a folder that cannot be written is told before anything is read', async (t) => {
  const folder = await folderOf(t);
  await writeFile(join(folder, 'file'), '');
  await t.rejects(
    open(() => 0, { spool: { path: join(folder, 'file', 'spool'), maxsizemb: 1 } }),
    { code: 'HANDLER_OPEN', hint: /spool.path/ },
  );
});

t.test('a parcel larger than the spool is taken all the same', async (t) => {
  const { queue, offer, taken } = await open(() => 0);
  await offer(1, 3 * MEBIBYTE);
  await queue.drained();
  t.same(taken, [1]);
});

const numbers = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

/** What a peer that is as slow as it gets keeps waiting, before it answers. */
const joining: Joining = { count: 16, bytes: 2 * MEBIBYTE, join: (bodies) => Buffer.concat(bodies) };

for (const kind of ['memory', 'disk'] as const) {
  t.test(`${kind}: where many wait, more and more of them are one request`, async (t) => {
    const path = kind === 'disk' ? await folderOf(t) : undefined;
    const peer = await open(() => 0, { spool: { path, maxsizemb: 64 } }, joining);
    await Promise.all(numbers(100).map((id) => peer.offer(id)));
    await peer.queue.drained();
    t.same(peer.taken, numbers(100), 'in order, each once');
    t.same(peer.requests.slice(0, 6), [1, 2, 4, 8, 16, 16]);
    t.same(peer.books(), { selected: 100, delivered: 100, dropped: 0, reasons: {} });
    t.equal(peer.ledger.handler('peer').bytes, 1000);
  });

  t.test(`${kind}: a request is no larger than the handler says`, async (t) => {
    const path = kind === 'disk' ? await folderOf(t) : undefined;
    const peer = await open(() => 0, { spool: { path, maxsizemb: 64 } }, joining);
    await Promise.all(numbers(30).map((id) => peer.offer(id, 700_000)));
    await peer.queue.drained();
    t.same(peer.taken, numbers(30));
    t.equal(Math.max(...peer.requests), 2);
  });

  t.test(`${kind}: after an outage the first goes alone, and all in order`, async (t) => {
    const path = kind === 'disk' ? await folderOf(t) : undefined;
    const peer = await open(() => 0, { spool: { path, maxsizemb: 64 } }, joining);
    await Promise.all(numbers(20).map((id) => peer.offer(id, 300_000)));
    await peer.settle();
    peer.state.deliver = () => Promise.reject(away());
    await Promise.all(numbers(20).map((id) => peer.offer(20 + id, 300_000)));
    await peer.settle();
    const before = peer.requests.length;
    peer.state.deliver = () => 0;
    await peer.pass();
    const drained = peer.queue.drained();
    while (!(await isQuick(drained, peer.settle)));
    t.same(peer.taken, numbers(40));
    t.equal(peer.requests[before], 1);
    t.match(peer.books(), { delivered: 40, dropped: 0 });
    if (path !== undefined) t.same(await readdir(path), []);
  });
}

t.test(
  'of a request that is refused each part is tried by itself: only what is to blame is dropped',
  async (t) => {
    const { queue, offer, taken, books, ledger } = await open(
      (_, ids) => (ids.includes(9) ? Promise.reject(refusal()) : 0),
      {},
      joining,
    );
    await Promise.all(numbers(40).map((id) => offer(id)));
    await queue.drained();
    t.same(
      taken,
      numbers(40).filter((id) => id !== 9),
    );
    t.same(books(), { selected: 40, delivered: 39, dropped: 1, reasons: { refused: 1 } });
    t.same(ledger.mismatches(), []);
  },
);

t.test('onError drop: what was one request with what fails is not dropped with it', async (t) => {
  const { queue, offer, taken, books } = await open(
    (_, ids) => (ids.includes(9) ? Promise.reject(away()) : 0),
    { onError: 'drop', bufferSize: 100 },
    joining,
  );
  await Promise.all(numbers(40).map((id) => offer(id)));
  while (queue.isSending) await new Promise(setImmediate);
  t.same(
    taken,
    numbers(40).filter((id) => id !== 9),
  );
  t.match(books(), { delivered: 39, dropped: 1 });
});

t.test('a spool on disk keeps all that was under way when the run ends', async (t) => {
  const path = await folderOf(t);
  const spool = { path, maxsizemb: 64 };
  const first = await open(() => 0, { spool }, joining);
  await Promise.all(numbers(20).map((id) => first.offer(id)));
  await first.settle();
  first.state.deliver = () => new Promise(() => {});
  await Promise.all(numbers(20).map((id) => first.offer(20 + id)));
  await first.settle();
  first.queue.breakOff();
  await first.queue.drained();
  t.match(first.books(), { delivered: 20, dropped: 20, reasons: { 'left-in-spool': 20 } });
  const second = await open(() => 0, { spool }, joining);
  const drained = second.queue.drained();
  while (!(await isQuick(drained, second.settle)));
  t.same(
    second.taken,
    numbers(20).map((id) => 20 + id),
  );
});

t.test('that a full spool drops the oldest is told once in each outage', async (t) => {
  const { state, offer, pass, settle, warnings, queue } = await open(() => Promise.reject(away()));
  for (let outage = 0; outage < 2; outage++) {
    for (let id = 0; id < 20; id++) await offer(id, 100_000).then(settle);
    state.deliver = () => 0;
    for (let k = 0; k < 3; k++) await pass();
    state.deliver = () => Promise.reject(away());
  }
  state.deliver = () => 0;
  await pass();
  await queue.drained();
  t.equal(warnings.filter((text) => text.includes('the spool is full')).length, 2, warnings.join('\n'));
});
