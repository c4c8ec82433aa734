import { expose } from '../../handlers/prometheus/exposed-family.ts';
import { head, seriesTexts } from '../../handlers/prometheus/exposition-text.ts';
import type { MetricFamily } from '../../metrics/family.ts';

/**
 * OpenMetrics with a time behind every sample, step after step, as `promtool tsdb create-blocks-from openmetrics` takes it:
 * the samples of a series ascend, a metric's HELP and TYPE stand before its first one, and `# EOF` stands at the end.
 * Nothing is held, so archives of any length need no more memory than their series.
 */
export class TimedExposition {
  private readonly told = new Set<string>();
  private last = Number.NEGATIVE_INFINITY;

  /** The samples of one step; empty where the time does not ascend. @param time milliseconds since the epoch */
  *step(time: number, families: Iterable<MetricFamily>): Generator<string> {
    if (time <= this.last) return;
    this.last = time;
    const stamp = ` ${time / 1000}\n`;
    for (const family of families) {
      const exposed = expose(family);
      const texts = seriesTexts(exposed);
      if (!this.told.has(exposed.name)) {
        this.told.add(exposed.name);
        yield head(exposed, 'openmetrics');
      }
      for (const [, text] of texts) yield text.replaceAll('\n', stamp);
    }
  }

  get hasSamples(): boolean {
    return this.told.size > 0;
  }

  end(): string {
    return '# EOF\n';
  }
}
