export { SAMPLE } from '../lib/commands/bench/naive-samples.ts';

/** What a run measured, in terms that all pipelines share. */
export interface Figures {
  /** `name{label="value",…}`, labels in order of their names, to its figures. */
  readonly series: Record<string, SeriesFigures>;
}

export interface SeriesFigures {
  readonly count: number;
  /** Of a distribution: of all values; of ours only as long as its sample holds every value. */
  readonly sum?: number | undefined;
  /** Of a distribution: how many values fell into each bucket alone, +Inf last. */
  readonly buckets?: readonly number[] | undefined;
}

export function seriesKey(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return `${name}{${pairs.join(',')}}`;
}
