import type { PortUses } from './port-uses.ts';
import type { paired } from './session-marks.ts';
import type { SessionTable } from './session-table.ts';
import { deducedStart, type SessionView, settle } from './session-view.ts';

type Pairs = ReturnType<typeof paired>;

/**
 * The sessions of an id that was used again, each with whose it is by its own records, and with the ports that were used
 * since it began.
 * @param view of the id's row, which tells one after the other
 */
export function viewPaired(
  view: SessionView,
  pairs: Pairs,
  { table, ports }: { readonly table: SessionTable; readonly ports: PortUses },
  now: number,
  take: (session: SessionView) => void,
): void {
  const heads = ports.split(table, view.row, beginsOf(pairs));
  for (const [start, end] of pairs) {
    const whose = start ?? end!;
    view.client = whose.client;
    view.target = whose.target;
    view.ports = heads[view.which]!;
    view.start = start?.time ?? Number.NaN;
    view.end = end?.time ?? Number.NaN;
    view.seconds = end?.seconds ?? Number.NaN;
    settle(view, { heard: () => Math.min(view.end, ports.firstOf(view.ports)) }, now);
    take(view);
    view.which++;
  }
}

/**
 * When the sessions of an id begin, ascending: of one without a start what its end's duration tells, but not before the
 * end of the one before it.
 */
function beginsOf(pairs: Pairs): number[] {
  return pairs.map(([start, end], k) => {
    if (start !== undefined) return start.time;
    const before = pairs[k - 1]?.[1]?.time ?? Number.NEGATIVE_INFINITY;
    const deduced = deducedStart(end!.time, end!.seconds);
    return deduced > before ? deduced : before + Math.abs(before) * Number.EPSILON;
  });
}
