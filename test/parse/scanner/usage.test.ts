import t from 'tap';
import { Usage } from '../../../lib/parse/scanner/usage.ts';

/** Batches of 100 rows of which some are asked for; gives how often the column was read in one go. */
function run(usage: Usage, batches: number, asked: number): number {
  let inOneGo = 0;
  for (let k = 0; k < batches; k++) {
    if (usage.begin(100)) inOneGo++;
    else usage.count += asked;
  }
  return inOneGo;
}

t.test('a column that is asked for throughout is read in one go', async (t) => {
  t.equal(run(new Usage(), 1000, 100), 1000 - 21);
});

t.test('a column that is asked for now and then is not', async (t) => {
  t.equal(run(new Usage(), 1000, 49), 0);
});

t.test('it is looked at again', async (t) => {
  const usage = new Usage();
  t.ok(run(usage, 100, 100) > 0);
  run(usage, 3000, 0);
  t.equal(run(usage, 1000, 0), 0);
});

t.test('a single small batch decides nothing', async (t) => {
  const usage = new Usage();
  usage.begin(3);
  usage.count = 3;
  t.equal(usage.begin(100), false);
});
