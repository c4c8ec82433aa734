import type { Batch } from '../batch/batch.ts';
import type { Kinds } from '../batch/kinds.ts';
import type { KindList, KindLists } from '../batch/rows-by-kind.ts';
import type { Field, Wants } from '../batch/wants.ts';
import type { Elapsed } from '../systems/definition.ts';
import { logField } from '../tracing/record-fields.ts';
import { type CompiledCondition, compileCondition } from './conditions.ts';
import type { Span } from './span.ts';

/** Records whose successors have not come; beyond them the oldest are forgotten. Some 8 MB. */
const MOST_OPEN = 100_000;

/** Of the 64 bits of a text's hash those that a double holds. */
const HIGH_BITS = 0x1f_ffff;
const HIGH = 2 ** 32;

export interface ElapsedOptions {
  /** The records that may begin something. */
  readonly list: KindList;
  readonly holds: CompiledCondition['holds'];
  /** What pairs records. */
  readonly key: Field;
}

export function elapsedOptions(
  { since, key }: Elapsed,
  lists: KindLists,
  kinds: Kinds,
  wants: Wants,
): ElapsedOptions {
  const { kinds: over, holds } = compileCondition(since, kinds, wants);
  return { list: lists.of(over), holds, key: logField(wants, key) };
}

/**
 * How long ago the last record was that began something, by the text of a field, in the order of the input. What has begun
 * ends once; a record that both begins and ends something ends first.
 */
export class ElapsedTimes {
  readonly key: Field;
  private readonly options: ElapsedOptions;
  /** Milliseconds since the epoch, by the hash of the key, the oldest first. */
  private readonly since = new Map<number, number>();
  private starts: Uint32Array = new Uint32Array(0);

  constructor(options: ElapsedOptions) {
    this.options = options;
    this.key = options.key;
  }

  /**
   * Seconds that have passed for each of the rows, which end something; NaN where nothing had begun.
   * @param rows ascending
   */
  measure(span: Span, rows: Uint32Array, values: Float64Array): void {
    const { batch, times } = span;
    const starts = this.startsOf(span);
    const begun = this.keysOf(batch, starts);
    const ended = this.keysOf(batch, rows);
    let next = 0;
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k]!;
      for (; next < starts.length && starts[next]! < row; next++)
        this.begin(begun[next]!, times[starts[next]!]!);
      values[k] = this.end(ended[k]!, times[row]!);
    }
    for (; next < starts.length; next++) this.begin(begun[next]!, times[starts[next]!]!);
  }

  /** What has begun and not ended: keys, and times in milliseconds since the epoch, the oldest first. */
  open(): { readonly keys: Float64Array; readonly times: Float64Array } {
    return { keys: Float64Array.from(this.since.keys()), times: Float64Array.from(this.since.values()) };
  }

  /** Goes on with what had begun before. */
  resume(keys: Float64Array, times: Float64Array): void {
    for (const [k, key] of keys.entries()) this.begin(key, times[k]!);
  }

  private startsOf({ batch }: Span): Uint32Array {
    const { list, holds } = this.options;
    if (this.starts.length < list.rows.length) this.starts = new Uint32Array(2 * list.rows.length);
    let count = 0;
    for (const row of list.rows) if (holds === undefined || holds(batch, row)) this.starts[count++] = row;
    return this.starts.subarray(0, count);
  }

  /** NaN where a record has none. */
  private keysOf(batch: Batch, rows: Uint32Array): Float64Array {
    const hashes = rows.length === 0 ? rows : batch.column(this.key).hashesOf(rows);
    const keys = new Float64Array(rows.length);
    for (let k = 0; k < keys.length; k++) {
      const low = hashes[2 * k]!;
      const high = hashes[2 * k + 1]!;
      keys[k] = low === 0 && high === 0 ? Number.NaN : (high & HIGH_BITS) * HIGH + low;
    }
    return keys;
  }

  private begin(key: number, time: number): void {
    if (Number.isNaN(key)) return;
    this.since.delete(key);
    this.since.set(key, time);
    if (this.since.size <= MOST_OPEN) return;
    const [oldest] = this.since.keys();
    this.since.delete(oldest!);
  }

  private end(key: number, time: number): number {
    const since = this.since.get(key);
    if (since === undefined) return Number.NaN;
    this.since.delete(key);
    return (time - since) / 1000;
  }
}
