import t from 'tap';
import type { Batch, Input } from '../../lib/batch/batch.ts';
import { Ledger } from '../../lib/ledger.ts';
import { Gate } from '../../lib/stages/gate.ts';
import { Parse } from '../../lib/stages/parse.ts';
import { workshop } from '../helpers/batches.ts';

const parser = (log: string[]) => (input: Input) => {
  const { batch } = workshop();
  return {
    *push(bytes: Uint8Array): Generator<Batch> {
      log.push(`${input.name} ${bytes.length}`);
      yield batch([{}]);
    },
    *end(): Generator<Batch> {
      log.push(`${input.name} ends`);
      yield batch([]);
    },
  };
};

function open(size = 10, now?: () => number) {
  const ledger = new Ledger();
  const gate = new Gate(ledger.queue('messages', size));
  const log: string[] = [];
  return {
    ledger,
    gate,
    log,
    parse: new Parse({ open: parser(log), gate, ledger, ready: Promise.resolve(), now }),
  };
}

t.test('what is neither bytes nor an input with bytes is refused in words', async (t) => {
  const others: [chunk: unknown, says: RegExp][] = [
    ['{}\n', /given text: leave out the encoding/],
    [5, /takes bytes, or \{ input/],
    [{}, /takes bytes/],
    [{ input: 'a.log', bytes: Buffer.from('{}') }, /takes bytes/],
    [{ input: { name: 'a.log', framing: '' }, bytes: '{}' }, /takes bytes/],
  ];
  for (const [chunk, says] of others) {
    const batches = open().parse.push(chunk as Uint8Array);
    const error: { code: string; message: string; hint?: string } = await batches.next().then(
      () => t.fail('nothing was refused'),
      (refusal) => refusal,
    );
    t.equal(error.code, 'USAGE');
    t.match(`${error.message}; ${error.hint}`, says);
  }
});

t.test('a change of input ends the one before', async (t) => {
  const { parse, log, ledger } = open();
  const [a, b] = ['a', 'b'].map((name) => ({ name, framing: '' }));
  for (const [input, bytes] of [
    [a, 1],
    [a, 2],
    [b, 3],
  ] as [Input, number][]) {
    for await (const _ of parse.push({ input, bytes: new Uint8Array(bytes) }));
  }
  for await (const _ of parse.end());
  t.same(log, ['a 1', 'a 2', 'a ends', 'b 3', 'b ends']);
  t.equal(ledger.read.records, 3);
});

t.test('a whole input stands amid another one, which goes on behind it', async (t) => {
  const { parse, log, ledger } = open();
  const [live, scrape] = ['live', 'scrape'].map((name) => ({ name, framing: '' })) as [Input, Input];
  for (const chunk of [
    { input: live, bytes: new Uint8Array(1) },
    { input: scrape, bytes: new Uint8Array(2), whole: true },
    { input: live, bytes: new Uint8Array(3) },
    { input: { name: 'next', framing: '' }, bytes: new Uint8Array(4) },
  ]) {
    for await (const _ of parse.push(chunk));
  }
  for await (const _ of parse.end());
  t.same(log, ['live 1', 'scrape 2', 'scrape ends', 'live 3', 'live ends', 'next 4', 'next ends']);
  t.equal(ledger.read.records, 4);
});

t.test('plain bytes are one unnamed input', async (t) => {
  const { parse, log } = open();
  for await (const _ of parse.push(new Uint8Array(5)));
  for await (const _ of parse.push(new Uint8Array(6)));
  for await (const _ of parse.end());
  t.same(log, ['- 5', '- 6', '- ends']);
});

t.test('waits for a place before it gives a batch', async (t) => {
  const { parse, gate } = open(1);
  const input = { name: 'a', framing: '' };
  const first = parse.push({ input, bytes: new Uint8Array(1) });
  await first.next();
  const second = parse.push({ input, bytes: new Uint8Array(1) });
  let given = false;
  const next = second.next().then(() => {
    given = true;
  });
  await new Promise(setImmediate);
  t.equal(given, false, 'no place, no batch');
  gate.give();
  await next;
  t.equal(given, true);
});

t.test('reads nothing when a handler cannot be opened', async (t) => {
  const { ledger, gate, log } = open();
  const ready = Promise.reject(new Error('no such folder'));
  const parse = new Parse({ open: parser(log), gate, ledger, ready });
  await t.rejects(parse.push(new Uint8Array(1)).next(), { message: 'no such folder' });
  t.same(log, []);
});

/** Goes through the batches of a few whole inputs; how often the event loop turned meanwhile, and the clock was read. */
async function turnsWhile(msPerBatch: number): Promise<{ turns: number; reads: number; batches: number }> {
  let time = 0;
  let reads = 0;
  const { parse } = open(Number.POSITIVE_INFINITY, () => {
    reads++;
    return time;
  });
  let turns = 0;
  let over = false;
  setImmediate(function turn() {
    turns++;
    if (!over) setImmediate(turn);
  });
  let batches = 0;
  for (let k = 0; k < 20; k++) {
    const input = { name: `${k}`, framing: '' };
    for await (const _ of parse.push({ input, bytes: new Uint8Array(1), whole: true })) {
      batches++;
      time += msPerBatch;
    }
  }
  over = true;
  return { turns, reads, batches };
}

t.test('the event loop has a turn between batches that hold it for long', async (t) => {
  const { turns, batches } = await turnsWhile(10);
  t.equal(batches, 40);
  t.ok(turns >= batches - 1, `${turns} turns`);
});

t.test('it has fewer of them the sooner batches are done, for one look at the clock each', async (t) => {
  const { turns, reads, batches } = await turnsWhile(1);
  // the first finds that none was given yet; a turn here can be two of the counter's, which was there before
  const given = 1 + Math.floor((batches - 1) / 5);
  t.ok(turns >= given - 1 && turns <= 2 * given, `${turns} turns`);
  t.equal(reads, batches + given);
  const { turns: atOnce } = await turnsWhile(0);
  t.ok(atOnce <= 2, 'nobody waits for what takes no time');
});

t.test('where reading is stopped, a record that is not there to its end was not read', async (t) => {
  const half = Buffer.from('{"a":1}\n{"a":');
  const endAt = (offset: number) => () => {
    const { batch } = workshop();
    return {
      *push(): Generator<Batch> {
        yield batch([{}]);
      },
      *end(): Generator<Batch> {
        const bytes = half.subarray(8);
        const rejected = [{ offset, length: 5, reason: 'invalid-json' as const, bytes }];
        yield Object.assign(batch([]), { rejected, consumed: 5 });
      },
    };
  };
  const read = async (offset: number, isStopped: boolean): Promise<[records: number, rejected: number]> => {
    const { gate, ledger } = open();
    const parse = new Parse({ open: endAt(offset), gate, ledger, ready: Promise.resolve() });
    for await (const _ of parse.push({ input: { name: 'a', framing: '', from: 100 }, bytes: half }));
    if (isStopped) parse.stop();
    for await (const _ of parse.end());
    return [ledger.read.records, ledger.rejectedTotal];
  };
  t.same(await read(108, false), [2, 1], 'an input that ends so is damaged');
  t.same(await read(108, true), [1, 0]);
  t.same(await read(107, true), [2, 1], 'a whole line before is damaged whoever stops');
});
