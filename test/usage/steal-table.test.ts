import fc from 'fast-check';
import t from 'tap';
import { StealTable } from '../../lib/usage/steal-table.ts';
import { holds } from '../helpers/holds.ts';

/** Names by their filters: of one port. */
const filters = ['', 'x', 'y'];

interface Taken {
  readonly name: number;
  /** Spans one behind the other: how long after the last one each begins, and how long it is; Infinity = it goes on. */
  readonly spans: readonly (readonly [pause: number, length: number])[];
}

const sessions = fc.array(
  fc.record({
    name: fc.nat(2),
    spans: fc.array(fc.tuple(fc.nat(4), fc.constantFrom(0, 1, 2, 5, Number.POSITIVE_INFINITY)), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  { maxLength: 8 },
);

const timesOf = ({ spans }: Taken): [start: number, end: number][] => {
  let time = 0;
  const times: [number, number][] = [];
  for (const [pause, length] of spans) {
    if (time === Number.POSITIVE_INFINITY) break;
    times.push([time + pause, time + pause + length]);
    time += pause + length;
  }
  return times;
};

const told = (all: readonly Taken[]) => {
  const table = new StealTable((name) => filters[name]!);
  const port = table.port('ns', 'pod/a', '80');
  for (const one of all) {
    const steal = table.steal(port, one.name);
    for (const [start, end] of timesOf(one)) table.span(steal, start, end);
  }
  return table.ports()[0]!;
};

/** Every span beside every other, straight by what a collision is. */
function collisionsBySight(all: readonly Taken[]): number {
  const collides = (one: Taken, other: Taken) =>
    (one.name === 0 || other.name === 0 || one.name === other.name) &&
    timesOf(one).some(([start, end]) =>
      timesOf(other).some(
        ([since, until]) =>
          since < until && ((since < start && start < until) || (since === start && start < end)),
      ),
    );
  return all.filter((one) => all.some((other) => other !== one && collides(one, other))).length;
}

t.test('collisions are those that comparing all with all finds, whatever the order', async (t) => {
  holds(
    t,
    fc.property(sessions, (all) => {
      const { collisions, steals, filtered, held } = told(all);
      return (
        collisions === collisionsBySight(all) &&
        told(all.toReversed()).collisions === collisions &&
        steals === all.length &&
        filtered === all.filter(({ name }) => name !== 0).length &&
        held === all.flatMap(timesOf).filter(([, end]) => end === Number.POSITIVE_INFINITY).length
      );
    }),
  );
});

t.test('filters stand by how many had them, then in the order of their texts', async (t) => {
  const of = (name: number): Taken => ({ name, spans: [[0, 1]] });
  t.same(told([of(1), of(2), of(2), of(0)]).filters, ['y', 'x']);
  t.same(told([of(2), of(1), of(0), of(0)]).filters, ['x', 'y']);
  const table = new StealTable((name) => filters[name]!);
  table.mirror(table.port('ns', 'pod/a', '81'));
  t.match(table.ports(), [{ port: '81', mirrors: 1, steals: 0, filters: [], collisions: 0, held: 0 }]);
});
