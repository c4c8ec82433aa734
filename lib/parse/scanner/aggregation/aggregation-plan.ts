import type { MeasurePlan, PlannedLabel } from '../../../batch/measure-plan.ts';
import { SESSION_MARK_BYTES } from './partial-tables.ts';

/** How much of everything the aggregation of one engine has room for. What is reserved and not used is no memory. */
export interface AggregationPlan {
  readonly bytes: number;
  readonly tables: number;
  readonly sets: number;
  /** Series of each table. */
  readonly series: number;
  readonly labelBytes: number;
  readonly sampleBytes: number;
  readonly loggedTicks: number;
  readonly sessionSlots: number;
  /** Pairs that the samples of one record may need room for. */
  readonly pairs: number;
}

/** Rows after which ticks are drained at the latest: lib/metrics/registry.ts does so. */
const ROWS_BETWEEN_TICK_DRAINS = 1 << 19;

const LABEL_BYTES = 48 << 20;
const SAMPLE_BYTES = 128 << 20;
const SESSION_SLOTS = 1 << 21;
/** Of a slot in either half of their table; see assembly/aggregation/sessions.ts. */
const SESSION_SLOT_BYTES = 32;
const TICK_BYTES = 12;
/** One is read while the other is written. */
const TICK_LOGS = 2;
const PAIR_BYTES = 16;
/** Labels of clients, targets and ports. */
const SETS_OF_NOTES = 3;
/** What assembly/aggregation/note-tables.ts has room for. */
const NOTES_BYTES = 24 << 20;
/** For the series of all tables and the ids of all label sets. */
const MOST_SERIES_BYTES = 448 << 20;
/** An id of a label set: its entry, and its slots in a table of a power of two. */
const ID_BYTES = 24 + 4 * 8;
/** Of a series, but for its buckets. */
const COUNTER_BYTES = 40;
const HISTOGRAM_BYTES = 128;
const BUCKET_BYTES = 4;
/** For a table, label, set or measurement, beside its texts. */
const DESCRIPTION_BYTES = 4096;
/** A dictionary's texts that were looked up lately. */
const RECENT_BYTES = 1 << 14;
/** Values that fit no exact sum; what is known of each row. */
const ROWS_BYTES = 1 << 18;
/** Where the text of a series is put together, and labels are decoded. */
const LINE_BUFFERS = 2;

export function planAggregation(
  plan: MeasurePlan,
  seriesLimit: number,
  longestLine: number,
): AggregationPlan {
  const tables = plan.tables.length;
  const sets = labelSetsOf(plan).length + (plan.notes === undefined ? 0 : SETS_OF_NOTES);
  const perSeries = plan.tables.reduce(
    (sum, { histogram }) =>
      sum +
      (histogram === undefined
        ? COUNTER_BYTES
        : HISTOGRAM_BYTES + (histogram.bounds.length + 1) * BUCKET_BYTES),
    sets * ID_BYTES,
  );
  const series = Math.max(1024, Math.min(seriesLimit, Math.floor(MOST_SERIES_BYTES / perSeries)));
  // for the texts of one more series, however long a line is
  const labelBytes = LABEL_BYTES + 3 * longestLine;
  // behind those of the rows there is room for what every series still counts
  const loggedTicks = (ROWS_BETWEEN_TICK_DRAINS + 4096) * mostOfAKind(plan) + tables * series;
  const pairs = 2 * plan.tables.reduce((sum, { histogram }) => sum + (histogram?.size ?? 0) * 2, 4);
  const texts = plan.tables.reduce(
    (sum, { metric, labels }) =>
      sum +
      labels.reduce(
        (more, { name, collapse = '' }) => more + 4 * (name.length + collapse.length),
        4 * metric.length,
      ),
    0,
  );
  const descriptions = texts + (tables + sets + 1) * 16 * DESCRIPTION_BYTES + 256 * 1024;
  const bytes =
    // a set's table of ids is a power of two, and no smaller than a thousand
    (series + 1) * perSeries +
    sets * (RECENT_BYTES + 16384 + series * 2 * 8) +
    labelBytes +
    SAMPLE_BYTES +
    TICK_LOGS * loggedTicks * TICK_BYTES +
    2 * SESSION_SLOTS * SESSION_SLOT_BYTES +
    SESSION_MARK_BYTES +
    (plan.notes === undefined ? 0 : NOTES_BYTES) +
    LINE_BUFFERS * (longestLine + 65536 + texts) +
    descriptions +
    ROWS_BYTES +
    pairs * PAIR_BYTES;
  return {
    bytes,
    tables,
    sets,
    series,
    labelBytes,
    sampleBytes: SAMPLE_BYTES,
    loggedTicks,
    sessionSlots: SESSION_SLOTS,
    pairs,
  };
}

/** Tables of equal labels have one dictionary. */
export function labelSetsOf({ tables }: MeasurePlan): (readonly PlannedLabel[])[] {
  const sets = new Map<string, readonly PlannedLabel[]>();
  for (const { labels } of tables) sets.set(nameOfSet(labels), labels);
  return [...sets.values()];
}

export function nameOfSet(labels: readonly PlannedLabel[]): string {
  return JSON.stringify(
    labels.map(({ field, otherwise, collapse }) => [
      field.index,
      otherwise === undefined ? [] : [otherwise.field.index, otherwise.segment],
      collapse ?? '',
    ]),
  );
}

function mostOfAKind({ measurements }: MeasurePlan): number {
  const counts = new Map<number, number>();
  for (const kind of measurements.flatMap(({ kinds }) => kinds))
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Math.max(1, ...counts.values());
}
