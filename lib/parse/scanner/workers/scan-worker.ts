import { readSync } from 'node:fs';
import type { ScannerExports } from '../abi.ts';
import type { TakenNotes } from '../aggregation/engine-notes.ts';
import type { OwnSessions } from '../aggregation/own-sessions.ts';
import type { Places } from '../aggregation/partial-tables.ts';
import { Engine } from '../engine.ts';
import { byteOrderMark } from '../scanner-parser.ts';
import { settleTimes } from '../times.ts';
import { accountOf, joined, type ScannedPiece } from './account.ts';
import { ColumnsAhead } from './columns-ahead.ts';
import { type OwnLines, type PieceLines, pieceOf, type ReadAt } from './own-lines.ts';
import {
  type Account,
  type Collect,
  type Collected,
  type DismissedRecords,
  type Job,
  type RangeOrder,
  type Reply,
  type Scan,
  type Setup,
  SKIPPED,
  UNREADABLE,
} from './worker-messages.ts';

/**
 * What a parse worker does: scans what it is told to, in a memory that the main thread sees too, and makes columns
 * ahead.
 */
export class ScanWorker {
  /** Where its tables are, if it measures. */
  readonly given: Places | undefined;
  private readonly setup: Setup;
  private readonly isOwn: boolean;
  private readonly engine: Engine;
  private readonly exports: ScannerExports;
  private readonly ahead: ColumnsAhead;
  private generation = 0;
  /** Whether something found no room in the dictionaries. */
  private full = false;
  /** Whether a range was not read to its stop, so that those behind it are not to be read. */
  private isSkipping = false;
  /** For notes. */
  private readonly rooms: ArrayBuffer[] = [];

  /** @param isOwn whether it works in the main thread, which asks for what it knows of sessions by itself */
  constructor(setup: Setup, isOwn = false) {
    const { module, wants, limits, windowBytes, measures, memory, start } = setup;
    this.setup = setup;
    this.isOwn = isOwn;
    this.engine = new Engine({
      ...{ module, wants, limits, windowBytes, measures },
      slots: 0,
      place: { memory, start },
    });
    this.exports = this.engine.exports;
    this.ahead = new ColumnsAhead(this.engine, wants);
    this.given = this.engine.aggregation?.given;
  }

  get ownSessions(): OwnSessions | undefined {
    return this.engine.aggregation?.ownSessions;
  }

  do(job: Job | Collect): Reply {
    return 'collect' in job ? this.collect(job) : this.work(job);
  }

  private collect({ collect: what, unlessSkipping }: Collect): Collected | typeof SKIPPED {
    if (unlessSkipping && this.isSkipping) return SKIPPED;
    const aggregation = this.engine.aggregation!;
    const collected = aggregation.settle(what);
    // they are read while the next ones are logged
    if (what === 'ticks') this.exports.turnTicks();
    else if (!this.isOwn) return { collected: { ...collected, gathered: aggregation.ownSessions.gather() } };
    return { collected };
  }

  private work(job: Job): Reply {
    if (job.taken === true) this.begin();
    if (job.room !== undefined) this.rooms.push(job.room);
    const window = Buffer.from(
      this.setup.memory.buffer,
      job.slot + this.exports.WINDOW.value,
      this.setup.windowBytes,
    );
    const { range } = job;
    if (range !== undefined) return this.read(job, range, window);
    const lines = { base: job.base, begin: 0, end: job.size, unfinished: false };
    const scanned = this.scan(job, lines, window);
    return { ...scanned, notes: this.takeNotes(), reached: job.base + job.size, reachedLine: true };
  }

  /** Reads a range piece by piece, up to its stop or to a piece of which more than an account comes. */
  private read(job: Job, range: RangeOrder, window: Buffer): Reply {
    if (job.resumes === true) this.isSkipping = false;
    if (this.isSkipping) return SKIPPED;
    const readAt: ReadAt = (place, length, offset) =>
      readAll(range.descriptor, window, place, length, offset);
    let before: Account | undefined;
    for (let { start, atLine } = range; ; ) {
      let piece: PieceLines;
      try {
        piece = pieceOf({ ...range, start, atLine }, window, this.setup.maxLineBytes, readAt);
      } catch {
        if (before === undefined) return UNREADABLE;
        // whoever reads on from here is told
        this.isSkipping = true;
        return this.nothingBehind(job, before, start);
      }
      const { reached, reachedLine } = piece;
      const scanned = this.scan(job, piece.lines, window);
      const account = accountOf(scanned);
      if (account === undefined || scanned.dismissed?.lacksRoom || reached >= range.stop) {
        this.isSkipping = reached < range.stop;
        return { ...scanned, before, notes: this.takeNotes(), reached, reachedLine };
      }
      before = joined(before, account);
      start = reached;
      atLine = reachedLine;
    }
  }

  private nothingBehind(job: Job, before: Account, reached: number): Scan {
    const none = { base: reached, begin: 0, end: 0, unfinished: false };
    const scanned = this.scan(job, none, Buffer.alloc(0));
    return { ...scanned, before, notes: this.takeNotes(), reached, reachedLine: false };
  }

  private takeNotes(): TakenNotes | undefined {
    return this.engine.aggregation?.notes?.take('grown', this.rooms);
  }

  /** The series are forgotten, too: whoever takes partials may have known them by ids that mean others now. */
  private begin(): void {
    const aggregation = this.engine.aggregation!;
    aggregation.noteLackOfRoom();
    aggregation.begin('all');
  }

  private scan(job: Job, lines: OwnLines, window: Buffer): ScannedPiece {
    const { exports } = this;
    if (this.full) {
      exports.clearDictionaries();
      this.generation++;
      this.full = false;
    }
    const { base, begin, end } = lines;
    let rows = 0;
    let rejected = 0;
    let untold = 0;
    let scanned = begin;
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
      if (measuring !== undefined) dismissed = this.dismissedRecords();
      this.settle(job.slot);
      this.full = !this.ahead.make(job.slot, this.kindsOf(job.slot, rows), job.columns);
    }
    return {
      ...lines,
      scanned,
      rows,
      rejected,
      untold,
      stopped,
      dismissed,
      generation: this.generation,
      sizes: this.sizes(),
    };
  }

  private dismissedRecords(): DismissedRecords {
    return {
      records: this.exports.dismissedRecords(),
      measured: this.exports.dismissedMeasured(),
      newest: this.exports.newestTime(),
      lacksRoom: this.exports.scanLacksRoom() !== 0,
    };
  }

  private settle(slot: number): void {
    if (this.exports.unsettled() === 0) return;
    const most = this.exports.MOST_ROWS.value;
    const unsettled = new Uint32Array(this.setup.memory.buffer, slot + this.exports.UNSETTLED.value, most);
    const time = new Float64Array(this.setup.memory.buffer, slot + this.exports.TIME.value, most);
    settleTimes(this.engine, slot, unsettled, time);
  }

  private kindsOf(slot: number, rows: number): Uint8Array {
    return new Uint8Array(this.setup.memory.buffer, slot + this.exports.KIND.value, rows);
  }

  private sizes(): Scan['sizes'] {
    return {
      ids: this.exports.size(this.exports.symbolDictionary()) + 1,
      keys: this.exports.size(this.exports.keyListDictionary()) + 1,
    };
  }
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
