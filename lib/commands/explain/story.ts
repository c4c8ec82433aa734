import type { Batch } from '../../batch/batch.ts';
import type { RefusalReason } from '../../metrics/refusals.ts';
import type { MetricType } from '../../systems/definition.ts';
import type { Refusal, SubscriptionAccount } from './subscription-account.ts';

/** What a record gave to a series. */
export interface Touch {
  readonly metric: string;
  readonly labels: readonly (readonly [name: string, value: string])[];
  readonly type: MetricType;
  readonly value: number;
  /** Of a gauge: whether it is moved by the value instead of set to it. */
  readonly moves: boolean;
}

/** What a subscription said of a record. */
export interface Verdict {
  readonly account: SubscriptionAccount;
  /** other-type: records like it are none of its. */
  readonly result: 'taken' | 'left-out' | 'other-type';
  readonly refusals: readonly Refusal[];
  /** The keys of the metric that are passed on; undefined = all. */
  readonly keys: readonly string[] | undefined;
}

/** All that became of one record. */
export interface RecordStory {
  /** Counted from 1 over all inputs. */
  readonly number: number;
  readonly input: string;
  readonly framing: string;
  /** Of its first byte in the decompressed input. */
  readonly offset: number | undefined;
  readonly form: string;
  /** Milliseconds since the epoch, NaN without one. */
  readonly time: number;
  readonly level: string;
  readonly kind: string;
  readonly text: string;
  readonly touches: readonly Touch[];
  readonly refused: readonly { readonly metric: string; readonly reason: RefusalReason }[];
  /** Keys that name a measurement, in a record whose message says what it measures. */
  readonly unmeasured: readonly string[];
  readonly verdicts: readonly Verdict[];
}

/** How the fields of a record lie in it: a phrase. */
export function formOf(batch: Batch, row: number): string {
  const { framing } = batch.input;
  if (framing === 'exposition' || framing === 'scrape') return 'a sample';
  if (batch.texts?.[row] !== undefined) return "tracing's text layout";
  const { fields, namespace, version, level, message } = batch.object(row);
  if (typeof fields === 'object' && fields !== null) return 'JSON of tracing';
  if (typeof namespace === 'string') {
    return `an event of OpenZiti${typeof version === 'number' ? `, version ${version}` : ''}`;
  }
  return level === undefined && message === undefined ? 'JSON' : 'flattened JSON of tracing';
}
