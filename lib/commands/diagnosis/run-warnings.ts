import type { Pipeline } from '../../pipeline.ts';
import { MOST_LABEL_BYTES } from '../../text/shortened.ts';
import { thousands } from '../../text/thousands.ts';

/** What is to be said of a whole run at its end: of its records, and of subscriptions that selected nothing. */
export function runWarnings({ ledger, evidence }: Pick<Pipeline, 'ledger' | 'evidence'>): string[] {
  return [...recordWarnings(ledger), ...evidence.warnings()];
}

/** What is to be said of all records that were read: of their times, and of bounds that they reached. */
export function recordWarnings(ledger: Pipeline['ledger']): string[] {
  const { read, untimedRecords, futureRecords, rejectedTotal, other, bounded } = ledger;
  const told: string[] = [];
  // what is of no known kind has its own warning
  const timeless = untimedRecords - other;
  if (timeless > 0) {
    const [have, they] =
      timeless === 1
        ? ['record has no time of its own', 'it counts']
        : ['records have no time of their own', 'they count'];
    told.push(
      `${thousands(timeless)} ${have}, so ${they} at the time of those before (a record has its time in 'timestamp', or in what wraps it)`,
    );
  }
  if (futureRecords > 0) {
    const isAll = futureRecords === read.records - rejectedTotal;
    const lie = futureRecords === 1 ? 'record lies' : 'records lie';
    const which = `${isAll && futureRecords > 1 ? 'all ' : ''}${thousands(futureRecords)} ${lie}`;
    told.push(
      `${which} more than an hour ahead of this machine's clock, which does not move time on: is a clock wrong?`,
    );
  }
  if (bounded.measurements > 0) {
    told.push(
      `${thousands(bounded.measurements)} measurements joined an overflow series, as records name ever more metrics or attributes: totals stay right; raise metrics.maxMetrics to tell them apart`,
    );
  }
  if (bounded.labels > 0) {
    told.push(
      `${thousands(bounded.labels)} attributes of measurements were longer than ${MOST_LABEL_BYTES} bytes and were shortened, which '…' at their end shows`,
    );
  }
  return told;
}
