import { orderBy } from '../math/digit-sort.ts';
import { grown, nextRoom } from '../math/growth.ts';
import { sortNearlySorted } from '../math/nearly-sorted.ts';
import { printable } from '../text/printable.ts';
import { remembered } from '../text/remembered.ts';
import { Labels } from '../usage/labels.ts';
import { PairTable } from '../usage/pair-table.ts';
import { actions, type PortAction } from '../usage/port-uses.ts';
import type { Sessions } from '../usage/session-store.ts';
import { UNKNOWN } from '../usage/session-table.ts';
import type { SessionView } from '../usage/session-view.ts';
import { portKey, portSteals } from '../usage/steals.ts';
import type { Names } from './names.ts';
import type { PortUse } from './snapshot.ts';

/** Rows that the page is given, most used first. */
const MOST_ROWS = 10_000;
const FIRST_ROOM = 1024;
/** Rows of more sessions are not told apart before they are sorted. */
const TOLD_APART = 4096;

/**
 * Who used which port of which target, and by which filter, over all of their sessions.
 * @param now the newest record's time, milliseconds
 * @param order of the rows of sessions
 */
export function portUsesOf(sessions: Sessions, now: number, names: Names, order: Uint32Array): PortUse[] {
  const labels = new Labels(sessions);
  const collisions = new Map(portSteals(sessions, now).map((port) => [portKey(port), port.collisions]));
  for (const [port, count] of sessions.past.collisions) {
    collisions.set(port, (collisions.get(port) ?? 0) + count);
  }
  const pairs = new PairTable();
  const targets: number[] = [];
  const rows = new PortRows();
  let pair = 0;
  const begin = (client: number, target: number): void => {
    pair = pairs.number(names.user(client), names.target(target));
    targets[pair] ??= target;
  };
  const count = (name: number, action: PortAction, first: number, last: number, sessions = 1): void => {
    if (action !== 'release')
      rows.count(pair, name * actions.length + actions.indexOf(action), sessions, first, last);
  };
  sessions.past.eachPort((client, target, name, action, { sessions, first, last }) => {
    begin(client, target);
    count(name, action, first, last, sessions);
  });
  const take = ({ client, target, ports }: SessionView): void => {
    if (ports === UNKNOWN) return;
    begin(client, target);
    sessions.ports.each(ports, count);
  };
  sessions.eachWithPorts(now, take, order);
  // many rows are of few ports
  const textsOf = remembered(
    MOST_ROWS,
    (name: number) => name,
    (name) => {
      const [port = '', filter = ''] = sessions.ports.names.texts(name);
      return { port, shown: printable(port), filter: printable(filter) };
    },
  );
  return rows.mostUsed(MOST_ROWS, ({ pair, name, action, ...counted }) => {
    const { port, shown, filter } = textsOf(name);
    const [user, target] = [pairs.first[pair]!, pairs.second[pair]!];
    const [namespace, on] = [labels.namespace(targets[pair]!), labels.target(targets[pair]!)];
    return {
      ...{ port: shown, target, user, action: actions[action]!, filter },
      ...{ ...counted, collisions: collisions.get(portKey({ namespace, target: on, port })) ?? 0 },
    };
  });
}

interface Row {
  readonly pair: number;
  readonly name: number;
  readonly action: number;
  readonly sessions: number;
  readonly first: number;
  readonly last: number;
}

/** Counts by numbers, in columns: there may be as many rows as sessions, of which few are shown. */
class PortRows {
  /** By pair, and by name and action. */
  private readonly keys = new PairTable();
  private room = FIRST_ROOM;
  private sessions: Uint32Array = new Uint32Array(FIRST_ROOM);
  private first: Float64Array = new Float64Array(FIRST_ROOM);
  private last: Float64Array = new Float64Array(FIRST_ROOM);

  /** @param use name and action */
  count(pair: number, use: number, sessions: number, first: number, last: number): void {
    const { length } = this.keys;
    const row = this.keys.number(pair, use);
    if (row === length) {
      if (row === this.room) this.grow();
      this.first[row] = first;
      this.last[row] = last;
    } else {
      if (first < this.first[row]!) this.first[row] = first;
      if (last > this.last[row]!) this.last[row] = last;
    }
    this.sessions[row]! += sessions;
  }

  /** Those with the most sessions, the earliest of equals first. */
  mostUsed<T>(most: number, make: (row: Row) => T): T[] {
    const { keys, sessions, first, last } = this;
    return Array.from(this.byUse(most).subarray(0, most), (row) => {
      const use = keys.second[row]!;
      return make({
        pair: keys.first[row]!,
        name: Math.floor(use / actions.length),
        action: use % actions.length,
        ...{ sessions: sessions[row]!, first: first[row]!, last: last[row]! },
      });
    });
  }

  /** At least the `most` first of them in their order, if there are so many. */
  private byUse(most: number): Uint32Array {
    const { keys, sessions } = this;
    const order = this.rowsOf(this.leastOf(most));
    // they stand as sessions do, which is nearly the order of their times
    sortNearlySorted(
      order,
      this.first,
      (a, b) => keys.first[a]! - keys.first[b]! || keys.second[a]! - keys.second[b]!,
    );
    const greatest = order.reduce((so, row) => Math.max(so, sessions[row]!), 0);
    orderBy(
      order,
      sessions.map((count) => greatest - count),
    );
    return order;
  }

  /** A number of sessions that at least so many rows have, as great as can be told; 0 where there are not so many. */
  private leastOf(rows: number): number {
    const { keys, sessions } = this;
    const having = new Uint32Array(TOLD_APART + 1);
    for (let row = 0; row < keys.length; row++) having[Math.min(sessions[row]!, TOLD_APART)]!++;
    let count = TOLD_APART;
    for (let left = rows - having[count]!; left > 0 && count > 0; ) left -= having[--count]!;
    return count;
  }

  /** Rows that have so many sessions. */
  private rowsOf(least: number): Uint32Array {
    const { keys, sessions } = this;
    const rows = new Uint32Array(keys.length);
    let found = 0;
    for (let row = 0; row < rows.length; row++) if (sessions[row]! >= least) rows[found++] = row;
    return rows.subarray(0, found);
  }

  private grow(): void {
    this.room = nextRoom(this.room);
    this.sessions = grown(this.sessions, this.room);
    this.first = grown(this.first, this.room);
    this.last = grown(this.last, this.room);
  }
}
