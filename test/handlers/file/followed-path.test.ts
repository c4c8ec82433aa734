import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { targetOf } from '../../../lib/handlers/file/followed-path.ts';
import { openFile } from '../../../lib/handlers/file/index.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../../helpers/sinks.ts';

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-target-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const record = (id: number) => `{"id":${id},"pad":"${'x'.repeat(300_000)}"}`;

async function open(t: Test, path: string, more = {}) {
  let time = Date.UTC(2026, 0, 2);
  const context = { ...handlerContext(), now: () => time++ };
  const handler = openFile(
    handlerConfig('file', 'logs', { path, maxsizemb: 1, maxbackups: 2, ...more }),
    context,
  );
  await handler.open();
  t.teardown(() => handler.close());
  const write = async (...ids: number[]) => {
    const flow = flowOf(ids.map(record));
    return handler.write(flow, picksOf(flow));
  };
  return { handler, write };
}

t.test('a link stays a link; what it leads to is rolled where it lies', async (t) => {
  const folder = folderOf(t);
  mkdirSync(join(folder, 'big'));
  symlinkSync('big/m.log', join(folder, 'between'));
  symlinkSync('between', join(folder, 'm.log'));
  // the file is not there yet
  const { write, handler } = await open(t, join(folder, 'm.log'));
  for (let id = 0; id < 12; id++) await write(id);
  t.ok(lstatSync(join(folder, 'm.log')).isSymbolicLink());
  t.same(readdirSync(folder).sort(), ['between', 'big', 'm.log']);
  const rolled = readdirSync(join(folder, 'big')).sort();
  t.equal(rolled.length, 3, 'the file and as many backups as are kept');
  t.ok(rolled.every((name) => statSync(join(folder, 'big', name)).size <= 1 << 20));

  mkdirSync(join(folder, 'other'));
  unlinkSync(join(folder, 'm.log'));
  symlinkSync('other/n.log', join(folder, 'm.log'));
  await write(99);
  t.match(
    readFileSync(join(folder, 'other', 'n.log'), 'latin1'),
    /^\{"id":99,/,
    'led elsewhere, it is followed',
  );
  await handler.close();
});

t.test('a hangup opens the file anew', async (t) => {
  const folder = folderOf(t);
  const path = join(folder, 'm.log');
  const { write, handler } = await open(t, path);
  await write(1);
  handler.reopen?.();
  await write(2);
  t.equal(readFileSync(path, 'latin1').split('\n').length, 3);
});

t.test('devices and what is open already are written, and never rolled', async (t) => {
  const folder = folderOf(t);
  t.same(await targetOf('/dev/null'), { path: '/dev/null', rolls: false });
  t.same(await targetOf('/dev/shm/x.log'), { path: '/dev/shm/x.log', rolls: true });
  symlinkSync('/proc/self/fd/1', join(folder, 'out'));
  t.same(await targetOf(join(folder, 'out')), { path: '/proc/self/fd/1', rolls: false });
  const { write } = await open(t, '/dev/null');
  t.ok(((await write(1, 2, 3, 4)) as number) > 1 << 20, 'more than a file may hold');
});

t.test('a named pipe is refused: opening it waits for a reader', async (t) => {
  const path = join(folderOf(t), 'fifo');
  execFileSync('mkfifo', [path]);
  await t.rejects(open(t, path), { code: 'CONFIG_INVALID', message: /named pipe/ });
});

t.test('the mode of a new file follows the umask', async (t) => {
  const folder = folderOf(t);
  const before = process.umask();
  t.teardown(() => process.umask(before));
  for (const [mask, mode] of [
    [0o002, 0o664],
    [0o022, 0o644],
    [0o077, 0o600],
  ] as const) {
    process.umask(mask);
    const path = join(folder, `${mask}.log`);
    const { write } = await open(t, path);
    for (let id = 0; id < 5; id++) await write(id);
    t.equal(statSync(path).mode & 0o777, mode, 'rolled or not');
  }
});
