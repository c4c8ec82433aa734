import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { fixture } from '../../helpers/root.ts';
import { Comparison } from './compare.ts';
import { fromFixture, fuzz } from './differential.ts';

/** Enough to meet every generator; `tsx test/parse/scanner/differential.ts --minutes N` runs for longer. */
const SEEDS = 40;

t.test('random inputs give the same batches', async (t) => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const failure = fuzz(seed);
    t.equal(failure, undefined, `seed ${seed}: ${failure?.error.message ?? 'same'}`);
  }
});

t.test('what once was read wrongly', async (t) => {
  for (const name of readdirSync(fixture('scanner'))) {
    const { setting, cases } = fromFixture(readFileSync(fixture('scanner', name), 'utf8'));
    const comparison = new Comparison(setting);
    t.doesNotThrow(() => {
      for (const each of cases) comparison.run(each);
    }, name);
  }
});
