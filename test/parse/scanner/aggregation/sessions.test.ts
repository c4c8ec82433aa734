import fc from 'fast-check';
import t from 'tap';
import { assemble } from './assembled.ts';

const { exports, bytes } = await assemble(`
import { openSessions } from './aggregation/sessions';
export * from './aggregation/sessions';
openSessions(1 << 14, 0x9e3779b97f4a7c15);
`);

const ENTRY_BYTES = 24;

/** Of every id that was gathered, in its order: starts less ends, and when the latest start was. */
function left(count = exports.gatherSessions!()): Map<bigint, readonly [net: number, since: number]> {
  const found = new Map<bigint, readonly [number, number]>();
  for (let k = 0; k < count; k++) {
    const at = exports.gatheredSessions!() + ENTRY_BYTES * k;
    const hash = bytes.readBigUInt64LE(at);
    found.set(hash, [bytes.readInt32LE(at + 20), bytes.readDoubleLE(at + 8)]);
  }
  return found;
}

/** What an engine that counted these would gather. */
function gathered(list: readonly { id: bigint; by: number; time: number }[]): Buffer {
  exports.clearSessions!();
  for (const { id, by, time } of list) exports.countSession!(id, by, time);
  const count = exports.gatherSessions!();
  const at = exports.gatheredSessions!();
  return Buffer.from(bytes.subarray(at, at + ENTRY_BYTES * count));
}

function join(entries: Buffer): boolean {
  const count = entries.length / ENTRY_BYTES;
  const at = exports.openRoom!(count);
  if (at === 0) return false;
  bytes.set(entries, at);
  exports.joinSessions!(count);
  return true;
}

const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

const events = fc.array(
  fc.record({
    id: fc.bigInt({ min: 1n, max: 3000n }),
    by: fc.constantFrom(1, -1),
    time: fc.integer({ min: 0, max: 1e6 }),
  }),
  { maxLength: 3000, size: 'max' },
);

t.test('what is left of every id is its starts less its ends, in any order', async (t) => {
  const found = fc.check(
    fc.property(events, (list) => {
      exports.clearSessions!();
      const nets = new Map<bigint, number>();
      for (const { id, by, time } of list) {
        exports.countSession!(id, by, time);
        nets.set(id, (nets.get(id) ?? 0) + by);
      }
      const open = [...nets].filter(([, net]) => net !== 0).sort();
      const ours = [...left()]
        .filter(([, [net]]) => net !== 0)
        .map(([id, [net]]) => [id, net])
        .sort();
      return (
        JSON.stringify(open, text) === JSON.stringify(ours, text) &&
        exports.sessionsSeen!() === (list.length > 0 ? 1 : 0)
      );
    }),
    { numRuns: 50 },
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
});

t.test('an id that began more than once began at the latest of its starts', async (t) => {
  exports.clearSessions!();
  exports.countSession!(7n, 1, 50);
  exports.countSession!(7n, -1, 999);
  t.equal(left().size, 0);
  exports.countSession!(7n, 1, 20);
  exports.countSession!(7n, 1, 30);
  exports.countSession!(7n, 1, 10);
  exports.countSession!(7n, -1, 999);
  t.same([...left()], [[7n, [2, 30]]]);
});

t.test('an id that may be open elsewhere keeps its latest start, however many ends it had', async (t) => {
  exports.clearSessions!();
  exports.countSession!(7n, -1, 999);
  exports.countSession!(7n, 1, 50);
  const other = 8n + (1n << 18n);
  for (const id of [8n, other]) {
    exports.countSession!(id, 1, 60);
    exports.countSession!(id, -1, 999);
  }
  t.same([...left()], [[7n, [0, 50]]], 'an end came first');

  bytes[exports.sessionMarks!() + 1] = 1;
  for (const id of [8n, 9n, other]) {
    exports.countSession!(id, 1, 70);
    exports.countSession!(id, -1, 999);
  }
  t.same(
    new Map(left()),
    new Map([
      [7n, [0, 50]],
      [8n, [0, 70]],
      [other, [0, 70]],
    ]),
    'the host has marked what it took',
  );
  bytes[exports.sessionMarks!() + 1] = 0;
});

t.test('says when there is room for no more ids', async (t) => {
  exports.clearSessions!();
  let count = 0;
  while (exports.sessionsHaveRoom!() === 1) exports.countSession!(BigInt(++count), 1, 0);
  t.equal(count, 0.75 * (1 << 14));
  t.equal(left().size, count);
});

t.test('of all engines ids are gathered in the order in which they came', async (t) => {
  exports.clearSessions!();
  const ids = Array.from({ length: 5000 }, (_, k) => BigInt((k * 7919) % 5003) + 1n);
  for (const id of ids) exports.countSession!(id, 1, 0);
  const closed = new Set(ids.filter((_, k) => k % 3 === 0));
  for (const id of closed) exports.countSession!(id, -1, 0);
  t.same(
    [...left(exports.gatherJoined!()).keys()],
    ids.filter((id) => !closed.has(id)),
  );
  t.equal(exports.knownSessions!(), ids.length - closed.size);
});

t.test('what several engines gathered adds up to what one counts of all', async (t) => {
  const found = fc.check(
    fc.property(events, fc.integer({ min: 2, max: 4 }), (list, parts) => {
      const nets = new Map<bigint, number>();
      const since = new Map<bigint, number>();
      for (const { id, by, time } of list) {
        nets.set(id, (nets.get(id) ?? 0) + by);
        if (by > 0) since.set(id, Math.max(time, since.get(id) ?? Number.NEGATIVE_INFINITY));
      }
      const lists = Array.from({ length: parts }, (_, part) =>
        gathered(list.filter((_, k) => k % parts === part)),
      );
      exports.clearSessions!();
      const hadRoom = lists.map(join).every(Boolean);
      const ours = left(exports.gatherJoined!());
      const open = [...nets].filter(([, net]) => net !== 0);
      return (
        hadRoom &&
        ours.size === open.length &&
        open.every(([id, net]) => {
          const [ourNet, ourSince] = ours.get(id) ?? [0, 0];
          // of an id that ended in between in one engine, that engine knows no start
          return ourNet === net && ourSince <= (since.get(id) ?? Number.NEGATIVE_INFINITY);
        })
      );
    }),
    { numRuns: 50 },
  );
  t.equal(found.errorInstance ?? found.counterexample, null);
});

t.test('an id that was taken before is gathered though it ended as often as it began', async (t) => {
  const entries = gathered([{ id: 9n, by: -1, time: 0 }]);
  exports.clearSessions!();
  exports.countSession!(9n, 1, 40);
  join(entries);
  t.equal(left(exports.gatherJoined!()).size, 0);
  bytes[exports.sessionMarks!() + 1] = 2;
  t.same([...left(exports.gatherJoined!())], [[9n, [0, 40]]]);
  bytes[exports.sessionMarks!() + 1] = 0;
});

t.test('entries that find no room are left to whoever gives them', async (t) => {
  const most = 1 << 13;
  const half = (from: number): Buffer =>
    gathered(Array.from({ length: most }, (_, k) => ({ id: BigInt(from + k), by: 1, time: 0 })));
  const other = half(most + 1);
  half(1);
  t.equal(join(other), false);
  t.equal(left().size, most);
});
