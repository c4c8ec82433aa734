import { type Batch, type Flow, levels, type Picks, type Selection } from '../../batch/batch.ts';
import type { Field } from '../../batch/wants.ts';
import type { HandlerConfig } from '../../config.ts';
import { eventFields } from '../../events/event-fields.ts';
import { Tally } from '../../filters/evidence/tally.ts';
import { OUTSIDE } from '../../filters/restriction.ts';
import type { Metric, OnMeasured } from '../../metrics/metric.ts';
import type { RefusalReason } from '../../metrics/refusals.ts';
import { ObjectBatch } from '../../parse/objects/object-batch.ts';
import type { Observer, Readers } from '../../plan.ts';
import { excerpt } from '../../text/printable.ts';
import { measuredKeys } from '../../tracing/metric-fields.ts';
import { formOf, type RecordStory, type Touch, type Verdict } from './story.ts';
import { SubscriptionAccount } from './subscription-account.ts';

const LONGEST_EXCERPT = 400;
/** Records that could not be read, of which the place is told. */
const MOST_PLACES = 5;
/** Metrics that are told apart. */
const MOST_METRICS = 10_000;

/** What of all records became of a metric. */
export interface MetricAccount {
  /** Undefined where no series was touched. */
  metric: Metric | undefined;
  /** Measurements. */
  measured: number;
  readonly kinds: Tally;
  readonly refused: Tally;
  /** Events of its name that came in, by source. */
  readonly events: Tally;
}

export interface Unread {
  readonly input: string;
  readonly offset: number;
  readonly reason: string;
  readonly text: string;
}

interface Notes {
  readonly touches: Touch[];
  readonly refused: { metric: string; reason: RefusalReason }[];
}

/** Watches a run, and remembers what became of the first records, or of those that concern a metric, and counts for all. */
export class Explanation implements Observer {
  readonly stories: RecordStory[] = [];
  /** Records that a story could be told of. */
  concerned = 0;
  readonly kinds = new Tally();
  records = 0;
  outside = 0;
  readonly unread: Unread[] = [];
  readonly metrics = new Map<string, MetricAccount>();
  accounts: readonly (readonly SubscriptionAccount[])[] = [];
  private readonly handlers: readonly HandlerConfig[];
  private readonly most: number;
  private readonly metric: string | undefined;
  private readers!: Readers;
  private fields!: { readonly metric: Field; readonly sourceId: Field };
  /** The number of the record before the first of a batch. */
  private readonly numbers = new WeakMap<Batch, number>();
  private readonly notes = new Map<Batch, Map<number, Notes>>();

  /**
   * @param most stories that are told
   * @param metric that they must concern
   */
  constructor(handlers: readonly HandlerConfig[], most: number, metric?: string) {
    this.handlers = handlers;
    this.most = most;
    this.metric = metric;
  }

  opened(readers: Readers): void {
    this.readers = readers;
    this.fields = eventFields(readers.wants);
    this.accounts = this.handlers.map((handler) =>
      handler.subscriptions.map((_, index) => new SubscriptionAccount(handler, index, readers.wants)),
    );
  }

  /** Told of every batch before anything is measured of it. */
  classified(batch: Batch): void {
    this.numbers.set(batch, this.records);
    this.records += batch.rows;
    for (const { offset, reason, bytes } of batch.rejected) {
      if (this.unread.length === MOST_PLACES) break;
      this.unread.push({ input: batch.input.name, offset, reason, text: excerpt(bytes, LONGEST_EXCERPT) });
    }
  }

  readonly onMeasured: OnMeasured = (metric, measured, batch, moves) => {
    const { name, type } = metric.definition;
    const account = this.accountOf(name);
    if (account !== undefined) account.metric = metric;
    for (let k = 0; k < measured.count; k++) {
      const row = measured.rows[k]!;
      if (account !== undefined) {
        account.measured++;
        account.kinds.add(this.kindOf(batch, row));
      }
      const notes = this.notesOf(batch, row, name);
      if (notes === undefined) continue;
      const values = metric.series.labels(measured.series[k]!);
      const labels = metric.labelNames.map((label, at) => [label, values[at]!] as const);
      notes.touches.push({ metric: name, labels, type, value: measured.values[k]!, moves });
    }
  };

  refused(metric: string, reason: RefusalReason, batch: Batch, row: number): void {
    this.accountOf(metric)?.refused.add(reason);
    this.notesOf(batch, row, metric)?.refused.push({ metric, reason });
  }

