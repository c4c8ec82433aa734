import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { StateLock } from '../../../lib/commands/states/state-lock.ts';

t.test('a state is used by one process that lives', async (t) => {
  const state = join(t.testdir({}), 'state');
  const path = `${state}.lock`;
  const other = spawn('sleep', ['60']);
  t.teardown(() => other.kill());
  await once(other, 'spawn');
  const refused = { message: `this state is in use by process ${other.pid}` };
  writeFileSync(path, `${other.pid}\n`);
  await t.rejects(StateLock.take(state), refused);
  const own = await lockOf(`${state}2`);
  t.match(own, /^\d+ \d*$/);
  if (existsSync('/proc/self/stat')) {
    const [, began = ''] = own.split(' ');
    const stat = readFileSync(`/proc/${other.pid}/stat`, 'latin1').split(' ');
    writeFileSync(path, `${other.pid} ${stat[21]}\n`);
    await t.rejects(StateLock.take(state), refused);
    t.not(began, stat[21]);
    writeFileSync(path, `${other.pid} 1\n`);
    await (await StateLock.take(state)).release();
    t.notOk(existsSync(path), 'its number had come to another process');
  }
  for (const dead of ['99999999', '0', '', `${process.pid}`]) {
    writeFileSync(path, dead);
    await (await StateLock.take(state)).release();
  }
});

async function lockOf(state: string): Promise<string> {
  const lock = await StateLock.take(state);
  const text = readFileSync(`${state}.lock`, 'utf8').trim();
  await lock.release();
  return text;
}
