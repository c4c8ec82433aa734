import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { placesOf } from '../../lib/state/input-places.ts';
import { countedOf } from '../../lib/state/ledger-section.ts';
import { readState } from '../../lib/state/state-file.ts';
import type { StandInCluster, StandInPod } from '../helpers/kubectl-stand-in.ts';
import { mirrormon, start } from '../helpers/program.ts';
import { root } from '../helpers/root.ts';
import { Dice } from '../parse/scanner/random.ts';

/** How often a follow is killed. */
const KILLS = Number(process.env.MIRRORMON_KILLS ?? 6);
t.setTimeout(3_600_000);

const standIn = join(root, 'dist', 'test', 'helpers', 'kubectl-stand-in.js');
const config = `
metrics:
  rules:
    - { name: records_total, type: counter, when: { fields: { number: { exists: true } } } }
    - { name: numbers_total, type: counter, value: number, when: { fields: { number: { exists: true } } } }
events:
  all:
    subscriptions: [{ type: logs }]
    handler: { type: file, format: logs, path: out.log, maxsizemb: 1, maxbackups: 100 }
  figures:
    subscriptions: [{ type: metrics, metricFilter: ^(records|numbers)_total }]
    handler: { type: file, format: json, path: figures.ndjson }
`;
const args = ['follow', 'operator', '-n', 'm', '-c', 'c.yml', '--state', 's', '--ledger', 'ledger.json'];

interface Writing {
  readonly record: (k: number) => string;
  /** Of the numbers in what was written. */
  readonly number: RegExp;
}
const json: Writing = {
  record: (k) =>
    JSON.stringify({ timestamp: '2026-01-01T00:00:00Z', level: 'INFO', fields: { number: k }, target: 't' }),
  number: /"number":(\d+)/g,
};
const text: Writing = {
  record: (k) => `2026-01-01T00:00:00.000000Z  INFO t: said number=${k}`,
  number: / number=(\d+)/g,
};

/** A cluster of the stand-in's in a folder, and who writes in its logs. */
function cluster(t: Test, { record }: Writing, first: StandInCluster, seed = 1) {
  const cwd = t.testdir({
    kubectl: `#!/bin/sh\nexec '${process.execPath}' '${standIn}' "$@"\n`,
    'c.yml': config,
  });
  chmodSync(join(cwd, 'kubectl'), 0o755);
  const env = {
    PATH: `${cwd}${delimiter}${process.env.PATH}`,
    ...{ STAND_IN_FOLDER: cwd, STAND_IN_SEED: String(seed), MIRRORMON_STATE_INTERVAL: '20' },
  };
  let now = first;
  const change = (to: Partial<StandInCluster>): void => {
    now = { ...now, ...to };
    // as a whole, since it may be read at any time
    writeFileSync(join(cwd, 'new.json'), JSON.stringify(now));
    renameSync(join(cwd, 'new.json'), join(cwd, 'cluster.json'));
  };
  change({});
  let written = 0;
  const begin = Date.UTC(2026, 0, 1);
  const write = (file: string, count: number): void => {
    let lines = '';
    for (let k = 0; k < count; k++, written++) {
      // what a new connection repeats is told by times: they are far enough apart for it not to be all
      const time = new Date(begin + 100 * written).toISOString().slice(0, -1);
      lines += `${time}${String(written % 1_000_000).padStart(6, '0')}Z ${record(written)}\n`;
    }
    appendFileSync(join(cwd, file), lines);
  };
  const run = (...further: string[]) => {
    const child = start([...args, ...further], { cwd, env });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (words) => {
      said += words;
    });
    return { child, ended: once(child, 'close'), said: () => said };
  };
  /** Waits until a state has so many records. */
  const noted = async (count: number, { said, child }: ReturnType<typeof run>): Promise<void> => {
    for (let tries = 0; tries < 3000 && child.exitCode === null; tries++) {
      const state = existsSync(join(cwd, 's')) ? await readState(join(cwd, 's')) : undefined;
      const { read } = state === undefined ? {} : countedOf(state.sections);
      if ((read as { records?: number } | undefined)?.records === count) return;
      await delay(20);
    }
    t.fail(`${count} records are in no state: ${said()}`);
  };
  return { cwd, env, change, write, run, noted, written: () => written };
}

const pod = (name: string, uid: string, restarts = 0): StandInPod => ({
  ...{ name, uid },
  containers: [{ name: 'main', restarts }],
});

/** Each number once: in what a handler has written, in the figures and in the ledger. */
async function checkAll(
  t: Test,
  cwd: string,
  { number }: Writing,
  written: number,
  said: string,
): Promise<void> {
  // it is rolled where a slow machine lets much be written
  const out = readdirSync(cwd)
    .filter((name) => /^out.*\.log$/.test(name))
    .flatMap((name) => [...readFileSync(join(cwd, name), 'utf8').matchAll(number)])
    .map(([, found]) => Number(found));
  t.same(
    out.sort((a, b) => a - b),
    Array.from({ length: written }, (_, k) => k),
    said,
  );
  const { read, rejected } = JSON.parse(readFileSync(join(cwd, 'ledger.json'), 'utf8'));
  t.same([read.records, rejected.total], [written, 0]);
  const figures = new Map<string, unknown>();
  for (const line of readFileSync(join(cwd, 'figures.ndjson'), 'utf8').trimEnd().split('\n')) {
    const { metric, metrics } = JSON.parse(line);
    figures.set(metric, metrics.count);
  }
  const expected = { records_total: written, numbers_total: (written * (written - 1)) / 2 };
  t.same(Object.fromEntries(figures), expected, said);
}

