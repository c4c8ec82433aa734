import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../../helpers/program.ts';
import { fixture } from '../../helpers/root.ts';

const log = fixture('operator', 'operator.log.gz');

t.test('where an answer went that nobody named a file for is said', async (t) => {
  const cwd = t.testdir();
  for (const [command, path, says] of [
    ['report', 'report.html', /^mirrormon: the page is report\.html$/m],
    ['backfill', 'backfill.om', /^mirrormon: the samples are backfill\.om$/m],
  ] as const) {
    const run = await mirrormon([command, log], { cwd });
    t.equal(run.status, 0, run.stderr);
    t.match(run.stderr, says);
    t.ok(existsSync(join(cwd, path)), path);
    const named = await mirrormon([command, log, '-o', `named-${path}`], { cwd });
    t.notMatch(named.stderr, /the page is|the samples are/);
    t.equal((await mirrormon([command, log, '-q'], { cwd })).stderr, '');
  }
  const none = await mirrormon(['report', join(cwd, 'none.log')], { cwd });
  t.not(none.status, 0);
  t.notMatch(none.stderr, /the page is/);
});
