import t from 'tap';
import { Sessions } from '../../../lib/systems/mirrord/sessions.ts';

/** Of the ids here, which differ in their first letter. */
const hash = (id: string): number => id.charCodeAt(0);

function counted(bounds: { limit?: number; maxAge: number }) {
  let givenUp = 0;
  const sessions = new Sessions({
    ...bounds,
    onGivenUp: () => {
      givenUp++;
    },
  });
  return {
    start: (id: string, time: number) => sessions.count(hash(id), 1, 1, time),
    end: (id: string) => sessions.count(hash(id), 1, -1, Number.NEGATIVE_INFINITY),
    advance: (now: number) => sessions.advance(now),
    active: () => sessions.active,
    givenUp: () => givenUp,
  };
}

t.test('the table is bounded in number: the id that came first is given up and counted', (t) => {
  const { start, end, active, givenUp } = counted({ limit: 2, maxAge: 0 });
  for (const id of ['a', 'b', 'c']) start(id, 0);
  t.equal(active(), 2);
  t.equal(givenUp(), 1);
  end('c');
  t.equal(active(), 1);
  t.end();
});

t.test('what is too old at the event clock is not active, and told once', (t) => {
  const { start, end, advance, active, givenUp } = counted({ maxAge: 1000 });
  t.equal(active(), undefined, 'nothing is known yet');
  start('a', 0);
  start('b', 500);
  advance(1000);
  t.equal(active(), 2, 'exactly as old as it may be');
  advance(1001);
  t.equal(active(), 1);
  t.equal(active(), 1);
  t.equal(givenUp(), 1);
  end('b');
  t.equal(active(), 0);
  t.end();
});

t.test('an id that starts again is young again', (t) => {
  const { start, advance, active, givenUp } = counted({ maxAge: 1000 });
  start('a', 0);
  advance(1100);
  t.equal(active(), 0);
  start('a', 900);
  t.equal(active(), 1);
  t.equal(givenUp(), 1);
  t.end();
});

t.test('an end may come before its start', (t) => {
  const { start, end, active } = counted({ maxAge: 0 });
  end('a');
  t.equal(active(), 0);
  start('a', 5);
  start('b', 6);
  t.equal(active(), 1);
  t.end();
});
