import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { independentCount, keyOf } from '../helpers/independent-count.ts';
import { mirrormon } from '../helpers/program.ts';

const log = Buffer.concat([...generate({ kind: 'operator', records: 20_000, seed: 1 })]);
const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));
const file = join(folder, 'op.log');
await writeFile(file, log);
const expected = (await mirrormon([file, '-o', 'json'])).stdout;

/** Cut after a line near every tenth of the log. */
function pieces(): Buffer[] {
  const cuts = [0];
  for (let k = 1; k < 10; k++) cuts.push(log.indexOf(10, Math.floor((log.length * k) / 10)) + 1);
  cuts.push(log.length);
  return cuts.slice(1).map((end, k) => log.subarray(cuts[k], end));
}

t.test('the figures are those of an independent count', async (t) => {
  const counted = independentCount(log.toString());
  const found = new Set<string>();
  for (const line of expected.trimEnd().split('\n')) {
    const { metric, metrics, tags } = JSON.parse(line);
    const key = keyOf(metric, tags ?? {});
    const truth = counted.get(key);
    if (truth === undefined) continue;
    found.add(key);
    t.equal(metrics.count, truth.count, key);
    if (metrics.count <= 128) t.match(metrics, { min: truth.min, max: truth.max }, key);
  }
  t.same(
    [...counted.keys()].filter((key) => !found.has(key)),
    [],
    'every series is there',
  );
});

t.test('standard input, gzip and ten files give the same bytes as one file', async (t) => {
  t.equal((await mirrormon(['-o', 'json'], { stdin: log })).stdout, expected, 'a pipe');
  t.equal((await mirrormon(['-o', 'json'], { stdin: gzipSync(log) })).stdout, expected, 'gzip in a pipe');
  const members = Buffer.concat(pieces().map((piece) => gzipSync(piece)));
  t.equal((await mirrormon(['-o', 'json'], { stdin: members })).stdout, expected, 'ten gzip members');
  const files = pieces().map((_, k) => join(folder, `part-${9 - k}.log`));
  await Promise.all(pieces().map((piece, k) => writeFile(files[k]!, piece)));
  t.equal((await mirrormon([...files, '-o', 'json'])).stdout, expected, 'ten files in order');
  const glob = await mirrormon([join(folder, 'part-*.log'), '-o', 'json']);
  t.equal(glob.stdout, expected, 'ten files by a glob whose names are in no order');
});

t.test('reports at an interval are the same from a pipe as from a file', async (t) => {
  const args = ['-o', 'json', '--report-interval', '1h'];
  const fromFile = await mirrormon([file, ...args]);
  const fromPipe = await mirrormon(args, { stdin: log });
  t.equal(fromPipe.stdout, fromFile.stdout);
  const times = new Set(
    fromFile.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).timestamp.seconds),
  );
  t.ok(times.size > 2, `${times.size} reports`);
  const last = fromFile.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const total = (metric: string) => last.filter((event) => event.metric === metric).at(-1)?.metrics.count;
  t.equal(total('mirrormon_copy_targets_total') > 0, true);
});
