import { printable } from '../text/printable.ts';
import { Labels } from '../usage/labels.ts';
import { actions, type PortAction } from '../usage/port-uses.ts';
import type { Sessions } from '../usage/session-store.ts';
import { portSteals } from '../usage/steals.ts';
import { MOST_TARGETS, type Names, Numbered } from './names.ts';
import type { PortUse } from './snapshot.ts';

/** Rows that the page is given, most used first. */
const MOST_ROWS = 10_000;
/** Ports with their filters; a pair of a user and a target and one of them make one number. */
const MOST_NAMES = 2 ** 24;

/**
 * Who used which port of which target, and by which filter, over all of their sessions.
 * @param now the newest record's time, milliseconds
 */
export function portUsesOf(sessions: Sessions, now: number, names: Names): PortUse[] {
  const labels = new Labels(sessions);
  const collisions = new Map(
    portSteals(sessions, now).map((port) => [keyOf(port.namespace, port.target, port.port), port.collisions]),
  );
  const pairs = new Numbered<Pair, number>();
  const rows = new PortRows();
  let pair = 0;
  const count = (name: number, action: PortAction, first: number, last: number): void => {
    if (action !== 'release') rows.count(pair, name, actions.indexOf(action), first, last);
  };
  sessions.each(now, ({ client, target: id, ports }) => {
    const user = names.user(client);
    const target = names.target(id);
    pair = pairs.number(user * MOST_TARGETS + target, () => ({
      ...{ user, target, namespace: labels.namespace(id), name: labels.target(id) },
    }));
    sessions.ports.each(ports, count);
  });
  return rows.mostUsed(MOST_ROWS, ({ pair, name, action, ...counted }) => {
    const [port = '', filter = ''] = sessions.ports.names.entries[name]!;
    const { user, target, namespace, name: on } = pairs.all[pair]!;
    return {
      ...{ port: printable(port), target, user, action: actions[action]!, filter: printable(filter) },
      ...{ ...counted, collisions: collisions.get(keyOf(namespace, on, port)) ?? 0 },
    };
  });
}

interface Pair {
  readonly user: number;
  readonly target: number;
  readonly namespace: string;
  readonly name: string;
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
  private readonly indices = new Map<number, number>();
  private readonly keys: number[] = [];
  private readonly sessions: number[] = [];
  private readonly first: number[] = [];
  private readonly last: number[] = [];

  count(pair: number, name: number, action: number, first: number, last: number): void {
    const key = (pair * MOST_NAMES + name) * actions.length + action;
    const index = this.indices.get(key);
    if (index === undefined) {
      this.indices.set(key, this.keys.length);
      this.keys.push(key);
      this.sessions.push(1);
      this.first.push(first);
      this.last.push(last);
      return;
    }
    this.sessions[index]!++;
    this.first[index] = Math.min(this.first[index]!, first);
    this.last[index] = Math.max(this.last[index]!, last);
  }

  /** Those with the most sessions, the earliest of equals first. */
  mostUsed<T>(most: number, make: (row: Row) => T): T[] {
    const { keys, sessions, first, last } = this;
    const order = Uint32Array.from(keys.keys()).sort(
      (a, b) => sessions[b]! - sessions[a]! || first[a]! - first[b]! || keys[a]! - keys[b]!,
    );
    return Array.from(order.subarray(0, most), (index) => {
      const use = Math.floor(keys[index]! / actions.length);
      return make({
        ...{
          pair: Math.floor(use / MOST_NAMES),
          name: use % MOST_NAMES,
          action: keys[index]! % actions.length,
        },
        ...{ sessions: sessions[index]!, first: first[index]!, last: last[index]! },
      });
    });
  }
}

const keyOf = (namespace: string, target: string, port: string): string =>
  [namespace, target, port].join('\0');
