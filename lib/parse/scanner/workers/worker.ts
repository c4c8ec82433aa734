/** A parse worker: scans what it is told to, in a memory that the main thread sees too, and makes columns ahead. */
import { readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { Engine } from '../engine.ts';
import { byteOrderMark } from '../scanner-parser.ts';
import { settleTimes } from '../times.ts';
import { Foresight, isSparse } from './foresight.ts';
import { type OwnLines, ownLines } from './own-lines.ts';
import { SparseColumns } from './sparse-columns.ts';
import {
  type Collect,
  type Collected,
  type ColumnOrder,
  type DismissedRecords,
  type Job,
  type Reply,
  type Scan,
  type Setup,
  UNREADABLE,
} from './worker-messages.ts';

const setup = workerData as Setup;
const { memory, windowBytes } = setup;
const engine = new Engine({
  module: setup.module,
  wants: setup.wants,
  limits: setup.limits,
  windowBytes,
  measures: setup.measures,
  slots: 0,
  place: { memory, start: setup.start },
});
const { exports } = engine;
/** By slot. */
const orders = new Map<number, readonly ColumnOrder[]>();
const foresight = new Foresight(setup.wants, setup.foresight);
const sparse = new SparseColumns(engine, foresight);
/** Of the job at hand: whether records are told apart by their telling text, because somebody asks for that. */
let toldApart = false;
let generation = 0;
/** Whether something found no room in the dictionaries. */
let full = false;

const port = parentPort!;
const reply = (message: Reply): void => port.postMessage(message);
port.on('message', (job: Job | Collect) => reply('collect' in job ? collect(job) : work(job)));
reply({ ready: engine.aggregation?.given });

function collect({ collect: what }: Collect): Collected {
  const collected = engine.aggregation!.settle(what);
  // they are read while the next ones are logged
  if (what === 'ticks') exports.turnTicks();
  return { collected };
}

function work(job: Job): Reply {
  if (job.taken === true) begin();
  if (job.columns !== undefined) orders.set(job.slot, job.columns);
  const window = Buffer.from(memory.buffer, job.slot + exports.WINDOW.value, windowBytes);
  let lines: OwnLines = { base: job.base, begin: 0, end: job.size, unfinished: false };
  const { range } = job;
  if (range !== undefined) {
    try {
      lines = ownLines(range, window, setup.maxLineBytes, (place, length, offset) =>
        readAll(range.descriptor, window, place, length, offset),
      );
    } catch {
      return UNREADABLE;
    }
  }
  return scan(job, lines, window);
}

/** The series are forgotten, too: whoever takes partials may have known them by ids that mean others now. */
function begin(): void {
  const aggregation = engine.aggregation!;
  aggregation.noteLackOfRoom();
  aggregation.begin('all');
}

function scan(job: Job, lines: OwnLines, window: Buffer): Scan {
  if (full) {
    exports.clearDictionaries();
    foresight.forget();
    generation++;
    full = false;
  }
  const { base, begin, end } = lines;
  let rows = 0;
  let rejected = 0;
  let untold = 0;
  let scanned = begin;
  let made = 0;
  let stopped = false;
  let dismissed: DismissedRecords | undefined;
  if (begin < end) {
    const mark = base + begin === 0 ? byteOrderMark(window, end) : 0;
    const { measuring } = job;
    exports.measureInScan(
      measuring === undefined ? 0 : 1,
      measuring?.until ?? 0,
      (measuring?.order ?? 0) + base,
    );
    rows = exports.scan(job.slot, begin + mark, end, job.mode);
    rejected = exports.rejected();
    untold = exports.untold();
    scanned = exports.scanned();
    stopped = exports.hasStopped() !== 0;
    if (measuring !== undefined) dismissed = dismissedRecords();
    settle(job.slot);
    const columns = orders.get(job.slot) ?? [];
    toldApart = false;
    while (made < columns.length && make(job.slot, rows, columns[made]!)) made++;
  }
  return { ...lines, scanned, rows, rejected, untold, stopped, dismissed, made, generation, sizes: sizes() };
}

function dismissedRecords(): DismissedRecords {
  return {
    records: exports.dismissedRecords(),
    measured: exports.dismissedMeasured(),
    newest: exports.newestTime(),
    lacksRoom: exports.scanLacksRoom() !== 0,
  };
}

function settle(slot: number): void {
  if (exports.unsettled() === 0) return;
  const most = exports.MOST_ROWS.value;
  const unsettled = new Uint32Array(memory.buffer, slot + exports.UNSETTLED.value, most);
  const time = new Float64Array(memory.buffer, slot + exports.TIME.value, most);
  settleTimes(engine, slot, unsettled, time);
}

/** Gives whether there was room for all of it. */
function make(slot: number, rows: number, order: ColumnOrder): boolean {
  const isWhole =
    isSparse(order) && toldApart ? sparse.make(slot, rows, order) : makeWhole(slot, rows, order);
  if (!isWhole) full = true;
  else if (order.kind === 'ids' && order.index === setup.wants.telling?.index) {
    sparse.begin(new Uint32Array(memory.buffer, order.address, rows));
    toldApart = true;
  }
  return isWhole;
}

function makeWhole(slot: number, rows: number, { kind, index, address }: ColumnOrder): boolean {
  const fill = {
    ids: exports.symbolColumn,
    keys: exports.keyListColumn,
    labels: exports.tupleColumn,
    numbers: exports.numberColumn,
    hashes: exports.hashColumn,
  }[kind];
  return fill(slot, rows, index, address) === rows;
}

function sizes(): Scan['sizes'] {
  return {
    symbols: exports.size(exports.symbolDictionary()),
    lists: exports.size(exports.keyListDictionary()),
    tuples: setup.wants.labelSets.map((_, set) => exports.size(exports.tupleDictionary(set))),
  };
}

function readAll(descriptor: number, window: Buffer, place: number, length: number, offset: number): number {
  let done = 0;
  while (done < length) {
    const read = readSync(descriptor, window, place + done, length - done, offset + done);
    if (read === 0) break;
    done += read;
  }
  return done;
}
