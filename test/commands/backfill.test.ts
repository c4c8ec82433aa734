import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';

const log = fixture('operator', 'operator.log.gz');

interface Sample {
  readonly series: string;
  readonly value: number;
  readonly time: number;
}

function samplesOf(text: string): Sample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, series, value, time] = /^(\S+\{.*\}|\S+) (\S+) (\S+)$/.exec(line)!;
      return { series: series!, value: Number(value), time: Number(time) };
    });
}

t.test('samples at every step, ascending, that end with what the run reports', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'backfill.om');
  const run = await mirrormon(['backfill', log, '-o', path, '--step', '5m']);
  t.equal(run.status, 0, run.stderr);
  const text = readFileSync(path, 'utf8');
  t.ok(text.endsWith('# EOF\n'));
  const samples = samplesOf(text);
  const bySeries = new Map<string, Sample[]>();
  for (const sample of samples) bySeries.set(sample.series, [...(bySeries.get(sample.series) ?? []), sample]);
  t.ok(
    [...bySeries.values()].every((of) => of.every(({ time }, k) => k === 0 || time > of[k - 1]!.time)),
    'times of a series ascend',
  );
  const times = [...new Set(samples.map(({ time }) => time))];
  t.ok(times.length > 10 && times.slice(0, -1).every((time) => time % 300 === 0), `${times.length} steps`);
  const created = [...bySeries].filter(([series]) => series.startsWith('mirrord_sessions_create_total'));
  const report = await mirrormon([log, '-o', 'json']);
  const counts = report.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { metric: string; metrics: { count: number } })
    .filter(({ metric }) => metric === 'mirrord_sessions_create_total');
  t.equal(created.length, counts.length);
  t.equal(
    created.reduce((sum, [, of]) => sum + of.at(-1)!.value, 0),
    counts.reduce((sum, { metrics }) => sum + metrics.count, 0),
  );
  const heads = text.split('\n').filter((line) => line.startsWith('# TYPE'));
  t.equal(new Set(heads).size, heads.length, 'a metric is introduced once');
  const buckets = [...bySeries.keys()].filter((series) => series.includes('le="+Inf"'));
  t.ok(buckets.length > 0, 'histograms are complete');
});

t.test('what cannot be is told', async (t) => {
  const folder = t.testdir({ 'notes.txt': 'mine' });
  const short = await mirrormon(['backfill', log, '-o', join(folder, 'a'), '--step', 'soon']);
  t.equal(short.status, 2);
  t.match(short.stderr, /--step takes a duration/);
  const foreign = await mirrormon(['backfill', log, '-o', join(folder, 'notes.txt')]);
  t.equal(foreign.status, 2, foreign.stderr);
  t.equal(readFileSync(join(folder, 'notes.txt'), 'utf8'), 'mine');
  const missing = await mirrormon(['backfill', log, '-o', join(folder, 'no', 'folder')]);
  t.equal(missing.status, 1);
  t.match(missing.stderr, /cannot be written: no such file or folder/);
  const config = join(folder, 'wrong.yml');
  writeFileSync(config, 'metrics: { reportInterval: wrong }\n');
  const wrong = await mirrormon(['backfill', '-c', config, log, '-o', join(folder, 'samples')]);
  t.equal(wrong.status, 2, wrong.stderr);
  t.notOk(existsSync(join(folder, 'samples')), 'nothing is made where nothing can be read');
  if (!existsSync('/dev/full')) return;
  const full = await mirrormon(['backfill', log, '-o', '/dev/full', '--step', '1s']);
  t.equal(full.status, 1);
  t.equal(full.stderr.match(/the samples cannot be written: no space left/g)?.length, 1, full.stderr);
});

t.test('a file without a sample is told of', async (t) => {
  const path = join(t.testdir(), 'backfill.om');
  const run = await mirrormon(['backfill', fixture('ziti', 'events-v3.ndjson'), '-o', path]);
  t.equal(run.status, 0, run.stderr);
  t.match(run.stderr, /warning: no sample was written: nothing of what was read is measured/);
  t.equal(readFileSync(path, 'utf8'), '# EOF\n');
});
