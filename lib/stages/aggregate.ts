import type { Batch, Flow, Input } from '../batch.ts';
import type { Ledger } from '../ledger.ts';
import { ObjectBatch } from '../reference/object-batch.ts';
import type { Vocabulary } from '../reference/vocabulary.ts';
import { EventClock, ReportSchedule } from '../series/clock.ts';
import type { Registry } from '../series/registry.ts';
import { type ReportOptions, reportEvents } from '../series/report.ts';
import type { OpenSystem } from '../system.ts';
import type { MetricEvent } from '../ziti/event.ts';
import type { Step } from './transform.ts';

/** Where `metrics.reportInterval` is not set and the run is live. Milliseconds. */
const LIVE_INTERVAL_MS = 60_000;
/** Events that flow together; a report of many series is several batches, so it is never held whole. */
const EVENTS_PER_BATCH = 512;

type JsonObject = Readonly<Record<string, unknown>>;

export interface AggregateOptions extends ReportOptions {
  readonly registry: Registry;
  /** Those that follow records over time. */
  readonly systems: readonly OpenSystem[];
  readonly ledger: Ledger;
  /** Milliseconds; undefined = not set: reports only while live, and one at the end. */
  readonly reportInterval: number | undefined;
  /** Dictionaries of the reports. */
  readonly vocabulary: Vocabulary;
  /** Kind of a metrics event. */
  readonly metricsKind: number;
  /** Whether the wall clock moves time on even if the records are old. */
  readonly live?: boolean | undefined;
  readonly now: () => number;
}

/**
 * All series and the event clock. Sequential, and driven by the records' times alone: results depend neither on how
 * fast the input is read nor on how it is cut into batches. Reports stand in the flow where they fell due.
 */
export class Aggregate implements Step<Batch, Flow> {
  readonly clock = new EventClock();
  private readonly schedule: ReportSchedule;
  private readonly options: AggregateOptions;
  private readonly self: Input;

  constructor(options: AggregateOptions) {
    this.options = options;
    this.schedule = new ReportSchedule(options.reportInterval ?? LIVE_INTERVAL_MS);
    this.self = { name: options.sourceId, framing: 'report' };
  }

  *push(batch: Batch): Generator<Flow> {
    let from = 0;
    for (;;) {
      const to = this.measure(batch, from);
      if (to === batch.rows) break;
      // a record behind the boundary: what was before it flows on first, then the report, then the rest
      if (to > from) {
        batch.retain();
        yield { batch, from, to, report: false };
        yield* this.compounds();
      }
      const { boundary } = this.schedule;
      this.schedule.aimAt(batch.time[to]!);
      yield* this.report(boundary);
      from = to;
    }
    yield { batch, from, to: batch.rows, report: false };
    yield* this.compounds();
  }

  *tick(now: number): Generator<Flow> {
    if (!this.isLive(now)) return;
    if (!this.clock.started) this.schedule.aimAt(now);
    this.clock.advance(now);
    while (now > this.schedule.boundary) {
      const { boundary } = this.schedule;
      this.schedule.aimAt(boundary + this.schedule.interval);
      yield* this.report(boundary);
    }
  }

  *end(): Generator<Flow> {
    yield* this.report(this.clock.time);
    for (const { compounds } of this.options.systems) compounds?.finish();
    yield* this.compounds();
  }

  /** Whether a boundary gives a report at all: in an archive only if an interval was asked for. */
  private reports(now: number): boolean {
    return this.options.reportInterval !== undefined || this.isLive(now);
  }

  private isLive(now: number): boolean {
    return this.options.live || this.clock.isLive(now, this.schedule.interval);
  }

  /**
   * Measures rows from `from` on.
   * @returns the row before which a report is due, not yet measured, or the number of rows
   */
  private measure(batch: Batch, from: number): number {
    const { registry, ledger } = this.options;
    const { time, rows } = batch;
    const now = this.options.now();
    let measured = 0;
    let row = from;
    for (; row < rows; row++) {
      const t = time[row]!;
      if (this.clock.moves(t)) {
        if (this.clock.isTooFarAhead(t, now)) ledger.futureRecords++;
        else {
          if (t > this.schedule.boundary && this.reports(now)) break;
          if (!this.clock.started || t > this.schedule.boundary) this.schedule.aimAt(t);
          this.clock.advance(t);
        }
      }
      // a record without a time happens now; a late one counts with its own time
      if (registry.record(batch, row, (Number.isNaN(t) ? this.clock.time : t) / 1000)) measured++;
    }
    ledger.measured += measured;
    return row;
  }

  private *report(time: number): Generator<Flow> {
    const { registry, ledger, systems } = this.options;
    ledger.reports++;
    for (const system of systems) system.advance?.(time);
    let events: MetricEvent[] = [];
    for (const event of reportEvents(registry, time / 1000, this.options)) {
      events.push(event);
      if (events.length === EVENTS_PER_BATCH) {
        yield this.eventsOf(events, time);
        events = [];
      }
    }
    if (events.length > 0) yield this.eventsOf(events, time);
    yield* this.compounds();
  }

  /** What the systems have pieced together since the last call. */
  private *compounds(): Generator<Flow> {
    for (const { compounds } of this.options.systems) {
      const items = compounds?.take() ?? [];
      for (let from = 0; from < items.length; from += EVENTS_PER_BATCH) {
        const some = items.slice(from, from + EVENTS_PER_BATCH);
        yield this.flowOf(some, Float64Array.from(some, compounds!.timeOf), compounds!.kind);
      }
    }
  }

  private eventsOf(events: readonly MetricEvent[], time: number): Flow {
    const times = new Float64Array(events.length).fill(time);
    return this.flowOf(events as unknown as readonly JsonObject[], times, this.options.metricsKind);
  }

  private flowOf(objects: readonly JsonObject[], time: Float64Array, kind: number): Flow {
    const { ledger, vocabulary } = this.options;
    ledger.events.made += objects.length;
    vocabulary.refresh();
    const batch = new ObjectBatch({ input: this.self, vocabulary, objects, time });
    batch.kind.fill(kind);
    return { batch, from: 0, to: batch.rows, report: true };
  }
}
