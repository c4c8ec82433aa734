import type { Sessions } from './session-store.ts';
import { blankView, type SessionView } from './session-view.ts';
import { portKey, portSteals } from './steals.ts';

export interface SettlingOptions {
  /** The newest record's time, milliseconds. */
  readonly now: number;
  /** Sessions that are over and stay one by one: those that ended last. */
  readonly kept: number;
  /** The same of those that are open: those that were heard of last. */
  readonly open: number;
  /** Milliseconds after which a session without an end is taken for over; 0 = never. */
  readonly maxAge: number;
}

/**
 * Adds up the sessions that ended first (PastSessions), so that a run may last: a session takes some 100 bytes. What is
 * still heard of one of them, such as its end once more, is another one's.
 */
export function settleSessions(sessions: Sessions, { now, kept, open, maxAge }: SettlingOptions): void {
  const isSettled = settledRows(sessions, now, kept, open);
  const { past } = sessions;
  const before = collisionsOf(sessions, now);
  const take = (session: SessionView): void => {
    const { client, target, endMissing, start, end, ports } = session;
    past.add(endMissing ? { ...session, end: maxAge > 0 ? start + maxAge : now } : { ...session, end });
    sessions.ports.each(ports, (name, action, first, last) =>
      past.addPort(client, target, name, action, { sessions: 1, first, last }),
    );
  };
  const view = blankView();
  // whoever numbers what is past does it by when it was first heard of
  for (const row of sessions.inOrder()) if (isSettled[row] === 1) sessions.view(row, now, view, take);
  sessions.keep(Uint32Array.from(isSettled.keys()).filter((row) => isSettled[row] === 0));
  const after = collisionsOf(sessions, now);
  for (const [port, count] of before) past.addCollisions(port, count - (after.get(port) ?? 0));
  past.bound();
}

/** By row, 1 for those that are not kept. */
function settledRows(sessions: Sessions, now: number, kept: number, open: number): Uint8Array {
  const { table } = sessions;
  const settled = new Uint8Array(table.length);
  /** When a session was over, or was first heard of. */
  const times = new Float64Array(table.length);
  const isOpen = new Uint8Array(table.length);
  sessions.each(now, ({ row, start, end, endMissing }) => {
    if (endMissing) {
      times[row] = isOpen[row] === 1 ? Math.min(times[row]!, start) : start;
      isOpen[row] = 1;
    } else if (isOpen[row] === 0) times[row] = Math.max(times[row]!, end);
  });
  for (const [is, most] of [
    [0, kept],
    [1, open],
  ]) {
    const rows = Uint32Array.from(isOpen.keys()).filter((row) => isOpen[row] === is);
    const oldest = rows
      .sort((a, b) => times[a]! - times[b]! || a - b)
      .subarray(0, Math.max(0, rows.length - most!));
    for (const row of oldest) settled[row] = 1;
  }
  return settled;
}

function collisionsOf(sessions: Sessions, now: number): Map<string, number> {
  return new Map(portSteals(sessions, now).map((port) => [portKey(port), port.collisions]));
}
