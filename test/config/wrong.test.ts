import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { check } from '../../lib/commands/check.ts';
import { fixture } from '../helpers/root.ts';

/**
 * Configurations that are wrong or doubtful, each with what `mirrormon check` says of it beside it. With
 * MIRRORMON_UPDATE=1 that is renewed: read the difference.
 */
const folder = fixture('config', 'wrong');
const names = readdirSync(folder).filter((name) => name.endsWith('.yml'));

t.ok(names.length >= 40, `${names.length} configurations`);

for (const name of names) {
  t.test(name, async (t) => {
    let said = '';
    const sink = { write: (text: string) => (said += text) };
    const status = await check(
      [name],
      {},
      { stdout: sink, stderr: sink, env: {}, readFile: (file) => readFile(join(folder, file), 'utf8') },
    );
    said += `status ${status}\n`;
    const expected = join(folder, name.replace(/\.yml$/, '.txt'));
    if (process.env.MIRRORMON_UPDATE === '1') writeFileSync(expected, said);
    t.equal(said, existsSync(expected) ? readFileSync(expected, 'utf8') : undefined);
    t.match(said, new RegExp(`^(error|warning): ${name}:\\d+:\\d+: `), 'a place');
    t.notMatch(
      said,
      /^\s+at |this is a bug|node:internal|undefined|\[object/m,
      'nothing of ours shows through',
    );
    t.notMatch(said, /S3CRET|\x1b/, 'nor a secret, nor a terminal escape');
  });
}
