import type { PartialSink } from '../../../batch/measure-plan.ts';
import type { PartialsState, PartialTables } from './partial-tables.ts';
import { settleTicks } from './settle-ticks.ts';

/** An entry of the log: the series, its tick, its marks. */
const ENTRY_WORDS = 3;
/** Of the word that says which series: the table's number is above the id of the labels. */
const TABLE_SHIFT = 24;
const ID_MASK = 2 ** TABLE_SHIFT - 1;

/** An engine's log, and by table the series by the ids that it has them by. */
export interface TickLog {
  readonly tables: PartialTables;
  readonly state: PartialsState;
  readonly known: readonly Int32Array[];
}

/**
 * Gives the marks that several engines logged: of each series its ticks in ascending order, each once. They are put
 * behind those of their series by counting, which takes two looks at every entry and none at anything else.
 */
export function drainTickLogs(logs: readonly TickLog[], sink: PartialSink): void {
  const bases = basesOf(logs);
  const ends = new Uint32Array(bases.at(-1)! + 1);
  const names = logs.map((log) => countEntries(log, bases, ends));
  for (let k = 1; k < ends.length; k++) ends[k]! += ends[k - 1]!;
  const places = ends.slice();
  const ticks = new Int32Array(ends.at(-1)!);
  const marks = new Uint32Array(ends.at(-1)!);
  for (const [k, log] of logs.entries()) placeEntries(log, names[k]!, places, ticks, marks);
  for (let table = 0; table + 1 < bases.length; table++) {
    for (let series = bases[table]!; series < bases[table + 1]!; series++) {
      const from = ends[series]!;
      const to = ends[series + 1]!;
      if (from === to) continue;
      const own = ticks.subarray(from, to);
      const ownMarks = marks.subarray(from, to);
      sink.takeTicks(table, series - bases[table]!, own, ownMarks, settleTicks(own, ownMarks));
    }
  }
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

/**
 * Counts entries by the series behind which they come.
 * @returns the series of each
 */
function countEntries(
  { tables, state, known }: TickLog,
  bases: readonly number[],
  ends: Uint32Array,
): Uint32Array {
  const { words } = tables;
  const { loggedTicks } = state;
  const names = new Uint32Array(loggedTicks);
  let at = state.tickLog >>> 2;
  for (let k = 0; k < loggedTicks; k++, at += ENTRY_WORDS) {
    const name = words[at]!;
    const table = name >>> TABLE_SHIFT;
    const series = bases[table]! + known[table]![name & ID_MASK]!;
    names[k] = series;
    ends[series + 1]!++;
  }
  return names;
}

function placeEntries(
  { tables, state }: TickLog,
  names: Uint32Array,
  places: Uint32Array,
  ticks: Int32Array,
  marks: Uint32Array,
): void {
  const { words, signed } = tables;
  let at = state.tickLog >>> 2;
  for (let k = 0; k < names.length; k++, at += ENTRY_WORDS) {
    const place = places[names[k]!]!++;
    ticks[place] = signed[at + 1]!;
    marks[place] = words[at + 2]!;
  }
}
