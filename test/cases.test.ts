import t from 'tap';
import { findCases } from '../lib/commands/cases/case-folder.ts';
import { judge } from '../lib/commands/cases/judge.ts';
import { program } from './helpers/program.ts';
import { fixture } from './helpers/root.ts';

/**
 * End-to-end cases: every folder of fixtures/cases holds `command` (the arguments, one a line), maybe `stdin`, the files
 * that the arguments name, and in expected/ what must come out: `stdout`, `stderr` (without the closing line), `status`
 * if it is not 0, and every file that is written. With MIRRORMON_UPDATE=1 expected/ is renewed. `mirrormon test
 * fixtures/cases` is the same.
 */
const cases = findCases([fixture('cases')]);
const update = process.env.MIRRORMON_UPDATE === '1';

t.test('they are found', async (t) => t.ok(cases.length >= 6));

for (const folder of cases) {
  t.test(folder.folder, async (t) => {
    const { differences } = await judge(folder, { file: program, env: process.env }, { update });
    t.same(differences, []);
  });
}
