import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { mirrormon } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';
import { need } from './components.ts';

/** Blocks that promtool makes of a backfilled archive hold the figures of the archive. */
const promtool = await need('promtool');
const folder = mkdtempSync(join(tmpdir(), 'mirrormon-backfill-'));
t.teardown(() => rmSync(folder, { recursive: true }));

const METRIC = 'mirrord_sessions_create_total';

t.test('an archive becomes blocks of a Prometheus', async (t) => {
  const log = fixture('operator', 'operator.log.gz');
  const samples = join(folder, 'backfill.om');
  const blocks = join(folder, 'blocks');
  const run = await mirrormon(['backfill', log, '-o', samples]);
  t.equal(run.status, 0, run.stderr);
  const made = spawnSync(promtool, ['tsdb', 'create-blocks-from', 'openmetrics', samples, blocks], {
    encoding: 'utf8',
  });
  t.equal(made.status, 0, made.stderr);
  // dump opens them as a database, which has a log
  mkdirSync(join(blocks, 'wal'));
  const dump = spawnSync(promtool, ['tsdb', 'dump', `--match={__name__="${METRIC}"}`, blocks], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  t.equal(dump.status, 0, dump.stderr);
  const last = new Map<string, { time: number; value: number }>();
  for (const line of dump.stdout.split('\n')) {
    const [, series, value, time] = /^(\{.*\}) (\S+) (\d+)$/.exec(line) ?? [];
    if (series === undefined) continue;
    const known = last.get(series);
    if (known === undefined || Number(time) > known.time) {
      last.set(series, { time: Number(time), value: Number(value) });
    }
  }
  const report = await mirrormon([log, '-o', 'json']);
  const counts = report.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { metric: string; metrics: { count: number } })
    .filter(({ metric }) => metric === METRIC)
    .map(({ metrics }) => metrics.count);
  t.equal(last.size, counts.length);
  t.equal(
    [...last.values()].reduce((sum, { value }) => sum + value, 0),
    counts.reduce((sum, count) => sum + count, 0),
  );
});
