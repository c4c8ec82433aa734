import type { Wants } from '../../batch/wants.ts';
import { type AggregationPlan, planAggregation } from './aggregation/aggregation-plan.ts';
import type { DictionaryLimits } from './dictionaries.ts';
import { countWants } from './keys.ts';

export interface ScannerLimits extends DictionaryLimits {
  readonly maxRecordBytes: number;
  readonly maxDepth: number;
  /** Of each metric, before those that measured are asked to hand over what they have; as many as tuples if not said. */
  readonly series?: number | undefined;
  /** Of all texts that the dictionaries hold, before fresh ones are begun. */
  readonly heapBytes?: number | undefined;
}

/** How much of everything one engine has room for. */
export interface MemoryPlan {
  readonly bytes: number;
  readonly slots: number;
  readonly windowBytes: number;
  readonly heapBytes: number;
  /** Ids that a table has room for. */
  readonly symbols: number;
  readonly tuples: number;
  readonly keys: number;
  readonly fields: number;
  readonly sets: number;
  readonly widest: number;
  /** Texts that tell kinds. */
  readonly kindTexts: number;
  /** undefined = nothing is measured here. */
  readonly aggregation: AggregationPlan | undefined;
}

export const PAGE = 65536;
const DEFAULT_SYMBOLS = 1 << 16;
const DEFAULT_TUPLES = 1 << 17;
const DEFAULT_HEAP_BYTES = 32 << 20;
/** For the tables of tuples, whatever their number and limits. */
const MOST_TUPLE_BYTES = 512 << 20;
/** A table's bytes for each id, at most. */
const BYTES_PER_ID = 64;
/** Beyond the limit, since a table is renewed between batches only. */
const ROOM_BEYOND_LIMIT = 16384;
/** Places that hold a line each: the inbox and what the modules decode into. */
const LINE_BUFFERS = 8;
const SHAPES_BYTES = 1 << 20;
/** For a key, field or label set, beside its texts. */
const DESCRIPTION_BYTES = 1024;
/** A dictionary's short texts that were looked up lately. */
const RECENT_BYTES = 1 << 14;
/** Texts that tell kinds. */
const KIND_TEXTS_BYTES = 1 << 18;
/** Lists of rows that are made or asked for. */
const ROW_LISTS_BYTES = 1 << 17;
/** A slot's columns, but for its ids. */
const COLUMNS_BYTES = 1 << 20;
const ID_COLUMN_BYTES = 4096 * 4;
const NUMBER_COLUMN_BYTES = 4096 * 8;
/** What was listed last: ids, rows, numbers, hashes of texts and of records. */
const LISTED_BYTES = 2 * ID_COLUMN_BYTES + 3 * NUMBER_COLUMN_BYTES;
const MOST_SLOT_BYTES = 1 << 30;
/** More batches than the pipeline holds with default queues. */
const MOST_SLOTS = 32;
const FEWEST_SLOTS = 2;

/** Below all tables stand the compiled scanner's constants. */
export const TABLES_START = PAGE;

/** The address space that an engine needs; the tables' upper bounds are in the modules that reserve them. */
export function planMemory(
  wants: Wants,
  limits: ScannerLimits,
  windowBytes: number,
  mostSlots = MOST_SLOTS,
  measures = false,
): MemoryPlan {
  const { keys, fields, textBytes, ...counts } = countWants(wants);
  const widest = Math.max(counts.widest, ...(wants.plan?.tables.map(({ labels }) => labels.length) ?? []));
  const sets = wants.labelSets.length;
  const symbols = (limits.symbols ?? DEFAULT_SYMBOLS) + ROOM_BEYOND_LIMIT;
  const tuples = Math.min(
    (limits.tuples ?? DEFAULT_TUPLES) + ROOM_BEYOND_LIMIT,
    Math.floor(MOST_TUPLE_BYTES / BYTES_PER_ID / Math.max(1, sets)),
  );
  const heapBytes = limits.heapBytes ?? DEFAULT_HEAP_BYTES;
  const roomForSlots = Math.max(FEWEST_SLOTS, Math.floor(MOST_SLOT_BYTES / windowBytes));
  const slots = Math.min(mostSlots, roomForSlots);
  const tables = SHAPES_BYTES + heapBytes + (2 * symbols + sets * tuples) * BYTES_PER_ID;
  const descriptions = textBytes + (keys + fields + sets + widest) * DESCRIPTION_BYTES;
  const dictionaries = (2 + sets) * RECENT_BYTES;
  const ofWants = (2 * fields + sets) * ID_COLUMN_BYTES;
  const slotBytes = COLUMNS_BYTES + windowBytes + ofWants + LISTED_BYTES;
  const series = limits.series === undefined ? tuples : limits.series + ROOM_BEYOND_LIMIT;
  const aggregation =
    measures && wants.plan !== undefined ? planAggregation(wants.plan, series, windowBytes) : undefined;
  const kindTexts = (wants.kindRule?.kinds.size ?? 0) + 1;
  const total =
    tables +
    (aggregation?.bytes ?? 0) +
    KIND_TEXTS_BYTES +
    descriptions +
    dictionaries +
    ROW_LISTS_BYTES +
    LINE_BUFFERS * (windowBytes + PAGE) +
    slots * slotBytes;
  return {
    bytes: Math.ceil(total / PAGE) * PAGE,
    slots,
    windowBytes,
    heapBytes,
    symbols,
    tuples,
    keys,
    fields,
    sets,
    widest,
    kindTexts,
    aggregation,
  };
}
