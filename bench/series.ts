/** What a run measured, in terms that both pipelines share. */
export interface Figures {
  /** `name{label="value",…}`, labels in order of their names, to its figures. */
  readonly series: Record<string, SeriesFigures>;
}

export interface SeriesFigures {
  readonly count: number;
  /** Of a distribution, as long as its sample holds every value. */
  readonly sum?: number | undefined;
}

/** Values that a sample keeps. */
export const SAMPLE = 128;

export function seriesKey(name: string, labels: Readonly<Record<string, string>>): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`);
  return `${name}{${pairs.join(',')}}`;
}
