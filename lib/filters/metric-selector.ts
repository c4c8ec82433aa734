import type { Batch, Column } from '../batch.ts';
import type { SubscriptionConfig } from '../config.ts';
import type { Wants } from '../fields.ts';
import { PerTable, type Symbols } from '../symbols.ts';
import { type EventFields, eventFields } from '../ziti/fields.ts';
import { Expression } from './expression.ts';
import type { Selector } from './selector.ts';

/** What a metric filter says of one metric with one list of keys: nothing, all of it, or some keys. */
type Verdict = 'none' | 'all' | readonly string[];

/** Room for the ids of key lists beside those of metrics in one number of 53 bits. */
const METRIC_STRIDE = 2 ** 26;

/**
 * A `metrics` subscription. The source filter is matched on the source id, the metric filter key by key on
 * `metric.key`, or on `metric.` alone for intValue and floatValue, as an OpenZiti controller does. Verdicts are
 * remembered per metric and list of keys, so a metric that repeats costs one look-up.
 */
export class MetricSelector implements Selector {
  keys: readonly string[] | undefined;
  private readonly source: Expression;
  private readonly metric: Expression | undefined;
  private readonly fields: EventFields;
  private readonly verdicts = new PerTable<Symbols, Map<number, Verdict>>(() => new Map());
  private batch!: Batch;
  private sources!: Column;
  private names!: Column;
  private types!: Column;
  private values!: Column;

  constructor({ sourceFilter = '', metricFilter = '' }: SubscriptionConfig, wants: Wants) {
    this.source = new Expression(sourceFilter);
    this.metric = metricFilter === '' || metricFilter === '.*' ? undefined : new Expression(metricFilter);
    this.fields = eventFields(wants);
  }

  bind(batch: Batch): void {
    this.batch = batch;
    this.sources = batch.column(this.fields.sourceId);
    this.names = batch.column(this.fields.metric);
    this.types = batch.column(this.fields.metricType);
    this.values = batch.column(this.fields.metrics);
  }

  selects(row: number): boolean {
    if (!this.source.testId(this.batch.symbols, this.sources.id(row))) return false;
    this.keys = undefined;
    if (this.metric === undefined) return true;
    const verdict = this.verdict(this.metric, row);
    if (typeof verdict !== 'string') this.keys = verdict;
    return verdict !== 'none';
  }

  private verdict(metric: Expression, row: number): Verdict {
    const { symbols } = this.batch;
    const single = isSingle(symbols.text(this.types.id(row)));
    const name = this.names.id(row);
    const list = this.values.keys(row);
    const known = this.verdicts.of(symbols);
    const at = (name * METRIC_STRIDE + list) * 2 + (single ? 1 : 0);
    let verdict = known.get(at);
    if (verdict === undefined) {
      verdict = judge(metric, symbols.text(name), single, symbols.text(list).split('\u0000').slice(0, -1));
      known.set(at, verdict);
    }
    return verdict;
  }
}

/** Gauges have a single value, and the controller matches them without its key. */
const isSingle = (type: string): boolean => type === 'intValue' || type === 'floatValue';

function judge(filter: Expression, metric: string, single: boolean, keys: readonly string[]): Verdict {
  if (single) return filter.test(`${metric}.`) ? 'all' : 'none';
  const matching = keys.filter((key) => filter.test(`${metric}.${key}`));
  if (matching.length === 0) return 'none';
  return matching.length === keys.length ? 'all' : matching;
}
