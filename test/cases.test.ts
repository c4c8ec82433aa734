import { existsSync, readdirSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from './helpers/program.ts';
import { fixture } from './helpers/root.ts';

/**
 * End-to-end cases: every folder of fixtures/cases holds `command` (the arguments, one a line), maybe `stdin`, the files
 * that the arguments name, and in expected/ what must come out: `stdout`, `stderr` (without the closing line), `status`
 * if it is not 0, and every file that is written. With MIRRORMON_UPDATE=1 expected/ is renewed.
 */
const cases = fixture('cases');
const update = process.env.MIRRORMON_UPDATE === '1';

for (const name of readdirSync(cases).sort()) {
  t.test(name, async (t) => {
    const folder = join(cases, name);
    const work = await mkdtemp(join(tmpdir(), 'mirrormon-case-'));
    t.teardown(() => rm(work, { recursive: true }));
    await cp(folder, work, { recursive: true, filter: (path) => !path.endsWith('expected') });
    const given = new Set(await readdir(work));
    const args = (await readFile(join(folder, 'command'), 'utf8')).trimEnd().split('\n');
    const stdin = existsSync(join(folder, 'stdin')) ? await readFile(join(folder, 'stdin')) : '';
    const run = await mirrormon(args, { stdin, cwd: work });

    const actual = new Map<string, string>([
      ['stdout', run.stdout],
      ['stderr', run.stderr.replace(/^mirrormon: [\d,]+ records read, .*\n/m, '')],
      ['status', run.status === 0 ? '' : `${run.status}\n`],
    ]);
    for (const file of await readdir(work)) {
      if (!given.has(file)) actual.set(file, await readFile(join(work, file), 'utf8'));
    }
    for (const [file, text] of actual) if (text === '') actual.delete(file);

    const expected = join(folder, 'expected');
    if (update) {
      await rm(expected, { recursive: true, force: true });
      await mkdir(expected);
      for (const [file, text] of actual) await writeFile(join(expected, file), text);
    }
    const files = await readdir(expected);
    t.same([...actual.keys()].sort(), files.sort(), 'what comes out');
    for (const file of files) t.equal(actual.get(file), await readFile(join(expected, file), 'utf8'), file);
  });
}
