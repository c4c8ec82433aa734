import { spawnSync } from 'node:child_process';
import { type Figures, seriesKey } from '../series.ts';

/** The first line that a tool says of its version, or undefined where the tool is not here. */
export function versionOf(command: string, args: readonly string[] = ['--version']): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? '').trim() : undefined;
}

/** Upper bounds of the buckets that W1 asks for. */
export const bounds = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400];

/** The fields of a record that name its client. */
export const fields = ['client_hostname', 'client_name', 'client_user', 'client_id'];

/** Labels of the metrics, in the order of their fields. */
const labels = ['client_hostname', 'client_name', 'client_user', 'user_id'];

/** A series of W1 for the four values in the order of the fields. */
export function clientSeries(metric: string, values: readonly string[]): string {
  return seriesKey(metric, Object.fromEntries(labels.map((label, k) => [label, values[k] ?? ''])));
}

/** A client's row of a result of W1. */
export interface Client {
  /** In the order of the fields. */
  readonly values: readonly string[];
  readonly starts: number;
  readonly ends: number;
  /** Of the durations. */
  readonly sum: number;
  /** How many durations fell into each alone. */
  readonly buckets?: readonly number[] | undefined;
}

/** The figures of W1 from a result that has a row for each client. */
export function clientFigures(clients: readonly Client[]): Figures {
  const series: Figures['series'] = {};
  for (const { values, starts, ends, sum, buckets } of clients) {
    if (starts > 0) series[clientSeries('mirrord_sessions_create_total', values)] = { count: starts };
    if (ends > 0) series[clientSeries('mirrord_sessions_duration', values)] = { count: ends, sum, buckets };
  }
  return { series };
}
