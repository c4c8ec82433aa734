import t from 'tap';
import { comparison, hasFallen, load } from '../../bench/stored.ts';

/** A gate that lets everything pass would be worth nothing. */
t.test('a ratio below 0.85 of the stored one has fallen, and so has one that nobody stored', async (t) => {
  t.equal(hasFallen(7, 7), false);
  t.equal(hasFallen(7, 5.96), false);
  t.equal(hasFallen(7, 5.94), true);
  t.equal(hasFallen(7, 70), false);
  t.equal(hasFallen(undefined, 7), true);
  t.equal(hasFallen(7, Number.NaN), true);
});

t.test('stored, now and ratio stand in one line, with a word where it has fallen', async (t) => {
  const lines = comparison({ machine: 'm', ratios: { W1: 8, W2: 4 } }, { W1: 4, W2: 4, W9: 1 });
  t.match(lines[0], /stored +now +ratio/);
  t.match(lines[1], /^W1 +8\.00 +4\.00 +0\.50 +FALLEN below 0\.85$/);
  t.match(lines[2], /^W2 +4\.00 +4\.00 +1\.00$/);
  t.match(lines[3], /^W9 +NaN +1\.00 +NaN +FALLEN: never stored/);
});

t.test('what is stored says where it was measured', async (t) => {
  const { machine, ratios } = load();
  t.match(machine, /cores.*Node v/);
  const names = ['W1', 'W2', 'W5', 'W6', 'start-up, --version', 'start-up, ten lines'];
  t.same(Object.keys(ratios).sort(), names.sort());
  t.ok(Object.values(ratios).every((ratio) => ratio > 0));
});
