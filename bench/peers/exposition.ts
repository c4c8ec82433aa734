import type { Figures } from '../series.ts';
import { clientSeries } from './tool.ts';

/** A line of the exposition: name, labels, value. */
const sample = /^(\w+)\{(.*)\} (\S+)$/;

/** The text of a label's value. */
export const unescaped = (exposed: string): string => JSON.parse(`"${exposed}"`) as string;

/**
 * The figures of W1 from Prometheus's text format.
 * @param labels as the program calls them, in the order of their fields
 */
export function exposedFigures(text: string, labels: readonly string[], read = unescaped): Figures {
  const patterns = labels.map((label) => new RegExp(`(?:^|,)${label}="((?:[^"\\\\]|\\\\.)*)"`));
  const series: Record<string, { count: number; sum: number | undefined; upTo: number[] }> = {};
  for (const line of text.split('\n')) {
    const [, name = '', exposed = '', value] = sample.exec(line) ?? [];
    if (value === undefined) continue;
    const values = patterns.map((pattern) => read(pattern.exec(exposed)?.[1] ?? ''));
    const [, metric = name, part] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
    const key = clientSeries(metric, values);
    series[key] ??= { count: 0, sum: undefined, upTo: [] };
    const one = series[key];
    if (part === 'bucket') one.upTo.push(Number(value));
    else if (part === 'sum') one.sum = Number(value);
    else one.count = Number(value);
  }
  const told = Object.entries(series).map(([key, { count, sum, upTo }]) => {
    const buckets = upTo.length === 0 ? undefined : upTo.map((total, k) => total - (upTo[k - 1] ?? 0));
    return [key, { count, sum, buckets }] as const;
  });
  return { series: Object.fromEntries(told) };
}
