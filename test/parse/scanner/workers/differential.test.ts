import t from 'tap';
import { fuzzWorkers } from './differential.ts';

const SEEDS = 25;

t.test('workers read what the reference reads', async (t) => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const failure = await fuzzWorkers(seed);
    t.equal(failure?.error.stack, undefined, `seed ${seed}: ${failure?.what.slice(0, 2000)}`);
  }
});
