import type { Ledger } from '../ledger.ts';
import { printable } from '../text/printable.ts';
import { thousands } from '../text/thousands.ts';

/** Metrics that are named for values that they did not take. */
const MOST_NAMED = 3;

function count(value: number, one: string, many = `${one}s`): string {
  return `${thousands(value)} ${value === 1 ? one : many}`;
}

/** Bytes in decimal units, as disks and networks count them. */
export function formatBytes(bytes: number): string {
  if (bytes < 999.5) return `${bytes.toFixed(0)} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(value < 99.95 ? 1 : 0)} ${units[unit]}`;
}

/**
 * What a run did, on one line of standard error.
 * @param files how many patterns stood for
 */
export function closingLine(ledger: Ledger, seconds: number, files?: number): string {
  const { bytes } = ledger.read;
  const rate = seconds > 0 ? `, ${formatBytes(bytes / seconds)}/s` : '';
  const parts = [read(ledger, files), series(ledger), refused(ledger), dropped(ledger)].filter(
    (part) => part !== '',
  );
  return `mirrormon: ${parts.join('; ')}; ${formatBytes(bytes)} in ${seconds.toFixed(2)} s${rate}\n`;
}

function read(
  { read: { records }, rejected, rejectedTotal, other, outside }: Ledger,
  files?: number,
): string {
  const of = files === undefined ? '' : ` of ${count(files, 'file')}`;
  const parts = [`${count(records, 'record')}${of} read`];
  if (rejectedTotal > 0) parts.push(`${thousands(rejectedTotal)} not understood (${byReason(rejected)})`);
  if (other > 0) parts.push(`${thousands(other)} of no known kind`);
  if (parts.length === 1 && records > 0) parts.push(records === 1 ? 'and understood' : 'all understood');
  if (outside > 0) parts.push(`${thousands(outside)} left out by --since, --until or --where`);
  return parts.join(', ');
}

function series({ series }: Ledger): string {
  return series === 0 ? '' : count(series, 'series', 'series');
}

function refused({ refused: { total, metrics } }: Ledger): string {
  if (total === 0) return '';
  const parts = Array.from(metrics, ([metric, reasons]) => `${printable(metric)}: ${byReason(reasons)}`);
  const more = parts.length > MOST_NAMED ? `, and ${count(parts.length - MOST_NAMED, 'metric')} more` : '';
  return `${count(total, 'value')} refused (${parts.slice(0, MOST_NAMED).join(', ')}${more})`;
}

function dropped({ droppedTotal, dropped }: Ledger): string {
  if (droppedTotal === 0) return '';
  const parts = Array.from(dropped, ([handler, reasons]) => `${handler}: ${byReason(reasons)}`);
  return `${thousands(droppedTotal)} dropped (${parts.join(', ')})`;
}

function byReason(reasons: ReadonlyMap<string, number>): string {
  return Array.from(reasons, ([reason, number]) => `${thousands(number)} ${reason}`).join(', ');
}
