import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readPipe } from '../../lib/inputs/pipe.ts';

const hasPipes = process.platform !== 'win32';

/** A named pipe, open at both ends. */
function pipe(t: { testdir(): string }): { path: string; reader: number; writer: number } {
  const path = join(t.testdir(), 'fifo');
  execFileSync('mkfifo', [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  return { path, reader, writer };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();

const COUNT = 1_000_000;
/** Writes 10 MB of numbered lines, faster than they are looked at. */
const numbers = `function write(n) {
  while (n < ${COUNT}) {
    let lines = '';
    for (const end = n + 1e4; n < end; n++) lines += String(n).padStart(9, '0') + '\\n';
    if (!process.stdout.write(lines)) return process.stdout.once('drain', () => write(n));
  }
}
write(0);`;

t.test('what is there comes at once, whole, and then the end', { skip: !hasPipes }, async (t) => {
  const { reader, writer } = pipe(t);
  const bytes = readPipe(reader);
  writeSync(writer, 'a\nb');
  writeSync(writer, 'c\n');
  t.equal(text((await bytes.next()).value), 'a\nbc\n');
  const waiting = bytes.next();
  writeSync(writer, 'd\n');
  t.equal(text((await waiting).value), 'd\n', 'a single line waits for nothing');
  writeSync(writer, 'e');
  closeSync(writer);
  t.equal(text((await bytes.next()).value), 'e');
  t.equal((await bytes.next()).done, true);
});

t.test('a chunk stays as it is while more comes, and nothing is lost', { skip: !hasPipes }, async (t) => {
  const { reader, writer } = pipe(t);
  const child = spawn(process.execPath, ['-e', numbers], { stdio: ['ignore', writer, 'inherit'] });
  closeSync(writer);
  let next = 0;
  let rest = '';
  let largest = 0;
  for await (const bytes of readPipe(reader)) {
    largest = Math.max(largest, bytes.length);
    const before = text(bytes);
    // more comes now, into the same memory
    for (let k = 0; k < 20; k++) await turn();
    if (text(bytes) !== before) t.fail('the chunk was overwritten');
    const lines = (rest + before).split('\n');
    rest = lines.pop()!;
    for (const line of lines) if (Number(line) !== next++) t.fail(`${line} is not ${next - 1}`);
  }
  t.equal(next, COUNT);
  t.equal(rest, '');
  t.ok(largest > 65_536, 'a slow reader gets much at once');
  t.ok(largest <= 1 << 20, 'but not without bounds');
  t.equal(child.exitCode ?? (await once(child, 'close'))[0], 0);
});

t.test('abort ends the wait, and so does leaving', { skip: !hasPipes, timeout: 5000 }, async (t) => {
  const { reader, writer } = pipe(t);
  const stop = new AbortController();
  const bytes = readPipe(reader, { signal: stop.signal });
  writeSync(writer, 'a');
  t.equal(text((await bytes.next()).value), 'a');
  const waiting = bytes.next();
  await turn();
  stop.abort();
  t.equal((await waiting).done, true);
  t.throws(() => writeSync(writer, 'b'), { code: 'EPIPE' }, 'nobody reads any more');
  closeSync(writer);
});
