import type { PartialSink } from '../../../batch/measure-plan.ts';
import type { PartialsState, PartialTables } from './partial-tables.ts';
import { makeRoom, OURS, openSettling, type Settling } from './settling.ts';

/** An entry of the log: the series, its tick, its marks. */
const ENTRY_WORDS = 3;

/** An engine's log, and by table the series by the ids that it has them by. */
export interface TickLog {
  readonly tables: Pick<PartialTables, 'words'>;
  readonly state: Pick<PartialsState, 'ids' | 'loggedTicks' | 'tickLog'>;
  readonly known: readonly Int32Array[];
}

/** Gives the marks that several engines logged: of each series its ticks in ascending order, each once. */
export class TickLogs {
  private readonly exports: Settling;
  private words: Uint32Array;

  /** @param exports if they are opened already */
  constructor(exports = openSettling()) {
    this.exports = exports;
    this.words = new Uint32Array(exports.memory.buffer);
  }

  drain(logs: readonly TickLog[], sink: Pick<PartialSink, 'takeTicks'>): void {
    const bases = basesOf(logs);
    const series = bases.at(-1)!;
    const count = logs.reduce((sum, { state }) => sum + state.loggedTicks, 0);
    if (count === 0) return;
    const places = this.layOut(logs, series, count);
    let entries = places.entries;
    for (const log of logs) {
      this.enter(log, bases, { ...places, entries });
      entries += 4 * ENTRY_WORDS * log.state.loggedTicks;
    }
    const { keys, ticks, marks, ends, settled } = places;
    this.exports.settle(places.entries, count, series, ends, keys, ticks, marks, settled);
    this.give(bases, places, count, sink);
  }

  /** Makes room, and zeros where entries are counted. */
  private layOut(logs: readonly TickLog[], series: number, count: number): Places {
    let end = OURS;
    const room = (words: number): number => {
      const at = end;
      end += 4 * words;
      return at;
    };
    // of 8 bytes each, which stand at multiples of that
    const keys = room(2 * count);
    const entries = room(ENTRY_WORDS * count);
    const ticks = room(count);
    const marks = room(count);
    const ends = room(series);
    const settled = room(series);
    const tables = room(logs[0]!.known.length);
    const known = room(Math.max(...logs.map(({ state }) => state.ids.reduce((sum, ids) => sum + ids, 0))));
    const { memory } = this.exports;
    makeRoom(this.exports, end);
    if (this.words.buffer !== memory.buffer) this.words = new Uint32Array(memory.buffer);
    this.words.fill(0, ends >>> 2, (ends >>> 2) + series);
    return { keys, entries, ticks, marks, ends, settled, tables, known };
  }

  /** Copies a log, and has it name its series by the numbers that they have here. */
  private enter({ tables, state, known }: TickLog, bases: readonly number[], places: Places): void {
    const { words } = this;
    const { tickLog, loggedTicks, ids } = state;
    const from = tickLog >>> 2;
    words.set(tables.words.subarray(from, from + ENTRY_WORDS * loggedTicks), places.entries >>> 2);
    let at = places.known >>> 2;
    for (const [table, own] of known.entries()) {
      words[(places.tables >>> 2) + table] = 4 * at;
      const base = bases[table]!;
      for (let id = 0; id < ids[table]!; id++) words[at++] = base + own[id]!;
    }
    this.exports.number(places.entries, loggedTicks, places.tables, places.ends);
  }

  private give(
    bases: readonly number[],
    places: Places,
    count: number,
    sink: Pick<PartialSink, 'takeTicks'>,
  ): void {
    const { buffer } = this.words;
    const ticks = new Int32Array(buffer, places.ticks, count);
    const marks = new Uint32Array(buffer, places.marks, count);
    const ends = new Uint32Array(buffer, places.ends, bases.at(-1)!);
    const settled = new Uint32Array(buffer, places.settled, bases.at(-1)!);
    let from = 0;
    for (let table = 0; table + 1 < bases.length; table++) {
      const base = bases[table]!;
      for (let series = base; series < bases[table + 1]!; series++) {
        const to = ends[series]!;
        if (from === to) continue;
        sink.takeTicks(
          table,
          series - base,
          ticks.subarray(from, to),
          marks.subarray(from, to),
          settled[series]!,
        );
        from = to;
      }
    }
  }
}

/** Where things are in the memory. */
interface Places {
  readonly keys: number;
  readonly entries: number;
  readonly ticks: number;
  readonly marks: number;
  readonly ends: number;
  readonly settled: number;
  readonly tables: number;
  readonly known: number;
}

/** By table, behind how many series of tables before it its own begin; behind the last one, their number. */
function basesOf(logs: readonly TickLog[]): number[] {
  const bases = [0];
  for (let table = 0; table < logs[0]!.known.length; table++) {
    let most = -1;
    for (const { known, state } of logs) {
      for (let id = 1; id < state.ids[table]!; id++) most = Math.max(most, known[table]![id]!);
    }
    bases.push(bases[table]! + most + 1);
  }
  return bases;
}
