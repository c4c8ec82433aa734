import t from 'tap';
import { check } from './fuzz.ts';

/** As many seeds in any case, and further ones as long as MIRRORMON_FUZZ_SECONDS says. */
const SEEDS = 150;
const until = performance.now() + 1000 * Number(process.env.MIRRORMON_FUZZ_SECONDS ?? 0);
t.setTimeout(110_000 + 1000 * Number(process.env.MIRRORMON_FUZZ_SECONDS ?? 0));

t.test(
  'any mixture of framings and damage: whole records come out, damaged ones are dead letters',
  async (t) => {
    let seed = 1;
    for (; seed <= SEEDS || performance.now() < until; seed++) {
      try {
        await check(seed);
      } catch (error) {
        t.fail(`seed ${seed}: ${error instanceof Error ? error.message : error}`);
      }
    }
    t.ok(seed > SEEDS, `${seed - 1} seeds`);
  },
);
