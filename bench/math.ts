import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Admission, Meter, Reservoir } from '../lib/math/index.ts';

/** What the Go program prints, too: nanoseconds an operation, and bytes a series. */
type Figures = Record<string, number>;

/** Three kinds of series, by the seconds of event time between two updates of one series. */
const paces = [
  { name: 'a million a second', step: 1e-6 },
  { name: '100 a second', step: 0.01 },
  { name: 'one in 10 s', step: 10 },
] as const;

const admissions: readonly Admission[] = ['newest', 'priority'];
const EPOCH = 1_770_000_000;

/**
 * Nanoseconds an operation of a function that does it n times: the fastest of many rounds, because whatever else the
 * machine does only ever slows a round down.
 */
function per(n: number, operate: (n: number) => void, seconds = 0.5): number {
  operate(n);
  operate(n);
  let best = Infinity;
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    const start = performance.now();
    operate(n);
    best = Math.min(best, ((performance.now() - start) * 1e6) / n);
  }
  return best;
}

function updates(admission: Admission, count: number, step: number): number {
  const all = Array.from({ length: count }, (_, series) => new Reservoir({ admission, series }));
  let time = EPOCH;
  let next = 0;
  // Times and places are variables of the loop: kept outside, V8 would make an object of every time.
  const go = (n: number): void => {
    let t = time;
    let i = next;
    for (let k = 0; k < n; k++) {
      all[i]!.update((k * 7919) % 1000, t);
      if (++i === count) {
        i = 0;
        t += step;
      }
    }
    time = t;
    next = i;
  };
  go(count * 400);
  return per(200_000, go);
}

function marks(count: number): number {
  const all = Array.from({ length: count }, () => new Meter({ start: EPOCH }));
  let time = EPOCH;
  return per(200_000, (n) => {
    let t = time;
    for (let k = 0, i = 0; k < n; k++) {
      all[i]!.mark(1, t);
      t += 1e-6;
      if (++i === count) i = 0;
    }
    time = t;
  });
}

/** A snapshot after every eighth update, so that none meets what the one before it left in order. */
function snapshots(size: number): number {
  const reservoir = new Reservoir({ size });
  let value = 0;
  const update = (n: number): void => {
    for (let i = 0; i < n; i++, value++) reservoir.update((value * 7919) % 10_007, EPOCH + value / 10);
  };
  update(4 * size);
  const both = (n: number): void => {
    for (let i = 0; i < n; i++) {
      update(8);
      if (reservoir.statistics().count !== value) throw new Error('a snapshot lost updates');
    }
  };
  return per(2000, both) - per(2000, (n) => update(8 * n));
}

/** Bytes of heap and of buffers that each of 4000 series costs that saw so many values. */
function bytes(
  values: number,
  value: (i: number) => number,
  make: (series: number) => Reservoir | Meter,
): number {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const used = (): number => {
    gc();
    gc();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const count = 4000;
  const all = new Array<Reservoir | Meter>(count).fill(make(0));
  const before = used();
  for (let series = 0; series < count; series++) {
    const one = make(series);
    all[series] = one;
    for (let i = 0; i < values; i++) {
      if (one instanceof Meter) one.mark(value(i), EPOCH + i);
      else one.update(value(i), EPOCH + i);
    }
  }
  const after = used();
  return Math.round((after - before) / all.length);
}

function measure(): Figures {
  const out: Figures = {};
  for (const count of [1, 10_000]) {
    for (const admission of admissions) {
      for (const { name, step } of paces)
        out[`update${count} ${admission}, ${name}`] = updates(admission, count, step);
    }
    out[`mark${count}`] = marks(count);
  }
  for (const size of [128, 1028]) out[`snapshot${size}`] = snapshots(size);
  const reservoir = (series: number): Reservoir => new Reservoir({ series });
  for (const values of [1, 16, 128, 1000]) {
    out[`bytes${values}`] = bytes(values, (i) => i, reservoir);
    out[`bytes${values} all equal`] = bytes(values, () => 1, reservoir);
  }
  out['bytes1000 forgetEqual'] = bytes(
    1000,
    () => 1,
    (series) => new Reservoir({ series, forgetEqual: true }),
  );
  out['bytes1000 meter'] = bytes(
    1000,
    () => 1,
    () => new Meter({ start: EPOCH }),
  );
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
  if (peer === undefined) return `${name.padEnd(52)}${own}`;
  const ratio = `${(peer / ours).toFixed(1)} x`.padStart(9);
  return `${name.padEnd(52)}${own}${`${peer.toFixed(digits)} ${unit}`.padStart(14)}${ratio}`;
}

const labels: readonly [prefix: string, text: string][] = [
  ['update10000 ', 'update, 10,000 full series, '],
  ['update1 ', 'update, 1 full series, '],
  ['mark10000', 'meter mark, 10,000 series'],
  ['mark1', 'meter mark, 1 series'],
  ['snapshot', 'snapshot of a sample of '],
  ['bytes', 'series, values seen: '],
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
  print(`${''.padEnd(52)}${'this run'.padStart(12)}${'baseline'.padStart(14)}${'ratio'.padStart(9)}`);
  for (const [key, value] of Object.entries(ours)) {
    print(line(label(key), value, baseline[key.split(/[ ,]/)[0]!], key.startsWith('bytes') ? 'B' : 'ns'));
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
