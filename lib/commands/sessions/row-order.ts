import type { AuditRow } from '../../usage/audit-rows.ts';

/** By what sessions may be sorted. */
export const auditKeys = ['start', 'end', 'time'] as const;
export type AuditKey = (typeof auditKeys)[number];

/** More rows than are asked for before the others go: so many at a time. */
const SPARE = 4096;

const orders: Readonly<Record<AuditKey, (a: AuditRow, b: AuditRow) => number>> = {
  start: (a, b) => (a.start ?? Number.NEGATIVE_INFINITY) - (b.start ?? Number.NEGATIVE_INFINITY),
  end: (a, b) => (b.end ?? Number.NEGATIVE_INFINITY) - (a.end ?? Number.NEGATIVE_INFINITY),
  time: (a, b) => b.seconds - a.seconds,
};

/**
 * Rows, which come by start, in another order: the oldest start, the newest end or the longest time first; the first
 * `top` of them, which are all that is kept.
 */
export function ordered(
  rows: Iterable<AuditRow>,
  {
    sort,
    top = Number.POSITIVE_INFINITY,
  }: { readonly sort?: AuditKey | undefined; readonly top?: number | undefined },
): Iterable<AuditRow> {
  if (sort !== undefined) return sorted(rows, sort, top);
  return top === Number.POSITIVE_INFINITY ? rows : first(rows, top);
}

function* first(rows: Iterable<AuditRow>, top: number): Generator<AuditRow> {
  let left = top;
  for (const row of rows) {
    if (left-- <= 0) return;
    yield row;
  }
}

function* sorted(rows: Iterable<AuditRow>, sort: AuditKey, top: number): Generator<AuditRow> {
  let kept: AuditRow[] = [];
  const cut = (): void => {
    kept = kept.sort(orders[sort]).slice(0, top);
  };
  for (const row of rows) if (kept.push(row) > top + SPARE) cut();
  cut();
  yield* kept;
}
