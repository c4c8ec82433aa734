import { readFileSync, statSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences, figuresOfEvents } from './compare.ts';
import { folder, operatorLog } from './log.ts';
import { measure, median, type Run } from './measure.ts';
import { root } from './root.ts';
import type { Figures } from './series.ts';
import { check, store } from './stored.ts';

/** Small enough for every sample to hold all values, so that sums can be compared too. */
const CHECKED_RECORDS = 8000;

const naive = join(root, 'dist', 'bench', 'naive.js');
const mirrormon = join(root, 'dist', 'bin', 'mirrormon.js');
const outputs = { naive: join(folder, 'naive.json'), ours: join(folder, 'ours.ndjson') };

interface Pair {
  readonly naive: Run;
  readonly ours: Run;
}

async function runPair(log: string): Promise<Pair> {
  return {
    naive: await measure(naive, [log], outputs.naive),
    ours: await measure(mirrormon, [log, '-o', 'json', '-q'], outputs.ours),
  };
}

/** Throws unless both found the same, at the last pair that ran. */
function assertEqual(): void {
  const expected = JSON.parse(readFileSync(outputs.naive, 'utf8')) as Figures;
  const found = differences(expected, figuresOfEvents(readFileSync(outputs.ours, 'utf8')));
  if (found.length === 0) return;
  throw new Error(`the results differ in ${found.length} series:\n${found.slice(0, 10).join('\n')}`);
}

function row(name: string, bytes: number, runs: readonly Run[]): string {
  const seconds = median(runs.map((run) => run.seconds));
  const peak = Math.max(...runs.map((run) => run.peakBytes));
  const rate = bytes / 1e6 / seconds;
  return `${name.padEnd(10)} ${seconds.toFixed(2).padStart(7)} s ${rate.toFixed(1).padStart(8)} MB/s   peak ${(peak / 2 ** 20).toFixed(0)} MiB`;
}

/** Whole processes on the same log, one after the other in turn. Gives the exit status: --quick fails if it became slower. */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, store: { type: 'boolean', default: false } },
  });
  const { records, pairs } = values.quick ? { records: 150_000, pairs: 5 } : { records: 1_000_000, pairs: 3 };
  await runPair(operatorLog(CHECKED_RECORDS, 2));
  assertEqual();
  const log = operatorLog(records, 1);
  const ran: Pair[] = [];
  for (let k = 0; k < pairs; k++) ran.push(await runPair(log));
  assertEqual();
  const holds = report(values.quick ? 'throughput, quick' : 'throughput', log, ran, values.store);
  return holds || !values.quick ? 0 : 1;
}

/** Tells the figures, and whether the stored ratio holds. */
function report(name: string, log: string, ran: readonly Pair[], renew: boolean): boolean {
  const bytes = statSync(log).size;
  const ratio = median(ran.map((pair) => pair.naive.seconds / pair.ours.seconds));
  if (renew) store(name, ratio);
  const { holds, sentence } = check(name, ratio);
  const say = (line: string) => console.log(line);
  say(`${name}: ${(bytes / 1e6).toFixed(0)} MB, ${ran.length} pairs in turn, medians`);
  say(
    row(
      'naive',
      bytes,
      ran.map((pair) => pair.naive),
    ),
  );
  say(
    row(
      'mirrormon',
      bytes,
      ran.map((pair) => pair.ours),
    ),
  );
  say(`ratio ${ratio.toFixed(2)} (naive time / mirrormon time); ${sentence}`);
  say(
    `machine: ${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.version}`,
  );
  say('equal: counts of every series; sums of durations on a smaller log, where samples hold every value');
  say('not measured: pipes, gzip, handlers other than standard output, filters, reports along the way;');
  say(
    '              mirrormon also measures metric-bearing records, rejects invalid ones and keeps a ledger',
  );
  return holds;
}
