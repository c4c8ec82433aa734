import type { Metric } from './metric.ts';
import type { Source } from './source.ts';
import type { Span } from './span.ts';

/**
 * All sources of one metric. Metrics do not depend on one another, so each is measured over a whole span at once; but
 * the records of one metric are taken in their order, whichever source they come from.
 */
export class Feed {
  readonly metric: Metric;
  private readonly sources: Source[] = [];
  /** Sources that have records in the span at hand, and how many. */
  private readonly busy: Source[] = [];
  private readonly counts: number[] = [];

  constructor(metric: Metric) {
    this.metric = metric;
  }

  add(source: Source): void {
    this.sources.push(source);
  }

  measure(span: Span): void {
    const { sources, busy, counts } = this;
    busy.length = 0;
    counts.length = 0;
    for (const source of sources) {
      const count = source.begin(span);
      if (count === 0) continue;
      busy.push(source);
      counts.push(count);
    }
    if (busy.length === 0) return;
    if (busy.length === 1 && busy[0]!.inBulk) busy[0]!.recordAll(span);
    else this.merge(span);
  }

  /** Row by row; where one row is in several sources, they come in their order. */
  private merge(span: Span): void {
    const { busy, counts } = this;
    const next = busy.map(() => 0);
    for (let row = span.from; row < span.to; row++) {
      for (let s = 0; s < busy.length; s++) {
        const k = next[s]!;
        if (k === counts[s] || busy[s]!.rowAt(k) !== row) continue;
        next[s] = k + 1;
        busy[s]!.record(k, span);
      }
    }
  }
}
