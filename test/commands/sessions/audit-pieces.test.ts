import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../../helpers/program.ts';
import { damagedLog, logRecord } from '../../usage/support.ts';

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

/** Sessions that say what most do not. */
const odd = Array.from({ length: 400 }, (_, k) => {
  const names = ['=cmd', 'ä ö', '\u001b]0;x', 'n'.repeat(500), 'a"b', ' x ', '\u3000', 'x\u3000', '', '用户'];
  const name = names[k % names.length]!;
  const fields = {
    session_id: k % 7 === 0 ? `${name}-${k}` : `s${k}`,
    client_name: name,
    client_user: k % 3 === 0 ? `${name}@corp` : undefined,
    target: `deployment/${names[(k >> 1) % names.length]}`,
    target_namespace: k % 5 === 0 ? name : 'team',
  };
  const port = { ...fields, port: 1000 + (k % 50), http_filter: k % 2 === 0 ? name : undefined };
  return [
    logRecord('Session Start', k, fields),
    logRecord('Port Steal', k + 0.25, port),
    ...(k % 4 === 0 ? [logRecord('Port Mirror', k + 0.5, { ...fields, port: 80 })] : []),
    ...(k % 6 === 0 ? [logRecord('Target Copied', k + 0.5, fields)] : []),
    ...(k % 9 === 0
      ? []
      : [
          logRecord(
            'Session End',
            k + 1 + 1 / 7,
            k % 2 === 0 ? { ...fields, session_duration: k / 3 } : fields,
          ),
        ]),
  ];
}).flat();
const log = join(folder, 'op.log');
const records = [...damagedLog(12_000), ...odd];
await writeFile(log, records.map((record) => `${JSON.stringify(record)}\n`).join(''));

t.test('all sessions are written as they are where they are not written in bulk', async (t) => {
  for (const format of ['csv', 'json', 'table']) {
    const bulk = await mirrormon(['audit', log, '--format', format]);
    // those of which there are to be so many at most are written one by one
    const each = await mirrormon(['audit', log, '--format', format, '--top', '1000000']);
    const count = bulk.stdout.split('\n').length;
    t.ok(count > 1300, `${count} lines of ${format}`);
    t.equal(bulk.status, 0);
    t.ok(bulk.stdout === each.stdout, `${format} is the same`);
  }
});
