import type { Batch, Flow, Input } from '../batch/batch.ts';
import type { MetricEvent } from '../events/metric-event.ts';
import type { Ledger } from '../ledger.ts';
import { EventClock, ReportSchedule } from '../metrics/clock.ts';
import { Observers } from '../metrics/observers.ts';
import { RecordHashes } from '../metrics/record-hashes.ts';
import type { Registry } from '../metrics/registry.ts';
import { type ReportOptions, reportEvents } from '../metrics/report.ts';
import { ObjectBatch } from '../parse/objects/object-batch.ts';
import type { Vocabulary } from '../parse/objects/vocabulary.ts';
import type { OpenSystem } from '../systems/system.ts';
import type { Step } from './transform.ts';

/** Where `metrics.reportInterval` is not set and the run is live. Milliseconds. */
const LIVE_INTERVAL_MS = 60_000;
/** Intervals that a live run reports one by one, though nothing looked at the clock meanwhile. */
const LONGEST_PAUSE = 2;
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
  /** Kind of records that do not count, whose times were taken from them; undefined where all count. */
  readonly outsideKind?: number | undefined;
  /** Whether the wall clock moves time on whatever the records' times are. */
  readonly live?: boolean | undefined;
  /** Whether a report is one flow however many series it has, for whoever has to see all of it at once. */
  readonly wholeReports?: boolean | undefined;
  /** No report falls due by itself. */
  readonly onlyAsked?: boolean | undefined;
  readonly now: () => number;
  /** Told of each report as it falls due, while the series are what they are at its time. Milliseconds since the epoch. */
  readonly onReport?: ((time: number) => void) | undefined;
}

/**
 * All series and the event clock. Sequential, and driven by the records' times alone: results depend neither on how
 * fast the input is read nor on how it is cut into batches. Reports stand in the flow where they fell due.
 */
export class Aggregate implements Step<Batch, Flow> {
  readonly clock = new EventClock();
  private readonly observers: Observers;
  readonly schedule: ReportSchedule;
  private readonly options: AggregateOptions;
  private readonly self: Input;
  /** By row, of the batch at hand: see Span. */
  private times: Float64Array = new Float64Array(0);
  private moment: Float64Array = new Float64Array(0);
  private touched: Uint8Array = new Uint8Array(0);
  private readonly hashes = new RecordHashes();
  private live = false;
  /** Whether what is read may go on for as long as it likes: a file that nobody follows ends. */
  private mayGoOn = true;

  constructor(options: AggregateOptions) {
    this.options = options;
    this.observers = new Observers(options.systems, options.registry.lists);
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
    this.clock.watch(now);
    if (!this.isLive(now)) return;
    if (!this.clock.started) this.schedule.aimAt(now);
    this.clock.moveOn(now);
    while (now > this.schedule.boundary) {
      const { boundary, interval } = this.schedule;
      // a clock that old records left far behind, or a machine that slept: a gap, which gives one report
      const isGap = now - boundary > LONGEST_PAUSE * interval;
      this.schedule.aimAt(isGap ? now : boundary + interval);
      yield* this.report(boundary);
    }
  }

  /** Whether the run was live at any time: once it is, it stays so, however long its records pause. */
  get wasLive(): boolean {
    this.live ||= this.isLive(this.options.now());
    return this.live;
  }

  /** A report that nothing but a wish makes due. Milliseconds since the epoch. */
  *reportNow(time = this.clock.time): Generator<Flow> {
    if (this.clock.started) yield* this.report(time);
  }

  *end(): Generator<Flow> {
    if (!this.options.onlyAsked) yield* this.report(this.clock.time);
    for (const { compounds } of this.options.systems) compounds?.finish();
    yield* this.compounds();
  }

  /** Whether a boundary gives a report at all: in an archive only if an interval was asked for. */
  private reports(now: number): boolean {
    return this.options.reportInterval !== undefined || this.isLive(now);
  }

  private isLive(now: number): boolean {
    if (this.options.onlyAsked) return false;
    return this.options.live || (this.mayGoOn && this.clock.isLive(now, this.schedule.interval));
  }

  /**
   * Measures rows from `from` on.
   * @returns the row before which a report is due, not yet measured, or the number of rows
   */
  private measure(batch: Batch, from: number): number {
    if (this.times.length < batch.rows) this.makeRoom(batch.rows);
    const to = this.advance(batch, from);
    const { times, moment, touched, hashes } = this;
    touched.fill(0, from, to);
    const { dismissed } = batch;
    if (from === 0) hashes.begin(batch.rows);
    const span = { batch, from, to, times, clock: moment, touched, hashes };
    this.options.registry.measure(span);
    this.observers.observe(span);
    let measured = 0;
    if (dismissed !== undefined && to === batch.rows) {
      measured = dismissed.measured;
      this.clock.advance(dismissed.newest);
    }
    for (let row = from; row < to; row++) measured += touched[row]!;
    this.options.ledger.measured += measured;
    return to;
  }

  /** Moves the clock along the rows, up to the one before which a report is due, and notes when each of them happened. */
  private advance(batch: Batch, from: number): number {
    const { clock, schedule, times, moment } = this;
    const { dismissed, time, rows } = batch;
    const { ledger, outsideKind } = this.options;
    this.mayGoOn = batch.input.pauses !== false;
    const now = this.options.now();
    clock.watch(now);
    // samples seldom have a time, as they are of the moment
    const isExpected = batch.input.framing !== 'exposition' && batch.input.framing !== 'scrape';
    let { oldest, time: current } = clock;
    for (let row = from; row < rows; row++) {
      const t = time[row]!;
      // records that are no rows have moved the clock; they are older than what could make a run live
      if (dismissed !== undefined && clock.moves(dismissed.before[row]!)) {
        clock.advance(dismissed.before[row]!);
        current = clock.time;
      }
      let isKnown = !Number.isNaN(t);
      if (clock.moves(t)) {
        if (clock.isTooFarAhead(t, now)) {
          ledger.futureRecords++;
          isKnown = false;
        } else {
          if (t > schedule.boundary && this.reports(now)) return row;
          const isFirst = !clock.started;
          if (isFirst || t > schedule.boundary) schedule.aimAt(t);
          clock.advance(t);
          if (isFirst) clock.watch(now);
          current = t;
        }
      }
      moment[row] = current;
      if (t < oldest && isKnown) clock.oldest = oldest = t;
      // a record without a time, or with one that cannot be, happens now; a late one counts with its own time
      if (isExpected && Number.isNaN(t) && batch.kind[row] !== outsideKind) ledger.untimedRecords++;
      times[row] = isKnown ? t : current;
    }
    return rows;
  }

  private makeRoom(rows: number): void {
    this.times = new Float64Array(2 * rows);
    this.moment = new Float64Array(2 * rows);
    this.touched = new Uint8Array(2 * rows);
  }

  private *report(time: number): Generator<Flow> {
    const { registry, ledger, systems } = this.options;
    ledger.reports++;
    registry.takePartials();
    ledger.series = registry.seriesCount;
    for (const system of systems) system.advance?.(time);
    this.options.onReport?.(time);
    const most = this.options.wholeReports ? Number.POSITIVE_INFINITY : EVENTS_PER_BATCH;
    let events: MetricEvent[] = [];
    for (const event of reportEvents(registry, this.schedule.take(this.clock, time), this.options)) {
      events.push(event);
      if (events.length === most) {
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
