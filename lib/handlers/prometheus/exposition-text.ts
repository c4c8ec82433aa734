import type { ExposedFamily, ExposedSeries } from './exposed-family.ts';
import { boundText, escapeHelp, numberText } from './metric-names.ts';
import type { Format } from './negotiate.ts';

/**
 * HELP and TYPE. OpenMetrics names a counter without its `_total`; a counter whose documented name lacks that suffix
 * keeps its name there and is of type unknown, so that one query serves both formats.
 */
export function head(family: ExposedFamily, format: Format): string {
  let { name } = family;
  let type: string = family.type;
  if (format === 'openmetrics' && family.type === 'counter') {
    if (name.endsWith('_total')) name = name.slice(0, -'_total'.length);
    else type = 'unknown';
  }
  const help = escapeHelp(family.help, format === 'openmetrics');
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${numberText(value)}\n` : `${name}{${labels}} ${numberText(value)}\n`;
}

function histogram({ name }: ExposedFamily, bounds: readonly string[], series: ExposedSeries): string {
  const separated = series.labels === '' ? '' : `${series.labels},`;
  let text = '';
  let below = 0;
  for (let k = 0; k < bounds.length; k++) {
    below += series.bucketCounts?.[k] ?? 0;
    text += `${name}_bucket{${separated}le="${bounds[k]}"} ${numberText(below)}\n`;
  }
  const count = series.count ?? 0;
  text += `${name}_bucket{${separated}le="+Inf"} ${numberText(count)}\n`;
  return `${text}${sample(`${name}_sum`, series.labels, series.sum ?? 0)}${sample(`${name}_count`, series.labels, count)}`;
}

function summary({ name }: ExposedFamily, series: ExposedSeries): string {
  const separated = series.labels === '' ? '' : `${series.labels},`;
  let text = '';
  for (const [quantile, value] of series.quantiles ?? []) {
    text += `${name}{${separated}quantile="${boundText(quantile)}"} ${numberText(value)}\n`;
  }
  if (series.sum !== undefined) text += sample(`${name}_sum`, series.labels, series.sum);
  if (series.count !== undefined) text += sample(`${name}_count`, series.labels, series.count);
  return text;
}

/** The text of one series after another; each piece is whole series, so that an exposition can pause between them. */
export function* seriesTexts(family: ExposedFamily): Generator<[labels: string, text: string]> {
  const bounds = (family.buckets ?? []).map(boundText);
  for (const series of family.series) {
    switch (family.type) {
      case 'histogram':
        yield [series.labels, histogram(family, bounds, series)];
        break;
      case 'summary':
        yield [series.labels, summary(family, series)];
        break;
      default:
        yield [series.labels, sample(family.name, series.labels, series.value ?? 0)];
    }
  }
}
