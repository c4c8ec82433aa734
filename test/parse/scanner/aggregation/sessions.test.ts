import fc from 'fast-check';
import t from 'tap';
import { assemble } from './assembled.ts';

const { exports, bytes } = await assemble(`
import { openSessions } from './aggregation/sessions';
export * from './aggregation/sessions';
openSessions(1 << 14, 0x9e3779b97f4a7c15);
`);

/** Of every id that is left: starts less ends, and when the latest start was. */
function left(): Map<bigint, readonly [net: number, since: number]> {
  const found = new Map<bigint, readonly [number, number]>();
  for (let k = 0; k < exports.sessionSlots!(); k++) {
    const at = exports.sessionTable!() + 32 * k;
    const hash = bytes.readBigUInt64LE(at);
    if (hash !== 0n) found.set(hash, [bytes.readInt32LE(at + 24), bytes.readDoubleLE(at + 8)]);
  }
  return found;
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
  t.equal(count, 1 << 13);
  t.equal(left().size, count);
});
