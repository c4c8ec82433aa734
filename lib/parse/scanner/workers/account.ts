import type { Account, Scan } from './worker-messages.ts';

/** What came of the lines of one piece. */
export type ScannedPiece = Omit<Scan, 'before' | 'notes' | 'reached' | 'reachedLine'>;

const NOTHING = { records: 0, measured: 0, newest: Number.NEGATIVE_INFINITY };

/** Undefined if anything else came of a scan than how much it measured. */
export function accountOf(scan: ScannedPiece): Account | undefined {
  const { base, begin, end, scanned, rows, rejected, stopped, unfinished, dismissed } = scan;
  if (unfinished) return undefined;
  if (begin === end) return { from: base + begin, to: base + end, dismissed: NOTHING };
  if (rows > 0 || rejected > 0 || stopped || scanned < end || dismissed === undefined) return undefined;
  return dismissed.records === 0 ? undefined : { from: base + begin, to: base + end, dismissed };
}

/** Of one and what comes behind it. */
export function joined(one: Account | undefined, other: Account): Account {
  if (one === undefined || one.from === one.to) return other;
  if (other.from === other.to) return one;
  const { records, measured, newest } = one.dismissed;
  return {
    from: one.from,
    to: other.to,
    dismissed: {
      records: records + other.dismissed.records,
      measured: measured + other.dismissed.measured,
      newest: Math.max(newest, other.dismissed.newest),
    },
  };
}
