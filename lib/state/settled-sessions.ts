import type { PastSessions } from '../usage/past-sessions.ts';
import { actions } from '../usage/port-uses.ts';
import type { Sessions } from '../usage/session-store.ts';
import { UNKNOWN } from '../usage/session-table.ts';
import { type ByteReader, DamagedBytes } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { writeId } from './used-sessions.ts';

const minutesOf = ['starts', 'ends'] as const;

/** Sessions that are no longer kept one by one; nothing where there are none. */
export function writePastSessions(to: ByteWriter, past: PastSessions): void {
  if (past.isEmpty) return;
  for (const count of [past.withoutStart, past.withoutEnd, past.droppedPorts]) to.whole(count);
  past.eachCell((client, target, day, sessions, seconds) => {
    to.flag(true);
    writeId(to, client);
    writeId(to, target);
    to.whole(day);
    to.whole(sessions);
    to.double(seconds);
  });
  to.flag(false);
  for (const what of minutesOf) {
    const minutes = past.minutes(what);
    to.whole(minutes.size);
    for (const [minute, count] of minutes) {
      to.whole(minute);
      to.whole(count);
    }
  }
  past.eachPort((client, target, name, action, { sessions, first, last }) => {
    to.flag(true);
    writeId(to, client);
    writeId(to, target);
    to.whole(name * actions.length + actions.indexOf(action));
    to.whole(sessions);
    to.double(first);
    to.double(last);
  });
  to.flag(false);
  to.whole(past.collisions.size);
  for (const [port, count] of past.collisions) {
    to.text(port);
    to.whole(count);
  }
}

/** @throws {DamagedBytes} */
export function readPastSessions(from: ByteReader, { past, clients, targets, ports }: Sessions): void {
  // there are none, or an earlier build kept all of them
  if (from.isAtEnd) return;
  past.withoutStart = from.whole();
  past.withoutEnd = from.whole();
  past.droppedPorts = from.whole();
  const id = ({ length }: { readonly length: number }): number => {
    const written = from.whole();
    if (written > length) throw new DamagedBytes('it names a text that it does not have');
    return written === 0 ? UNKNOWN : written - 1;
  };
  while (from.flag()) {
    past.addCell(id(clients), id(targets), from.whole(), from.whole(), from.double());
  }
  for (const what of minutesOf) {
    for (let left = from.whole(); left > 0; left--) past.addMinute(what, from.whole(), from.whole());
  }
  while (from.flag()) {
    const [client, target, use] = [id(clients), id(targets), from.whole()];
    const name = Math.floor(use / actions.length);
    if (name >= ports.names.length) throw new DamagedBytes('it names a port that it does not have');
    const counted = { sessions: from.whole(), first: from.double(), last: from.double() };
    past.addPort(client, target, name, actions[use % actions.length]!, counted);
  }
  for (let left = from.whole(); left > 0; left--) past.addCollisions(from.text(), from.whole());
}
