import t from 'tap';
import { Instants } from '../../lib/usage/instants.ts';

t.test('times come out ascending, more than there was room for', async (t) => {
  const instants = new Instants(2);
  const times = Array.from({ length: 1000 }, (_, k) => (k * 7919) % 1013);
  for (const time of times) instants.add(time);
  t.same(
    [...instants.ascending()],
    times.sort((a, b) => a - b),
  );
  t.equal(new Instants(5).ascending().length, 0);
});
