import fc from 'fast-check';
import t from 'tap';
import { OpenSessions } from '../../../lib/systems/mirrord/open-sessions.ts';

interface Step {
  readonly id: readonly [low: number, high: number];
  readonly net: number;
  readonly since: number;
}

/** The same by a Map, which keeps its keys in the order in which they came. */
function model(
  steps: readonly Step[],
  limit: number,
): { left: Map<string, readonly [number, number]>; givenUp: number } {
  const left = new Map<string, readonly [number, number]>();
  let givenUp = 0;
  for (const { id, net, since } of steps) {
    const key = id.join();
    const [before, last] = left.get(key) ?? [0, Number.NEGATIVE_INFINITY];
    if (before + net === 0) left.delete(key);
    else left.set(key, [before + net, Math.max(last, net > 0 ? since : last)]);
    if (left.size > limit) {
      left.delete(left.keys().next().value!);
      givenUp++;
    }
  }
  return { left, givenUp };
}

// few low halves, so that most sessions stand in one another's way
const id = fc.tuple(fc.constantFrom(0, 1, 2, 127, 128, 4_294_967_295), fc.integer({ min: 1, max: 40 }));
const step = fc.record({ id, net: fc.constantFrom(1, -1, 1, -1, 2, -3), since: fc.nat(1000) });

t.test('it holds what a map would hold, however ids collide', async (t) => {
  const found = fc.check(
    fc.property(
      fc.array(step, { maxLength: 400 }),
      fc.integer({ min: 1, max: 200 }),
      fc.nat(1000),
      (steps, limit, maxAge) => {
        let givenUp = 0;
        const onGivenUp = () => {
          givenUp++;
        };
        const table = new OpenSessions({ limit, maxAge, onGivenUp });
        for (const { id, net, since } of steps)
          table.add(...id, net, net > 0 ? since : Number.NEGATIVE_INFINITY);
        const expected = model(steps, limit);
        if (table.size !== expected.left.size || givenUp !== expected.givenUp) return false;
        const starts = [...expected.left.values()].filter(([net]) => net > 0);
        const young = starts.filter(([, since]) => maxAge === 0 || since + maxAge >= 1000);
        if (table.activeAt(1000) !== young.length) return false;
        return givenUp === expected.givenUp + starts.length - young.length;
      },
    ),
    { numRuns: 300 },
  );
  t.equal(found.counterexample, null);
});

t.test('a hundred thousand sessions', async (t) => {
  const table = new OpenSessions({ limit: 100_000, maxAge: 0, onGivenUp: () => {} });
  for (let k = 0; k < 150_000; k++) table.add(Math.imul(k, 0x9e3779b1) >>> 0, k, 1, k);
  t.equal(table.size, 100_000);
  for (let k = 50_000; k < 150_000; k++)
    table.add(Math.imul(k, 0x9e3779b1) >>> 0, k, -1, Number.NEGATIVE_INFINITY);
  t.equal(table.size, 0);
});

t.test('that the limit is reached is told once, and never before', async (t) => {
  let told = 0;
  let givenUp = 0;
  const open = new OpenSessions({
    limit: 3,
    maxAge: 0,
    onGivenUp: () => {
      givenUp++;
    },
    onFull: () => {
      told++;
    },
  });
  for (let id = 1; id <= 3; id++) open.add(id, 0, 1, id);
  t.same([told, givenUp], [0, 0]);
  for (let id = 4; id <= 9; id++) open.add(id, 0, 1, id);
  t.same([told, givenUp, open.activeAt(0)], [1, 6, 3]);
});
