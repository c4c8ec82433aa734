import t from 'tap';
import { Copies } from '../../lib/usage/copies.ts';

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
