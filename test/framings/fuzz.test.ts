import t from 'tap';
import { check } from './fuzz.ts';

t.test(
  'any mixture of framings and damage: whole records come out, damaged ones are dead letters',
  async (t) => {
    for (let seed = 1; seed <= 150; seed++) {
      await t.resolves(check(seed), `seed ${seed}`);
    }
  },
);
