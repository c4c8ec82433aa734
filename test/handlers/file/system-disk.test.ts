import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { SystemDisk } from '../../../lib/handlers/file/disk.ts';

/** A disk whose calls take so long each, in milliseconds. */
function diskWith(takes: { ms: number }): SystemDisk {
  let time = 0;
  let calls = 0;
  return new SystemDisk(() => {
    // asked before and after each call
    if (calls++ % 2 === 1) time += takes.ms;
    return time;
  });
}

t.test('a quick disk is written to at once', async (t) => {
  const path = join(t.testdir(), 'e.log');
  const file = await open(path, 'a');
  const disk = diskWith({ ms: 1 });
  for (const text of ['a', 'bc']) t.equal(disk.write(file, Buffer.from(text)), text.length);
  t.match(disk.stat(path), { size: 3 });
  t.equal(disk.stat(join(path, 'nothing')), undefined);
  t.equal(readFileSync(path, 'utf8'), 'abc');
  await disk.truncate(file, 1);
  await file.close();
  t.equal(statSync(path).size, 1);
});

t.test('a slow one is left to threads until it has been quick for a hundred calls', async (t) => {
  const path = join(t.testdir(), 'e.log');
  const file = await open(path, 'a');
  const takes = { ms: 50 };
  const disk = diskWith(takes);
  t.equal(disk.write(file, Buffer.from('x')), 1, 'who can know');
  const stats = disk.stat(path);
  t.type(stats, Promise);
  t.match(await stats, { size: 1 });
  takes.ms = 1;
  for (let call = 0; call < 100; call++) {
    const written = disk.write(file, Buffer.from('y'));
    t.type(written, Promise);
    t.equal(await written, 1);
  }
  t.equal(disk.write(file, Buffer.from('z')), 1, 'at once again');
  t.equal(readFileSync(path, 'utf8'), `x${'y'.repeat(100)}z`);
  await file.close();
});

t.test('a file that cannot be written to is an error, by thread and at once', async (t) => {
  const path = join(t.testdir({ 'e.log': '' }), 'e.log');
  const file = await open(path, 'r');
  const takes = { ms: 1 };
  const disk = diskWith(takes);
  t.throws(() => disk.write(file, Buffer.from('x')), { code: 'EBADF' });
  takes.ms = 50;
  t.throws(() => disk.write(file, Buffer.from('x')), { code: 'EBADF' });
  await t.rejects(async () => disk.write(file, Buffer.from('x')), { code: 'EBADF' });
  await file.close();
});
