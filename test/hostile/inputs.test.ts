import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import t from 'tap';
import { root } from '../helpers/root.ts';
import { closeSinks } from './every-sink.ts';
import { bulkKinds, formNames, grownInput } from './inputs.ts';
import { runInput, type Told } from './trials.ts';

/** Cases of the whole corpus; a tenth is tried where nobody asks for more with MIRRORMON_HOSTILE=all. */
const ALL = 1_200;
const isWhole = process.env.MIRRORMON_HOSTILE === 'all';
const CASES = isWhole ? ALL : ALL / 10;
/** One after the other in a process. */
const CASES_OF_A_PROCESS = 20;
/** Resident, of such a process. MiB. */
const MOST_RSS = 256;
/** Of inputs four times as long, so many times the processor's time at most. */
const MOST_GROWTH = 9;

t.setTimeout(3_600_000);
t.teardown(closeSinks);

/** Lets another process try some. */
async function tried(first: number): Promise<Told> {
  // without what the tests' runner loads into every process: its source maps are 200 MiB
  const { NODE_OPTIONS: _, ...env } = process.env;
  const script = join(root, 'dist', 'test', 'hostile', 'trials.js');
  const child = fork(script, [String(first), String(CASES_OF_A_PROCESS)], { env, execArgv: [] });
  const exit = once(child, 'exit');
  const [told] = await Promise.race([once(child, 'message'), exit]);
  const [status, signal] = await exit;
  if (status === 0) return told as Told;
  throw new Error(`inputs ${first} to ${first + CASES_OF_A_PROCESS - 1} ended it: ${signal ?? status}`);
}

t.test(`${CASES} hostile inputs over all sinks together`, async (t) => {
  const faults: string[] = [];
  let [records, rejected, rss] = [0, 0, 0];
  let longest: Told['longest'] = { ms: 0, what: '' };
  for (let first = 0; first < CASES; first += CASES_OF_A_PROCESS) {
    const told = await tried(first);
    faults.push(...told.faults);
    records += told.records;
    rejected += told.rejected;
    rss = Math.max(rss, told.rss);
    if (told.longest.ms > longest.ms) longest = told.longest;
  }
  t.same(faults, []);
  t.ok(records > 3 * CASES && rejected > CASES, `${records} records read, ${rejected} of them rejected`);
  t.ok(rss < MOST_RSS, `${rss.toFixed(0)} MiB at most`);
  t.comment(`peak ${rss.toFixed(0)} MiB; the longest ${longest.ms.toFixed(0)} ms (${longest.what})`);
});

t.test('time grows as inputs do', { skip: !isWhole && 'MIRRORMON_HOSTILE=all' }, async (t) => {
  for (const kind of [...bulkKinds, ...formNames]) {
    const times: number[] = [];
    for (const scale of [2, 4, 8]) {
      const bytes = grownInput(kind, scale);
      let least = Number.POSITIVE_INFINITY;
      for (let k = 0; k < 3; k++) least = Math.min(least, (await runInput(0, bytes)).cpuMs);
      times.push(least);
    }
    const growth = times[2]! / times[0]!;
    t.ok(growth < MOST_GROWTH, `${kind}: ${times.map((ms) => ms.toFixed(0)).join(', ')} ms of the processor`);
  }
});