/** Follows pods that write, start again and are replaced, is killed at any moment, and goes on. */
async function killed(t: Test, writing: Writing, kills: number, seed: number): Promise<void> {
  const dice = new Dice(seed);
  let b = 1;
  let restarts = 0;
  const pods = () => [pod('a', 'u1', restarts), pod(`b${b}`, `v${b}`)];
  const one = cluster(t, writing, { pods: pods(), neverSilent: true }, seed);
  const ofA = () => `a.u1.main.${restarts}.log`;
  const ofB = () => `b${b}.v${b}.main.0.log`;
  one.write(ofA(), 30);
  one.write(ofB(), 30);
  const change = (fate: number): void => {
    one.write(ofA(), dice.below(20));
    one.write(ofB(), dice.below(20));
    if (fate === 1) restarts++;
    if (fate === 2) b++;
    one.write(ofA(), dice.below(20));
    one.write(ofB(), 1 + dice.below(20));
    one.change({ pods: pods() });
  };
  for (let kill = 0; kill < kills; kill++) {
    const running = one.run();
    // what a pod wrote that is gone nobody can have
    await one.noted(one.written(), running);
    const fate = dice.below(3);
    const isLate = dice.chance(0.5);
    if (fate === 2) {
      b++;
      one.write(ofB(), 20);
      one.change({ pods: pods() });
    } else if (!isLate) change(fate);
    for (const end = performance.now() + dice.below(1500); performance.now() < end; ) {
      one.write(ofA(), dice.below(5));
      if (dice.chance(0.5)) one.write(ofB(), dice.below(5));
      await delay(5 + dice.below(20));
    }
    running.child.kill('SIGKILL');
    await running.ended;
    if (isLate && fate !== 2) change(fate);
    one.write(ofA(), dice.below(30));
  }
  one.change({ calm: true });
  const running = one.run();
  await one.noted(one.written(), running);
  const { size } = placesOf((await readState(join(one.cwd, 's'))).sections);
  t.ok(size <= 2 + 8, `${size} logs are remembered`);
  running.child.kill('SIGTERM');
  t.equal((await running.ended)[0], 143, running.said());
  await checkAll(t, one.cwd, writing, one.written(), running.said());
}

t.test('lines of JSON', (t) => killed(t, json, KILLS, 1));
t.test('records of tracing, which may go on in the next line', (t) => killed(t, text, KILLS, 2));

t.test('text that never pauses is noted, too', async (t) => {
  const one = cluster(t, text, { pods: [pod('a', 'u1')], calm: true });
  one.write('a.u1.main.0.log', 1);
  const running = one.run();
  let isOver = false;
  const writing = (async () => {
    for (; !isOver; await delay(20)) one.write('a.u1.main.0.log', 1);
  })();
  const readTo = async (): Promise<number> => {
    if (!existsSync(join(one.cwd, 's'))) return 0;
    return placesOf((await readState(join(one.cwd, 's'))).sections).get('pod/a/main')?.offset ?? 0;
  };
  let tries = 0;
  for (; (await readTo()) === 0 && tries < 3000; tries++) await delay(20);
  t.ok(tries < 3000, 'a state says how far it was read, although each line waits for the next');
  running.child.kill('SIGKILL');
  await running.ended;
  isOver = true;
  await writing;
  const last = one.run();
  await one.noted(one.written(), last);
  last.child.kill('SIGTERM');
  await last.ended;
  await checkAll(t, one.cwd, text, one.written(), last.said());
});

t.test('--tail counts for what was there when a workload was first followed', async (t) => {
  const one = cluster(t, json, { pods: [pod('a', 'u1')], calm: true });
  one.write('a.u1.main.0.log', 50);
  const first = one.run('--tail', '7');
  await one.noted(7, first);
  first.child.kill('SIGKILL');
  await first.ended;
  one.write('a.u1.main.0.log', 30);
  // a pod that came meanwhile is new altogether, and one that is gone is told of
  one.write('b1.v1.main.0.log', 20);
  one.change({ pods: [pod('a', 'u1'), pod('b1', 'v1')] });
  const second = one.run('--tail', '7');
  await one.noted(57, second);
  second.child.kill('SIGKILL');
  await second.ended;
  one.change({ pods: [pod('a', 'u1')] });
  const third = one.run('--tail', '7');
  for (let tries = 0; !third.said().includes('is gone') && tries < 3000; tries++) await delay(20);
  t.match(third.said(), /pod\/b1\/main: it is gone, and with it what it wrote behind what was read/);
  third.child.kill('SIGTERM');
  await third.ended;
  const other = await mirrormon(['follow', 'deploy/other', ...args.slice(2)], one);
  t.match([other.status, other.stderr], [2, /of a run with another configuration: options differs/]);
});
