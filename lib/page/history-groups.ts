import type { MetricHistory } from './snapshot.ts';

/**
 * Histories as JSON that packs well: those of one metric stand together, with their times and the names of their keys once,
 * each key's numbers side by side, and labels that several metrics have in common once.
 */
export interface WireHistories {
  readonly labels: readonly string[];
  readonly groups: readonly Group[];
}

type Common = Pick<MetricHistory, 'source' | 'metric' | 'type' | 'times'>;

/** Histories one behind the other that differ by labels and numbers alone. */
interface Group extends Common {
  /** Of each one's labels the place, as the difference to the one before. */
  readonly labels: readonly number[];
  /** By key, of each history the numbers of all times. */
  readonly keys: Readonly<Record<string, readonly (number | null)[]>>;
}

export function packHistories(histories: readonly MetricHistory[]): WireHistories {
  const labels = new Map<string, number>();
  const placeOf = (text: string): number => {
    const place = labels.get(text) ?? labels.size;
    labels.set(text, place);
    return place;
  };
  const groups = runsOf(histories).map((run): Group => {
    const { source, metric, type, times, keys } = run[0]!;
    const places = run.map((history) => placeOf(history.labels));
    return {
      ...{ source, metric, type, times },
      labels: places.map((place, k) => place - (places[k - 1] ?? 0)),
      keys: Object.fromEntries(Object.keys(keys).map((key) => [key, run.flatMap((of) => of.keys[key]!)])),
    };
  });
  return { labels: [...labels.keys()], groups };
}

function runsOf(histories: readonly MetricHistory[]): MetricHistory[][] {
  const runs: MetricHistory[][] = [];
  let before: string | undefined;
  for (const history of histories) {
    const { source, metric, type, times, keys } = history;
    const common = JSON.stringify([source, metric, type, times, Object.keys(keys)]);
    if (common === before) runs.at(-1)!.push(history);
    else runs.push([history]);
    before = common;
  }
  return runs;
}

export function unpackHistories({ labels, groups }: WireHistories): MetricHistory[] {
  return groups.flatMap(({ source, metric, type, times, labels: places, keys }) => {
    let place = 0;
    return places.map((step, k): MetricHistory => {
      place += step;
      const of = Object.entries(keys).map(([key, numbers]) => [
        key,
        numbers.slice(k * times.length, (k + 1) * times.length),
      ]);
      return { source, metric, labels: labels[place]!, type, times, keys: Object.fromEntries(of) };
    });
  });
}
