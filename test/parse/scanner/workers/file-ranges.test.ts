import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import type { Batch } from '../../../../lib/batch/batch.ts';
import type { Workshop } from '../../../../lib/parse/scanner/workers/delivery.ts';
import { readFile } from '../../../../lib/parse/scanner/workers/file-ranges.ts';
import type { Account, RangeOrder, Scan } from '../../../../lib/parse/scanner/workers/worker-messages.ts';
import type { Lane, Task } from '../../../../lib/parse/scanner/workers/worker-thread.ts';

/** Bytes of a range, and of a file in which the main thread helps after the first. */
const RANGE = 1 << 24;
const FILE = 4 * RANGE;

type Given = Task & {
  readonly range: RangeOrder;
  readonly end: (account: Account, left?: RangeOrder) => void;
};

/** A thread that reads nothing: what it is given is ended by the test. */
class StandIn {
  readonly given: Given[] = [];
  readonly engine = { hasSlot: true, takeSlot: () => ({}), giveBack: () => {} };
  readonly isOwn: boolean;
  slots: number;

  constructor(isOwn: boolean, slots: number) {
    this.isOwn = isOwn;
    this.slots = slots;
    Object.defineProperty(this.engine, 'hasSlot', { get: () => this.slots > 0 });
  }

  get load(): number {
    return this.given.length;
  }

  takeNotes(): void {}

  read(_slot: unknown, _shop: unknown, range: RangeOrder): Task {
    this.slots--;
    let resolve = (_scan: Scan): void => {};
    const promise = new Promise<Scan>((settle) => {
      resolve = settle;
    });
    const task = { lane: this as unknown as Lane, range, scan: promise, isFree: true } as unknown as Given;
    const end = (account: Account, left?: RangeOrder): void => {
      this.given.splice(this.given.indexOf(task), 1);
      Object.assign(task, { account, left });
      resolve({ dismissed: { lacksRoom: left !== undefined } } as Scan);
    };
    Object.assign(task, { end });
    this.given.push(task);
    return task;
  }
}

const account = (from: number, to: number): Account => ({
  from,
  to,
  dismissed: { records: 1, measured: 1, newest: 0 },
});

t.test('while the main thread reads what nobody was given, nobody is given it', async (t) => {
  const worker = new StandIn(false, 1);
  const own = new StandIn(true, 2);
  const free = (lane: StandIn): boolean => lane.slots > 0;
  const here = {
    lineStart: 0,
    waiting: false,
    moveTo: (to: number) => {
      here.lineStart = to;
    },
    cutBefore: () => 0,
    push: (chunk: Buffer): Batch[] => {
      here.lineStart += chunk.length;
      return [];
    },
  };
  const pool = {
    workers: 1,
    opened: [],
    takePartials: () => {},
    drain: async () => {},
    collect: async () => {},
    help: () => {},
    free: () => [worker].filter(free),
    get freeOwn() {
      return free(own) ? own : undefined;
    },
    get hasFree() {
      return free(worker);
    },
  };
  const shop = {
    input: { name: 'a.log', framing: '' },
    here,
    pool,
    pieces: { bytes: RANGE, adapt: () => {} },
  } as unknown as Workshop;
  /** What happens while the main thread waits for bytes. */
  let meanwhile = async (): Promise<void> => {};
  async function* bytes(): AsyncGenerator<Buffer> {
    while (here.lineStart < FILE) {
      await meanwhile();
      yield Buffer.alloc(1000);
    }
  }
  const file = { descriptor: 0, from: 0, to: FILE, progress: () => {} };
  const reading = (async () => {
    for await (const batch of readFile(shop, { bytes, file }, file)) batch.release();
  })();
  await turn();
  worker.slots = 1;
  worker.given[0]!.end(account(0, RANGE));
  await turn();
  t.equal(own.load, 2, 'the main thread helps');

  // the worker has no room for more, and no slot to go on with; before it has one the main thread reads some of it
  const stopped = worker.given[0]!.range;
  const left = { ...stopped, start: stopped.start + 5000, atLine: true };
  meanwhile = async () => {
    meanwhile = async () => {};
    worker.slots = 2;
    own.given[0]!.end(account(own.given[0]!.range.start, own.given[0]!.range.stop));
    await turn();
    t.same(worker.given, [], 'what is read here is not given to the worker that became free');
  };
  worker.given[0]!.end(account(stopped.start, left.start), left);
  await turn();
  await turn();
  t.equal(worker.given[0]!.range.start, left.start + 1000, 'it goes on behind what was read here');

  for (let k = 0; k < 100 && worker.load + own.load > 0; k++) {
    for (const { range, end } of [...worker.given, ...own.given]) end(account(range.start, range.stop));
    worker.slots = 2;
    own.slots = 2;
    await turn();
  }
  await reading;
  t.equal(here.lineStart, FILE);
});
