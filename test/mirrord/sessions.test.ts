import t from 'tap';
import { Sessions } from '../../lib/mirrord/sessions.ts';

t.test('the table is bounded: the oldest is given up and counted', (t) => {
  const sessions = new Sessions(2);
  for (const id of ['a', 'b', 'c']) sessions.start(id);
  t.equal(sessions.active, 2);
  t.equal(sessions.givenUp, 1);
  sessions.end('a');
  t.equal(sessions.active, 2, 'the oldest is gone already');
  sessions.end('c');
  t.equal(sessions.active, 1);
  t.end();
});
