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
    start: (id: string, time: number, now: number) => sessions.start(hash(id), 1, time, now),
    end: (id: string, now: number) => sessions.end(hash(id), 1, now),
    advance: (now: number) => sessions.advance(now),
    active: () => sessions.active,
    givenUp: () => givenUp,
  };
}

t.test('the table is bounded in number: the oldest is given up and counted', (t) => {
  const { start, end, active, givenUp } = counted({ limit: 2, maxAge: 0 });
  for (const id of ['a', 'b', 'c']) start(id, 0, 0);
  t.equal(active(), 2);
  t.equal(givenUp(), 1);
  end('a', 0);
  t.equal(active(), 2, 'the oldest is gone already');
  end('c', 0);
  t.equal(active(), 1);
  t.end();
});

t.test('and in age, by the event clock', (t) => {
  const { start, end, advance, active, givenUp } = counted({ maxAge: 1000 });
  t.equal(active(), undefined, 'nothing is known yet');
  start('a', 0, 0);
  start('b', 500, 500);
  advance(1000);
  t.equal(active(), 2, 'exactly as old as it may be');
  start('far ahead', 9_000_000, 1001);
  t.equal(active(), 2, 'a is given up; a record with a clock of its own makes nothing old');
  t.equal(givenUp(), 1);
  end('b', 1400);
  t.equal(active(), 1);
  advance(2002);
  t.equal(active(), 0, 'nor does it stay young for ever');
  t.equal(givenUp(), 2);
  t.end();
});

t.test('an id that starts again is young again', (t) => {
  const { start, advance, active, givenUp } = counted({ maxAge: 1000 });
  start('a', 0, 0);
  start('b', 100, 100);
  start('a', 900, 900);
  advance(1200);
  t.equal(active(), 1);
  t.equal(givenUp(), 1);
  t.end();
});
