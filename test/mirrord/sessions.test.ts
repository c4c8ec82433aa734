import t from 'tap';
import { Sessions } from '../../lib/mirrord/sessions.ts';

function counted(bounds: { limit?: number; maxAge: number }) {
  let givenUp = 0;
  const sessions = new Sessions({
    ...bounds,
    onGivenUp: () => {
      givenUp++;
    },
  });
  return { sessions, givenUp: () => givenUp };
}

t.test('the table is bounded in number: the oldest is given up and counted', (t) => {
  const { sessions, givenUp } = counted({ limit: 2, maxAge: 0 });
  for (const id of ['a', 'b', 'c']) sessions.start(id, 0, 0);
  t.equal(sessions.active, 2);
  t.equal(givenUp(), 1);
  sessions.end('a', 0);
  t.equal(sessions.active, 2, 'the oldest is gone already');
  sessions.end('c', 0);
  t.equal(sessions.active, 1);
  t.end();
});

t.test('and in age, by the event clock', (t) => {
  const { sessions, givenUp } = counted({ maxAge: 1000 });
  t.equal(sessions.active, undefined, 'nothing is known yet');
  sessions.start('a', 0, 0);
  sessions.start('b', 500, 500);
  sessions.advance(1000);
  t.equal(sessions.active, 2, 'exactly as old as it may be');
  sessions.start('far ahead', 9_000_000, 1001);
  t.equal(sessions.active, 2, 'a is given up; a record with a clock of its own makes nothing old');
  t.equal(givenUp(), 1);
  sessions.end('b', 1400);
  t.equal(sessions.active, 1);
  sessions.advance(2002);
  t.equal(sessions.active, 0, 'nor does it stay young for ever');
  t.equal(givenUp(), 2);
  t.end();
});

t.test('an id that starts again is young again', (t) => {
  const { sessions, givenUp } = counted({ maxAge: 1000 });
  sessions.start('a', 0, 0);
  sessions.start('b', 100, 100);
  sessions.start('a', 900, 900);
  sessions.advance(1200);
  t.equal(sessions.active, 1);
  t.equal(givenUp(), 1);
  t.end();
});
