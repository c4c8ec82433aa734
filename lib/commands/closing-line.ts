import type { Ledger } from '../ledger.ts';
import { thousands } from '../text/thousands.ts';

const count = (value: number, noun: string): string => `${thousands(value)} ${noun}`;

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

/** What a run did, on one line of standard error. */
export function closingLine(ledger: Ledger, seconds: number): string {
  const parts = [
    `${count(ledger.read.records, 'records')} read`,
    count(ledger.selected, 'selected'),
    count(ledger.filtered, 'filtered'),
    count(ledger.rejectedTotal, 'rejected'),
    count(ledger.droppedTotal, 'dropped'),
  ];
  const { bytes } = ledger.read;
  const rate = seconds > 0 ? `, ${formatBytes(bytes / seconds)}/s` : '';
  return `mirrormon: ${parts.join(', ')}; ${formatBytes(bytes)} in ${seconds.toFixed(2)} s${rate}\n`;
}