  selected({ flow, picks }: Selection): void {
    const byRow = this.handlers.map((_, handler) => takenOf(picks, handler));
    const { batch, from, to, report } = flow;
    const names = batch.column(this.fields.metric);
    const isMetric = this.metricsKind();
    for (let row = from; row < to; row++) {
      const metric = batch.kind[row] === isMetric ? names.text(row) : undefined;
      const verdicts = this.judge(flow, row, metric, byRow);
      if (!report) this.tell(flow, row, metric, verdicts);
    }
    if (!report && to === batch.rows) this.notes.delete(batch);
  }

  private metricsKind(): number | undefined {
    return this.readers.kinds.byName('event:metrics')?.id;
  }

  private judge(
    { batch, report }: Flow,
    row: number,
    metric: string | undefined,
    taken: readonly ReadonlyMap<string, readonly string[] | undefined>[],
  ): Verdict[] {
    const kind = batch.kind[row]!;
    return this.accounts.flatMap((accounts, handler) =>
      accounts.map((account, subscription): Verdict => {
        if (this.readers.subscriptions[handler]![subscription]!.kinds[kind] !== 1) {
          return { account, result: 'other-type', refusals: [], keys: undefined };
        }
        const key = `${subscription} ${row}`;
        const isTaken = taken[handler]!.has(key);
        const keys = taken[handler]!.get(key);
        const refusals = account.note({ batch, row, isMade: report }, isTaken, metric, keys);
        return { account, result: isTaken ? 'taken' : 'left-out', refusals, keys };
      }),
    );
  }

  /** Counts a record that was read, and keeps its story if it is one of those to be told. */
  private tell({ batch }: Flow, row: number, metric: string | undefined, verdicts: Verdict[]): void {
    const kind = this.kindOf(batch, row);
    if (kind === OUTSIDE) {
      this.outside++;
      return;
    }
    this.kinds.add(kind);
    if (metric !== undefined) {
      this.accountOf(metric)?.events.add(batch.column(this.fields.sourceId).text(row) ?? 'no source_id');
    }
    const notes = this.notes.get(batch)?.get(row);
    if (this.metric !== undefined && metric !== this.metric && notes === undefined) return;
    this.concerned++;
    if (this.stories.length === this.most) return;
    const { offset, length, bytes, input, texts, time, level } = batch;
    const text = texts?.[row] ?? bytes.subarray(offset[row]!, offset[row]! + length[row]!);
    this.stories.push({
      number: this.numbers.get(batch)! + row + 1,
      input: input.name,
      framing: input.framing,
      offset: batch instanceof ObjectBatch ? batch.places?.[row] : undefined,
      form: formOf(batch, row),
      time: time[row]!,
      level: levels[level[row]!]!,
      kind,
      text: excerpt(text, LONGEST_EXCERPT),
      touches: notes?.touches ?? [],
      refused: notes?.refused ?? [],
      unmeasured: this.isFunctional(batch, row) ? measuredKeys(batch.object(row)) : [],
      verdicts,
    });
  }

  /** Whether the message says what the record measures, and nothing else in it does. */
  private isFunctional({ kind }: Batch, row: number): boolean {
    const { name, stream } = this.readers.kinds.all[kind[row]!]!;
    return stream === 'log' && name !== 'measurement' && name !== 'log';
  }

  private kindOf({ kind }: Batch, row: number): string {
    return this.readers.kinds.all[kind[row]!]!.name;
  }

  private accountOf(name: string): MetricAccount | undefined {
    let account = this.metrics.get(name);
    if (account === undefined) {
      if (this.metrics.size === MOST_METRICS && name !== this.metric) return undefined;
      account = {
        metric: undefined,
        measured: 0,
        kinds: new Tally(),
        refused: new Tally(),
        events: new Tally(),
      };
      this.metrics.set(name, account);
    }
    return account;
  }

  /** Where what a record gave is noted; undefined if no story will be told of it. */
  private notesOf(batch: Batch, row: number, metric: string): Notes | undefined {
    if (this.metric === undefined) {
      // what is left out touches nothing, so these are not always the first of all
      if (this.stories.length === this.most) return undefined;
    } else if (metric !== this.metric) return undefined;
    let rows = this.notes.get(batch);
    if (rows === undefined) {
      rows = new Map();
      this.notes.set(batch, rows);
    }
    let notes = rows.get(row);
    if (notes === undefined) {
      notes = { touches: [], refused: [] };
      rows.set(row, notes);
    }
    return notes;
  }
}

/** By subscription and row the keys that a handler takes. */
function takenOf(picks: readonly Picks[], handler: number): Map<string, readonly string[] | undefined> {
  const taken = new Map<string, readonly string[] | undefined>();
  const own = picks.find((one) => one.handler === handler);
  if (own === undefined) return taken;
  for (let k = 0; k < own.count; k++) taken.set(`${own.subscription[k]} ${own.row[k]}`, own.keys[k]);
  return taken;
}
