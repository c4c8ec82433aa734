import { spawnSync } from 'node:child_process';
import { seriesKey } from '../series.ts';

/** The first line that a tool says of its version, or undefined where the tool is not here. */
export function versionOf(command: string, args: readonly string[] = ['--version']): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? (stdout.split('\n')[0] ?? '').trim() : undefined;
}

/** Upper bounds of the buckets that W1 asks for. */
export const bounds = [1, 10, 60, 300, 900, 1800, 3600, 7200, 14_400];

/** Labels of the metrics, in the order of their fields: client_hostname, client_name, client_user, client_id. */
const labels = ['client_hostname', 'client_name', 'client_user', 'user_id'];

/** A series of W1 for the four values in the order of the fields. */
export function clientSeries(metric: string, values: readonly string[]): string {
  return seriesKey(metric, Object.fromEntries(labels.map((label, k) => [label, values[k] ?? ''])));
}
