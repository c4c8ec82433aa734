import type { PartialSink, PartialSource, SeriesPartial } from '../../../batch/measure-plan.ts';
import type { PartialsState, PartialTables } from './partial-tables.ts';
import { marksOf, orderOf, readPartial } from './read-partial.ts';
import { drainTickLogs } from './tick-logs.ts';

const NOT_KNOWN = -1;
/** An entry of sessions: its bytes; of 4 bytes each the places of its order and net, of 8 that of its time. */
const SESSION_BYTES = 32;
const SESSION_SINCE = 1;
const SESSION_ORDER = 4;
const SESSION_NET = 6;
/** Slots of sessions, at most. */
const SLOTS = 2 ** 21;

/** An engine whose partials are taken, and what it has. */
interface Taken {
  readonly tables: PartialTables;
  readonly state: PartialsState;
}

/** What all engines of a scanner have measured since it was taken last. */
export class Partials implements PartialSource {
  private readonly sink: PartialSink;
  /** Those that may have measured since then. */
  private readonly engines = new Set<PartialTables>();
  private readonly partial: SeriesPartial = {
    ...{ marks: 0, first: 0, last: 0 },
    sums: [],
    buckets: new Uint32Array(0),
    pairs: new Float64Array(0),
    hasNewest: false,
    ...{ newestTime: 0, newestRandom: 0, newestValue: 0 },
  };

  constructor(sink: PartialSink) {
    this.sink = sink;
  }

  /** An engine measures. */
  hold(engine: PartialTables): void {
    this.engines.add(engine);
  }

  drain(what: 'all' | 'ticks'): void {
    const taken: Taken[] = [];
    for (const tables of this.engines) {
      const state = tables.settle(what);
      if (state !== undefined) taken.push({ tables, state });
    }
    if (taken.length === 0) return;
    const [{ tables: some }] = taken as [Taken];
    for (let table = 0; table < some.places.length; table++) {
      this.meet(taken, table);
      if (what === 'all') this.drainTable(taken, table);
    }
    const logs = taken.map(({ tables, state }) => ({
      tables,
      state,
      known: state.ids.map((ids, table) => tables.knownOf(table, ids)),
    }));
    drainTickLogs(logs, this.sink);
    for (const { tables, state } of taken) {
      if (what === 'all') drainSessions(tables, state, this.sink);
      tables.begin(what);
    }
  }

  private drainTable(taken: readonly Taken[], table: number): void {
    for (const { tables, state } of taken) {
      const place = tables.places[table]!;
      const ids = state.ids[table]!;
      const known = tables.knownOf(table, ids);
      const spilt = tables.spilt(state);
      for (let id = 1; id < ids; id++) {
        const address = place.series + id * place.stride;
        if (marksOf(tables, address) === 0) continue;
        const partial = readPartial(tables, place, address, spilt?.get(address), this.partial);
        this.sink.take(table, known[id]!, partial);
      }
    }
  }

  /** Has the sink know all series that are new, in the order in which they were met. */
  private meet(taken: readonly Taken[], table: number): void {
    const met: { tables: PartialTables; known: Int32Array; id: number; order: number }[] = [];
    for (const { tables, state } of taken) {
      const { series, stride } = tables.places[table]!;
      const known = tables.knownOf(table, state.ids[table]!);
      for (let id = 1; id < state.ids[table]!; id++) {
        const address = series + id * stride;
        if (known[id] === NOT_KNOWN && marksOf(tables, address) !== 0) {
          met.push({ tables, known, id, order: orderOf(tables, address) });
        }
      }
    }
    met.sort((a, b) => a.order - b.order);
    for (const { tables, known, id } of met) {
      known[id] = this.sink.seriesAt(table, tables.labelsOf(tables.places[table]!, id));
    }
  }
}

/** In the order in which they came. */
function drainSessions(
  { words, doubles, signed }: PartialTables,
  { sessionsSeen, sessionSlots, sessionTable }: PartialsState,
  sink: PartialSink,
): void {
  if (!sessionsSeen) return;
  sink.seeSessions();
  const found = new Float64Array(sessionSlots);
  let count = 0;
  for (let slot = 0; slot < sessionSlots; slot++) {
    const at = (sessionTable + slot * SESSION_BYTES) >>> 2;
    if (words[at] !== 0 || words[at + 1] !== 0) found[count++] = words[at + SESSION_ORDER]! * SLOTS + slot;
  }
  for (const key of found.subarray(0, count).sort()) {
    const entry = sessionTable + (key % SLOTS) * SESSION_BYTES;
    const at = entry >>> 2;
    sink.takeSession(
      words[at]!,
      words[at + 1]!,
      signed[at + SESSION_NET]!,
      doubles[(entry >>> 3) + SESSION_SINCE]!,
    );
  }
}
