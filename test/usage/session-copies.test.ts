import fc from 'fast-check';
import t from 'tap';
import { Copies } from '../../lib/usage/copies.ts';
import { columnsOf, type SessionColumns } from '../../lib/usage/session-columns.ts';
import { copiesBySession } from '../../lib/usage/session-copies.ts';
import { Sessions } from '../../lib/usage/session-store.ts';
import { holds } from '../helpers/holds.ts';

const CLIENTS = 2;
const TARGETS = ['pod/a', 'pod/b', 'pod/mirrord-copy-1', 'pod/mirrord-copy-2'];
const NOW = 100;

interface Given {
  readonly sessions: readonly { client: number; target: number; start: number; length: number | undefined }[];
  readonly copies: readonly { client: number; target: number; time: number; scaleDown: boolean }[];
}

const whose = { client: fc.nat(CLIENTS - 1), target: fc.nat(TARGETS.length - 1) };
const given: fc.Arbitrary<Given> = fc.record({
  sessions: fc.array(
    fc.record({ ...whose, start: fc.nat(20), length: fc.option(fc.nat(12), { nil: undefined }) }),
    { maxLength: 30 },
  ),
  copies: fc.array(fc.record({ ...whose, time: fc.nat(25), scaleDown: fc.boolean() }), { maxLength: 20 }),
});

function storesOf({ sessions: begun, copies: made }: Given): { sessions: Sessions; copies: Copies } {
  const sessions = new Sessions();
  const clients = Array.from({ length: CLIENTS }, (_, k) =>
    sessions.clients.intern(['', `client${k}`, '', '', '']),
  );
  const targets = TARGETS.map((target) => sessions.targets.intern([target, '', '', '']));
  for (const [k, { client, target, start, length }] of begun.entries()) {
    const row = sessions.table.add(k + 1, k, `id${k}`);
    sessions.began(row, start, clients[client]!, targets[target]!);
    if (length !== undefined)
      sessions.ended(row, start + length, Number.NaN, clients[client]!, targets[target]!);
  }
  const copies = new Copies();
  for (const { client, target, time, scaleDown } of made) {
    copies.add(clients[client]!, targets[target]!, time, scaleDown);
  }
  return { sessions, copies };
}

function inOrder({ length, start, key }: SessionColumns): Uint32Array {
  return Uint32Array.from({ length }, (_, k) => k).sort((a, b) => start[a]! - start[b]! || key[a]! - key[b]!);
}

/** As it is said what a copy is given to: by looking at all sessions. */
function expected(copies: Copies, all: SessionColumns): Map<number, string[]> {
  const found = new Map<number, string[]>();
  const isCopy = (target: number): boolean => TARGETS[target]!.includes('mirrord-copy-');
  const nameOf = (target: number): string => (isCopy(target) ? 'copy' : TARGETS[target]!);
  const order = [...inOrder(all)];
  const rows = [...copies.time.subarray(0, copies.length).keys()].sort(
    (a, b) =>
      copies.time[a]! - copies.time[b]! ||
      TARGETS[copies.target[a]!]!.localeCompare(TARGETS[copies.target[b]!]!) ||
      copies.scaleDown[a]! - copies.scaleDown[b]!,
  );
  for (const row of rows) {
    const time = copies.time[row]!;
    const target = copies.target[row]!;
    const own = order.filter((place) => all.client[place] === copies.client[row]);
    const place =
      own.findLast((place) => {
        const end = Number.isNaN(all.end[place]!) ? NOW : all.end[place]!;
        const fits = isCopy(all.target[place]!) || nameOf(all.target[place]!) === nameOf(target);
        return all.start[place]! <= time && end >= time && fits;
      }) ?? own.find((place) => all.start[place]! > time && isCopy(all.target[place]!));
    if (place === undefined) continue;
    const text = `${TARGETS[target]}${copies.scaleDown[row] === 1 ? ' (scaled down)' : ''}`;
    found.set(all.key[place]!, [...(found.get(all.key[place]!) ?? []), text]);
  }
  return found;
}

t.test('a copy is given to the newest session that goes on, else to the next one on a copy', async (t) => {
  holds(
    t,
    fc.property(given, (given) => {
      const { sessions, copies } = storesOf(given);
      const all = columnsOf(sessions, NOW);
      const of = copiesBySession(copies, sessions, { all, order: inOrder(all), now: NOW });
      const wanted = expected(copies, all);
      return Array.from(all.key.subarray(0, all.length)).every(
        (key, place) => String(of(place)) === String(wanted.get(key) ?? []),
      );
    }),
  );
});

t.test('many copies beside a session that never ends take no look at all sessions each', async (t) => {
  const count = 50_000;
  const sessions = [
    { client: 0, target: 1, start: 0, length: undefined },
    ...Array.from({ length: count }, (_, k) => ({ client: 0, target: 1, start: k, length: 0 })),
  ];
  const copies = Array.from({ length: count }, (_, k) => ({
    client: 0,
    target: 0,
    time: k + 0.5,
    scaleDown: false,
  }));
  const stores = storesOf({ sessions, copies });
  const all = columnsOf(stores.sessions, count);
  const before = process.cpuUsage();
  const of = copiesBySession(stores.copies, stores.sessions, { all, order: inOrder(all), now: count });
  t.ok(process.cpuUsage(before).user < 5e6, 'in time');
  t.same(of(0), [], 'the session is on another target');
});
