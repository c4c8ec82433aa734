import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Admission } from '../lib/math/index.ts';
import { meterBytes, pooledBytes, singleBytes, timerBytes } from './math/bytes.ts';
import {
  levelCounters,
  pooledMarks,
  pooledUpdates,
  singleMarks,
  singleUpdates,
  slowTimers,
  snapshots,
} from './math/updates.ts';

/** What the Go program prints, too: nanoseconds an operation, and bytes a series. */
type Figures = Record<string, number>;

/** Three kinds of series, by the seconds of event time between two updates of one series. */
const paces = [
  { name: 'a million a second', step: 1e-6 },
  { name: '100 a second', step: 0.01 },
  { name: 'one in 10 s', step: 10 },
] as const;

const admissions: readonly Admission[] = ['newest', 'priority'];

function measure(): Figures {
  const out: Figures = {};
  for (const admission of admissions) {
    for (const { name, step } of paces) {
      out[`update1 ${admission}, ${name}`] = singleUpdates(admission, step);
      out[`update10000 ${admission}, ${name}`] = pooledUpdates(admission, 10_000, step);
    }
  }
  out.mark1 = singleMarks();
  out.mark10000 = pooledMarks(10_000);
  out.timers = slowTimers();
  out.counters = levelCounters();
  for (const size of [128, 1028]) out[`snapshot${size}`] = snapshots(size);
  for (const values of [1, 16, 128, 1000]) {
    out[`bytes${values} in a pool`] = pooledBytes(values, (i) => i);
    out[`bytes${values} in a pool, all equal`] = pooledBytes(values, () => 1);
    out[`bytes${values} alone`] = singleBytes(values);
    out[`timerbytes${values}`] = timerBytes(values);
  }
  out.meterbytes1000 = meterBytes(false);
  out['meterbytes1000 with statistics'] = meterBytes(true);
  return out;
}

/** The figures of go-metrics on this machine, or why there are none. */
function measureGo(): Figures | string {
  let root = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  const go = spawnSync('go', ['run', '.'], { cwd: join(root, 'bench', 'go-metrics'), encoding: 'utf8' });
  if (go.error !== undefined) return `Go is not installed (${go.error.message})`;
  if (go.status !== 0) return `the Go program failed: ${go.stderr.trim()}`;
  return JSON.parse(go.stdout) as Figures;
}

function line(name: string, ours: number, peer: number | undefined, unit: string): string {
  const digits = unit === 'ns' && ours < 1000 ? 1 : 0;
  const own = `${ours.toFixed(digits)} ${unit}`.padStart(12);
  if (peer === undefined) return `${name.padEnd(58)}${own}`;
  const ratio = `${(peer / ours).toFixed(1)} x`.padStart(9);
  return `${name.padEnd(58)}${own}${`${peer.toFixed(digits)} ${unit}`.padStart(14)}${ratio}`;
}

const labels: readonly [prefix: string, text: string][] = [
  ['update10000 ', 'update, pool of 10,000 full, '],
  ['update1 ', 'update, 1 full, '],
  ['mark10000', 'meter mark, pool of 10,000'],
  ['mark1', 'meter mark, 1'],
  ['timers', 'timer, pool of 300 in random order, each in 1000 s'],
  ['counters', 'counter, pool of 5, each once a second'],
  ['snapshot', 'snapshot of a sample of '],
  ['bytes', 'reservoir, values seen: '],
  ['timerbytes', 'timer in a pool, values seen: '],
  ['meterbytes', 'meter in a pool, marks of 1 seen: '],
];

function label(key: string): string {
  const [prefix, text] = labels.find(([start]) => key.startsWith(start)) ?? ['', ''];
  return text + key.slice(prefix.length);
}

/** `npm run bench -- math`: the mathematics beside go-metrics. */
export async function run(_args: string[]): Promise<void> {
  const peer = measureGo();
  const ours = measure();
  const baseline = typeof peer === 'string' ? {} : peer;
  const { model } = cpus()[0] ?? { model: 'unknown' };
  const print = (text: string): void => {
    process.stdout.write(`${text}\n`);
  };
  print(`machine   ${model}, ${cpus().length} cores, ${process.platform}, Node ${process.versions.node}`);
  print(
    `baseline  ${typeof peer === 'string' ? `none: ${peer}` : 'go-metrics, unmodified, on this machine just now'}`,
  );
  print(`${''.padEnd(58)}${'this run'.padStart(12)}${'baseline'.padStart(14)}${'ratio'.padStart(9)}`);
  for (const [key, value] of Object.entries(ours)) {
    print(line(label(key), value, baseline[key.split(/[ ,]/)[0]!], key.includes('bytes') ? 'B' : 'ns'));
  }
  print('');
  print('Ratios are baseline / this run. Samples hold 128 values; nanoseconds are of the fastest round.');
  print(
    'Not measured: contention (go-metrics locks, and these classes belong to one thread); the clock, which',
  );
  print(
    'go-metrics reads in every update and here is an argument, so that only "a million a second" is what the Go',
  );
  print('program does; the garbage collector in the long run; what malloc adds to a buffer; other machines.');
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await run(process.argv.slice(2));
}
