import { parseArgs } from 'node:util';
import { machine } from '../lib/commands/bench/machine.ts';
import { isMeasured, type Measured, runPairs } from './pairs.ts';
import { measureStartUp } from './startup.ts';
import { comparison, hasFallen, load, store } from './stored.ts';
import { ours, type Workload, workloads } from './workloads.ts';

/** Records of each workload: large enough for start-up to be a small part, small enough for all of them in 90 s. */
const quick: Readonly<Partial<Record<Workload, number>>> = {
  W1: 400_000,
  W2: 400_000,
  W5: 400_000,
  W6: 200_000,
};
const PAIRS = 3;

const startUps = { version: 'start-up, --version', tenLines: 'start-up, ten lines' } as const;

/** Measures a ratio; called again where it seems to have fallen, since machines have bad moments. */
type Measurement = () => Promise<number>;

/**
 * The gate: mirrormon beside the naive pipeline, whole processes in turn, and its start beside that of Node; each ratio
 * beside the stored one. Gives the exit status: 1 if the results differ or a ratio has fallen. `--quick` is what CI
 * runs, without it logs are larger and nothing is compared; `--quick --store` keeps the ratios of this run.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean', default: false }, store: { type: 'boolean', default: false } },
  });
  const stored = values.quick && !values.store ? load() : undefined;
  const now: Record<string, number> = {};
  for (const [name, measurement] of measurements(values.quick)) {
    now[name] = await measurement();
    if (stored === undefined || !hasFallen(stored.ratios[name], now[name])) continue;
    console.log(`  ${name} seems to have fallen: measured once more`);
    now[name] = Math.max(now[name], await measurement());
  }
  if (values.store && values.quick) store(now);
  const against = stored ?? { machine: machine(), ratios: values.quick ? now : {} };
  console.log(`\nratios: time of the naive pipeline (or of node -e 0) over that of mirrormon`);
  if (values.quick) console.log(comparison(against, now).join('\n'));
  console.log(`machine: ${machine()}`);
  if (stored !== undefined) console.log(`stored on: ${stored.machine}`);
  console.log('equal: counts of every series, sums where samples hold every value, and every record written');
  console.log(
    'not measured: gzip, handlers other than files and standard output, reports along the way (see field);\n' +
      '              mirrormon also rejects invalid records, keeps a ledger and bounds its memory',
  );
  const fallen = Object.keys(now).filter(
    (name) => stored !== undefined && hasFallen(stored.ratios[name], now[name]!),
  );
  for (const name of fallen)
    console.log(`slower than stored: ${name}${name in workloads ? `, ${workloads[name as Workload]}` : ''}`);
  return fallen.length === 0 ? 0 : 1;
}

function measurements(isQuick: boolean): [name: string, measurement: Measurement][] {
  const found = Object.entries(quick).map(([workload, records]): [string, Measurement] => [
    workload,
    () => throughput(workload as Workload, isQuick ? records : 1_000_000),
  ]);
  for (const of of ['version', 'tenLines'] as const) found.push([startUps[of], () => startUp(of)]);
  return found;
}

async function throughput(workload: Workload, records: number): Promise<number> {
  const outcomes = await runPairs({ workload, layout: 'plain', records }, [ours()], PAIRS);
  console.log(`${workload}: ${workloads[workload]}; ${PAIRS} pairs in turn, medians`);
  for (const outcome of outcomes) {
    if (!isMeasured(outcome)) throw new Error(`the results differ:\n${outcome.differences.join('\n')}`);
    console.log(row(outcome));
  }
  return (outcomes.at(-1) as Measured).ratio;
}

function row({ program, seconds, bytes, peakBytes }: Measured): string {
  const rate = bytes / 1e6 / seconds;
  return `  ${program.name.padEnd(10)} ${seconds.toFixed(2).padStart(7)} s ${rate.toFixed(1).padStart(8)} MB/s   peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB`;
}

/** How many starts of mirrormon fit into how many of Node. */
async function startUp(of: 'version' | 'tenLines'): Promise<number> {
  const times = await measureStartUp();
  console.log(
    `${startUps[of]}: ${times[of].toFixed(2)} times node -e 0, which takes ${times.node.toFixed(0)} ms`,
  );
  return 1 / times[of];
}
