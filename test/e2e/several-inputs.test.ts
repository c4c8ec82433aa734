import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { mirrormon } from '../helpers/program.ts';

// each long enough for workers to have their part of it
const [first, second, third] = [1, 2, 3].map((seed) =>
  Buffer.concat([...generate({ kind: 'operator', records: 15_000, seed })]),
) as [Buffer, Buffer, Buffer];
const folder = t.testdir({ 'a.log.gz': gzipSync(first), 'b.log': second, 'c.log.gz': gzipSync(third) });
const files = ['a.log.gz', 'b.log', 'c.log.gz'].map((name) => join(folder, name));

t.test('sessions of several inputs, packed and not, are the same on any number of threads', async (t) => {
  for (const args of [
    ['usage', '--by', 'user,hour', '--format', 'csv'],
    ['audit', '--format', 'csv'],
  ]) {
    const alone = await mirrormon([...args, '-q', '--workers', '0', ...files]);
    for (const workers of ['1', '2']) {
      const { status, stdout, stderr } = await mirrormon([...args, '-q', '--workers', workers, ...files]);
      t.same([status, stderr], [0, ''], `${args[0]}, ${workers} workers`);
      t.ok(stdout === alone.stdout, `${args[0]}, ${workers} workers`);
    }
  }
});
