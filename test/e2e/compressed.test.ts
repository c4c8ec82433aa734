import { spawnSync } from 'node:child_process';
import { openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { mirrormon, program } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

const shipped = gunzipSync(await readFile(fixture('operator', 'operator.log.gz')));
/** Of which operator.log.zst was made. */
const log = Buffer.from(`${shipped.toString().split('\n').slice(0, 500).join('\n')}\n`);
const packed = await readFile(fixture('zstd', 'operator.log.zst'));
const folder = t.testdir({ 'op.log': log, 'op.log.gz': gzipSync(log), 'op.log.zst': packed });

t.test('plain, gzip and zstd give the same, as files and through pipes', async (t) => {
  const plain = join(folder, 'op.log');
  for (const output of ['json', 'logs']) {
    const expected = (await mirrormon([plain, '-o', output])).stdout;
    t.ok(expected.length > 10_000);
    for (const name of ['op.log', 'op.log.gz', 'op.log.zst']) {
      const file = join(folder, name);
      for (const workers of [[], ['--workers', '1']]) {
        const { stdout, status } = await mirrormon([file, '-o', output, ...workers]);
        t.equal(status, 0);
        t.ok(stdout === expected, `${name} ${workers.join(' ')}`);
      }
      const piped = await mirrormon(['-o', output], { stdin: await readFile(file) });
      t.ok(piped.stdout === expected, `${name} in a pipe`);
      const stdio = [openSync(file, 'r'), 'pipe', 'pipe'] as const;
      const redirected = spawnSync(process.execPath, [program, '-o', output], { stdio: [...stdio], env: {} });
      t.ok(redirected.stdout.toString() === expected, `${name} as standard input`);
    }
  }
});

t.test('damaged and cut zstd are one clear line each', async (t) => {
  const cut = await mirrormon(['-o', 'json'], { stdin: packed.subarray(0, -100) });
  t.equal(cut.status, 0, 'what is there was read');
  t.match(
    cut.stderr,
    /^mirrormon: warning: standard input, byte \d+: zstd is incomplete: .*; everything before/,
  );
  const damaged = Buffer.from(packed);
  damaged[damaged.length - 1]! ^= 0xff;
  const { status, stderr } = await mirrormon(['-o', 'json'], { stdin: damaged });
  t.equal(status, 1);
  t.match(stderr, /^mirrormon: standard input, byte \d+: zstd is damaged: /);
});
