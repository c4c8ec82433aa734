import { PerTable } from '../batch/symbols.ts';
import type { ReadColumn, Wants } from '../batch/wants.ts';
import type { SubscriptionConfig } from '../config.ts';
import { ByteTable, NO, UNKNOWN, YES } from './byte-table.ts';
import { Expression } from './expression.ts';
import { MetricColumns } from './metric-columns.ts';
import type { Shapes } from './metric-shapes.ts';
import type { Candidates, Selector } from './selector.ts';

/** Beside NO and YES: some of the metric's keys, which `Verdicts.keys` names. */
const SOME = 3;

/** What a metric filter says of each shape. */
interface Verdicts {
  readonly table: ByteTable;
  readonly keys: (readonly string[] | undefined)[];
}

/**
 * A `metrics` subscription. The source filter is matched on the source id, the metric filter key by key on
 * `metric.key`, or on `metric.` alone for intValue and floatValue, as an OpenZiti controller does. Verdicts are
 * remembered per shape of an event (metric-shapes.ts), so that an event costs a look into a table.
 */
export class MetricSelector implements Selector {
  keys: readonly (readonly string[] | undefined)[] | undefined;
  private readonly source: Expression;
  private readonly metric: Expression;
  private readonly columns: MetricColumns;
  private readonly verdicts = new PerTable<Shapes, Verdicts>(() => ({ table: new ByteTable(), keys: [] }));
  private readonly chosen: (readonly string[] | undefined)[] = [];

  constructor({ sourceFilter = '', metricFilter = '' }: SubscriptionConfig, wants: Wants) {
    this.source = new Expression(sourceFilter);
    this.metric = new Expression(metricFilter);
    this.columns = MetricColumns.of(wants);
  }

  get reads(): readonly ReadColumn[] {
    const { shapes, sources } = this.columns.reads;
    return [...(this.metric.matchesAll ? [] : shapes), ...(this.source.matchesAll ? [] : sources)];
  }

  select(candidates: Candidates, to: Uint32Array): number {
    this.keys = undefined;
    if (this.metric.matchesAll) return this.selectSources(candidates, to);
    const { batch, rows } = candidates;
    const { source, chosen } = this;
    const shapes = this.columns.shapes(candidates);
    const sources = source.matchesAll ? undefined : this.columns.sources(candidates);
    const known = this.columns.tableOf(batch);
    const { table, keys } = this.verdicts.of(known);
    let selected = 0;
    for (let k = 0; k < rows.length; k++) {
      const shape = shapes[k]!;
      let verdict = table.get(shape);
      if (verdict === UNKNOWN) verdict = this.judge(known, shape);
      if (verdict === NO) continue;
      if (sources !== undefined && !source.testId(batch.symbols, sources[k]!)) continue;
      if (verdict === SOME) {
        if (this.keys === undefined) this.keys = chosen.fill(undefined, 0, selected);
        chosen[selected] = keys[shape];
      } else if (this.keys !== undefined) chosen[selected] = undefined;
      to[selected++] = rows[k]!;
    }
    return selected;
  }

  private selectSources(candidates: Candidates, to: Uint32Array): number {
    const { batch, rows } = candidates;
    const sources = this.source.matchesAll ? undefined : this.columns.sources(candidates);
    let selected = 0;
    for (let k = 0; k < rows.length; k++) {
      if (sources === undefined || this.source.testId(batch.symbols, sources[k]!)) to[selected++] = rows[k]!;
    }
    return selected;
  }

  private judge(shapes: Shapes, shape: number): number {
    const { table, keys } = this.verdicts.of(shapes);
    const metric = shapes.metricOf(shape);
    let verdict = YES;
    if (shapes.isSingle(shape)) verdict = this.metric.test(`${metric}.`) ? YES : NO;
    else {
      const all = shapes.keysOf(shape);
      const matching = all.filter((key) => this.metric.test(`${metric}.${key}`));
      if (matching.length === 0) verdict = NO;
      else if (matching.length < all.length) {
        verdict = SOME;
        keys[shape] = matching;
      }
    }
    table.set(shape, verdict);
    return verdict;
  }
}
