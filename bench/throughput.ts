import { parseArgs } from 'node:util';
import { machine } from '../lib/commands/bench/machine.ts';
import { isMeasured, type Measured, runPairs } from './pairs.ts';
import { check, store } from './stored.ts';
import { naive, ours, type Workload, workloads } from './workloads.ts';

const measured: readonly Workload[] = ['W1', 'W2', 'W5'];

function row({ program, seconds, bytes, peakBytes }: Measured): string {
  const rate = bytes / 1e6 / seconds;
  return `  ${program.name.padEnd(10)} ${seconds.toFixed(2).padStart(7)} s ${rate.toFixed(1).padStart(8)} MB/s   peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB`;
}

/**
 * mirrormon beside the naive pipeline, whole processes in turn, and the ratios beside those that are stored. Gives the
 * exit status: 1 if the results differ, or --quick has become slower.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, store: { type: 'boolean', default: false } },
  });
  const { records, pairs } = values.quick ? { records: 150_000, pairs: 5 } : { records: 1_000_000, pairs: 3 };
  let holds = true;
  for (const workload of measured) {
    const name = values.quick ? `${workload}, quick` : workload;
    const outcomes = await runPairs({ workload, layout: 'plain', records }, [ours()], pairs);
    holds = tell(name, workload, outcomes.filter(isMeasured), values.store) && holds;
    for (const outcome of outcomes) {
      if (!isMeasured(outcome))
        throw new Error(`${name}: the results differ:\n${outcome.differences.join('\n')}`);
    }
  }
  console.log(`machine: ${machine()}`);
  console.log('equal: counts of every series, sums where samples hold every value, and every record written');
  console.log(
    'not measured: gzip, handlers other than files and standard output, reports along the way (see field);',
  );
  console.log(
    '              mirrormon also measures metric-bearing records, rejects invalid ones and keeps a ledger',
  );
  return holds || !values.quick ? 0 : 1;
}

/** Tells the figures, and whether the stored ratio holds. */
function tell(name: string, workload: Workload, outcomes: readonly Measured[], renew: boolean): boolean {
  const own = outcomes.find(({ program }) => program.name !== naive.name);
  if (own === undefined) return false;
  if (renew) store(name, own.ratio);
  const { holds, sentence } = check(name, own.ratio);
  console.log(
    `${name}: ${workloads[workload]}; ${(own.bytes / 1e6).toFixed(0)} MB, ${own.pairs} pairs in turn, medians`,
  );
  for (const outcome of outcomes) console.log(row(outcome));
  console.log(`  ratio ${own.ratio.toFixed(2)} (naive time / mirrormon time); ${sentence}`);
  return holds;
}
