import assert from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import { Copies } from '../../lib/usage/copies.ts';
import { holds } from '../helpers/holds.ts';

const none = new Uint32Array(1);

t.test('a copy that is told twice is one, scaled down if either says so, in any order', async (t) => {
  for (const told of [
    [true, false],
    [false, true],
  ]) {
    const copies = new Copies();
    const [merged, other] = [new Copies(), new Copies()];
    for (const scaleDown of told) copies.add(0, 0, 1000, scaleDown);
    merged.add(0, 0, 1000, told[0]!);
    other.add(0, 0, 1000, told[1]!);
    merged.merge(other, none, none);
    for (const some of [copies, merged]) {
      t.same([some.count, some.length, some.scaleDown[0]], [1, 1, 1], told.join());
    }
  }
});

t.test(
  'beyond the bound the newest are kept, of one time by their names, in any order and however they are divided',
  async () => {
    const copy = fc.tuple(fc.nat(4), fc.nat(4), fc.nat(6));
    holds(
      t,
      fc.property(
        fc.array(copy, { maxLength: 60 }),
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        (told, at, order) => {
          const shuffled = told
            .map((each) => [each, order.next().value as number] as const)
            .sort((a, b) => a[1] - b[1])
            .map(([each]) => each);
          const names = [4, 2, 0, 1, 3];
          // the other one has other ids for the same names
          const ids = Uint32Array.from(names, (name) => 4 - name);
          const [all, one, other] = [kept(names), kept(names), kept([4, 3, 2, 1, 0])];
          for (const [client, target, time] of told) all.add(client, target, time, false);
          const half = at % (told.length + 1);
          shuffled.forEach(([client, target, time], k) => {
            if (k < half) one.add(client, target, time, false);
            else other.add(ids[client]!, ids[target]!, time, false);
          });
          one.merge(
            other,
            Uint32Array.from(ids, (_, id) => ids.indexOf(id)),
            Uint32Array.from(ids, (_, id) => ids.indexOf(id)),
          );
          const expected = [...new Set(told.map(([c, g, time]) => `${9 - time} ${names[c]}/${names[g]}`))];
          assert.deepEqual(rows(all, names), expected.sort().slice(0, 8));
          assert.deepEqual(rows(one, names), rows(all, names));
        },
      ),
    );
  },
);

/** Few are kept. @param names by id */
function kept(names: readonly number[]): Copies {
  return new Copies((client, target) => `${names[client]}/${names[target]}`, 8);
}

function rows(copies: Copies, names: readonly number[]): string[] {
  copies.keepNewest();
  const { length, time, client, target } = copies;
  return Array.from({ length }, (_, k) => `${9 - time[k]!} ${names[client[k]!]}/${names[target[k]!]}`).sort();
}
