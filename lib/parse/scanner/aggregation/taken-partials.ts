import type { MeasurePlan, PartialSink, PartialSource, SeriesPartial } from '../../../batch/measure-plan.ts';
import { discard } from '../../../math/growth.ts';
import type { TakenNotes } from './engine-notes.ts';
import type { EnginePartials } from './engine-partials.ts';
import { JoinedSamples } from './joined-samples.ts';
import type { PartialTables, Taken } from './partial-tables.ts';
import { marksOf, orderOf, readPartial } from './read-partial.ts';
import { SessionPartials } from './session-partials.ts';
import { openSettling, type Settling } from './settling.ts';
import { TickLogs } from './tick-logs.ts';

const NOT_KNOWN = -1;

/** A partial to be filled, which may have columns in the memory of an engine then. */
function nothing(): SeriesPartial {
  return {
    ...{ marks: 0, first: 0, last: 0 },
    sums: [],
    buckets: new Uint32Array(0),
    pairs: new Float64Array(0),
    hasNewest: false,
    ...{ newestTime: 0, newestRandom: 0, newestValue: 0 },
  };
}

/** What all engines of a scanner have measured since it was taken last. */
export class Partials implements PartialSource {
  private readonly sink: PartialSink;
  private readonly plan: MeasurePlan;
  /** Those that may have measured since then. */
  private readonly engines = new Set<PartialTables>();
  /** Those that are not kept once what they have is taken. */
  private readonly leaving = new WeakSet<PartialTables>();
  private readonly sessions: SessionPartials;
  private partial = nothing();
  private settling: Settling | undefined;
  private logs: TickLogs | undefined;

  constructor(sink: PartialSink, plan: MeasurePlan) {
    this.sink = sink;
    this.plan = plan;
    this.sessions = new SessionPartials(sink);
  }

  /** An engine measures. */
  hold(engine: PartialTables): void {
    if (this.engines.has(engine)) return;
    this.engines.add(engine);
    this.sessions.mark(engine);
  }

  /** Hands on what an engine of this thread has noted, but for what may still grow. */
  passNotes(engine: EnginePartials): void {
    const notes = engine.notes?.take('grown');
    if (notes !== undefined) this.takeAllOf(engine, notes);
  }

  /** Hands on what an engine has noted: everything in its order. The bytes are nobody's after that. */
  takeNotes({ labels }: PartialTables, notes: TakenNotes): void {
    this.sink.takeNotes(labels!.notesOf(notes));
  }

  /** The same of notes whose bytes nobody fills again. */
  takeAllOf(engine: PartialTables, notes: TakenNotes): void {
    this.takeNotes(engine, notes);
    // the collector would let tens of megabytes of them pile up
    discard(new Uint8Array(notes.bytes));
  }

  /** An engine measures no more than what batches that are alive have. */
  letGo(engine: PartialTables): void {
    this.leaving.add(engine);
  }

  /** Takes what there is, and lets go of the memory of all engines: nothing measures any more. */
  close(): void {
    this.drain('all');
    this.engines.clear();
    this.partial = nothing();
    this.settling = undefined;
    this.logs = undefined;
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
    this.logs ??= new TickLogs(this.opened());
    this.logs.drain(logs, this.sink);
    if (what === 'all') {
      this.sessions.drain(taken);
      for (const { tables, state } of taken) {
        if (state.notes !== undefined) this.takeAllOf(tables, state.notes);
      }
      for (const engine of this.engines) this.sessions.mark(engine);
    }
    for (const { tables } of taken) {
      tables.begin(what);
      if (what === 'all' && this.leaving.has(tables)) this.engines.delete(tables);
    }
  }

  private opened(): Settling {
    this.settling ??= openSettling();
    return this.settling;
  }

  private drainTable(taken: readonly Taken[], table: number): void {
    const { histogram } = this.plan.tables[table]!;
    const joined = histogram && new JoinedSamples(this.opened(), taken, table, histogram);
    for (const { tables, state } of taken) {
      const place = tables.places[table]!;
      const ids = state.ids[table]!;
      const known = tables.knownOf(table, ids);
      const spilt = tables.spilt(state);
      for (let id = 1; id < ids; id++) {
        const address = place.series + id * place.stride;
        if (marksOf(tables, address) === 0) continue;
        const partial = readPartial(tables, place, address, spilt?.get(address), this.partial);
        joined?.take(known[id]!, partial);
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
