import { Buffer } from 'node:buffer';
import type { Batch } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import { recordJson } from '../batch/record-json.ts';
import type { LabelSet, Wants } from '../batch/wants.ts';
import { compareStrings } from '../text/compare.ts';
import { Dictionary } from './dictionary.ts';

/** Series of events whose newest values are kept; what is beyond is counted by its source. */
const MOST_SERIES = 20_000;
const METRICS = 'event:metrics';

/** One metric of one source, as its newest event has it. */
export interface EventSeries {
  readonly source: string;
  readonly metric: string;
  readonly entity: string;
  readonly type: string;
  readonly events: number;
  /** Milliseconds since the epoch, NaN if unknown. */
  readonly time: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const nothing = Buffer.alloc(0);

/** What is kept of one series; `names` are source, metric, entity and type. */
export interface KeptSeries extends Readonly<Kept> {
  readonly names: readonly string[];
}

/** Everything, for whoever adds it up elsewhere. */
export interface EventsState {
  /** Events by type. */
  readonly byType: ReadonlyMap<string, number>;
  readonly series: Iterable<KeptSeries>;
}

interface Kept {
  events: number;
  /** Of `json`; -Infinity where it has none. Milliseconds since the epoch. */
  time: number;
  /** The newest event. */
  json: Buffer;
}

/** Metrics events that came in (OpenZiti): what each source says, with the newest values; other events by type. */
export class EventSources {
  /** Events by type, such as circuit; metrics among them. */
  readonly byType = new Map<string, number>();
  private readonly names = new Dictionary(4, MOST_SERIES);
  private readonly series: Kept[] = [];
  private readonly labels: LabelSet;
  private readonly types: (string | undefined)[] = [];
  private readonly metrics: number;
  /** Of the batch at hand, by series: the row of its newest event. */
  private readonly newest = new Map<number, number>();

  constructor(wants: Wants, kinds: Kinds) {
    this.labels = wants.labels(
      ['source_id', 'metric', 'source_entity_id', 'metric_type'].map((name) => wants.field(name, [[name]])),
    );
    for (const { id, name, stream } of kinds.all) {
      if (stream === 'event') this.types[id] = name.replace(/^event:/, '');
    }
    this.metrics = kinds.byName(METRICS)?.id ?? -1;
  }

  observe(batch: Batch): void {
    const { kind, time, rows } = batch;
    const { newest, series } = this;
    newest.clear();
    for (let row = 0; row < rows; row++) {
      const type = this.types[kind[row]!];
      if (type === undefined) continue;
      this.byType.set(type, (this.byType.get(type) ?? 0) + 1);
      if (kind[row] !== this.metrics) continue;
      const labels = batch.labels(this.labels);
      const id = this.names.idOf(labels.tuples, labels.id(row));
      series[id] ??= { events: 0, time: Number.NEGATIVE_INFINITY, json: nothing };
      series[id].events++;
      const before = newest.get(id);
      if (before === undefined || !(timeOf(time, row) < timeOf(time, before)))
        this.replace(batch, id, row, before);
    }
    // copied once a batch, however many events of the series it has
    for (const [id, row] of newest)
      this.keep(series[id]!, timeOf(time, row), Buffer.from(recordJson(batch, row)));
  }

  /** By source, then metric and entity. */
  all(): EventSeries[] {
    return this.series
      .map((kept, id) => seriesOf(this.names.texts(id), kept))
      .sort(
        (a, b) =>
          compareStrings(a.source, b.source) ||
          compareStrings(a.metric, b.metric) ||
          compareStrings(a.entity, b.entity),
      );
  }

  state(): EventsState {
    return {
      byType: this.byType,
      series: this.series.map((kept, id) => ({ names: this.names.texts(id), ...kept })),
    };
  }

  merge({ byType, series }: EventsState): void {
    for (const [type, count] of byType) this.byType.set(type, (this.byType.get(type) ?? 0) + count);
    for (const { names, events, time, json } of series) {
      const id = this.names.intern(names);
      this.series[id] ??= { events: 0, time: Number.NEGATIVE_INFINITY, json: nothing };
      this.series[id].events += events;
      this.keep(this.series[id], time, json);
    }
  }

  private replace(batch: Batch, id: number, row: number, before: number | undefined): void {
    const isTie = before !== undefined && timeOf(batch.time, row) === timeOf(batch.time, before);
    if (!isTie || recordJson(batch, row) > recordJson(batch, before)) this.newest.set(id, row);
  }

  /** Of equal times the greater text stays, so that the order does not matter. */
  private keep(kept: Kept, time: number, json: Buffer): void {
    if (time < kept.time || (time === kept.time && Buffer.compare(json, kept.json) <= 0)) return;
    kept.time = time;
    kept.json = json;
  }
}

/** A record without a time is older than any other. */
function timeOf(time: Float64Array, row: number): number {
  return Number.isNaN(time[row]!) ? Number.NEGATIVE_INFINITY : time[row]!;
}

function seriesOf(
  [source, metric, entity, type]: readonly string[],
  { events, time, json }: Kept,
): EventSeries {
  let values: Readonly<Record<string, unknown>> = {};
  try {
    const event = JSON.parse(json.toString()) as { metrics?: Readonly<Record<string, unknown>> };
    values = event.metrics ?? {};
  } catch {
    // a record whose framing made it something else than JSON has no values to show
  }
  const at = time === Number.NEGATIVE_INFINITY ? Number.NaN : time;
  return { source: source!, metric: metric!, entity: entity!, type: type!, events, time: at, values };
}
