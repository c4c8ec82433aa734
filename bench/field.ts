import { parseArgs } from 'node:util';
import { type Layout, layouts } from '../lib/generate/index.ts';
import { Kept } from './kept.ts';
import { measureLatency } from './latency.ts';
import { type Differing, isMeasured, type Outcome, runPairs } from './pairs.ts';
import { peers } from './peers/index.ts';
import { measureStartUp } from './startup.ts';
import { describe, tables, writeToReadme } from './table.ts';
import { naiveLikePeers, ours, oursLikePeers, type Program, type Workload, workloads } from './workloads.ts';

/** Of the Operator's log in its plain layout. */
const GIGABYTES_PER_RECORD = 0.3756e-6;

/** The words of a comma-separated option, each one of those that there are. */
function words<T extends string>(value: string, known: readonly T[], what: string): T[] {
  const list = value.split(',').filter((word) => word !== '');
  const unknown = list.find((word) => !(known as readonly string[]).includes(word));
  if (unknown !== undefined)
    throw new Error(`there is no ${what} '${unknown}'; there are ${known.join(', ')}`);
  return list as T[];
}

function options(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: '0.36' },
      pairs: { type: 'string', default: '5' },
      workloads: { type: 'string', default: Object.keys(workloads).join(',') },
      layouts: { type: 'string', default: 'plain' },
      peers: { type: 'string', default: 'duckdb' },
      'start-up': { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
    },
  });
  const numbers = { size: Number(values.size), pairs: Number(values.pairs) };
  if (!(numbers.size > 0)) throw new Error('--size is in gigabytes, such as 0.36');
  if (!(Number.isInteger(numbers.pairs) && numbers.pairs > 0)) throw new Error('--pairs is a whole number');
  return {
    ...numbers,
    workloads: words(values.workloads, Object.keys(workloads) as Workload[], 'workload'),
    layouts: words<Layout>(values.layouts, layouts, 'layout'),
    // the naive pipeline always runs, since the others are told by it
    peers: words(values.peers, ['naive', 'all', ...Object.keys(peers)], 'peer'),
    startUp: values['start-up'],
    fresh: values.fresh,
    write: values.write,
  };
}

/** mirrormon, on one thread as well, and the peers that are asked for and here. */
function programs(asked: readonly string[]): Program[] {
  const names = asked.includes('all') ? Object.keys(peers) : asked;
  const found = names.flatMap((name) => {
    const open = peers[name];
    if (open === undefined) return [];
    const peer = open();
    if (peer === undefined)
      console.log(`${name} is not here; npm run bench -- peers installs it where it can`);
    return peer ?? [];
  });
  return [
    ours(),
    ours(['--workers', '0'], 'mirrormon --workers 0'),
    naiveLikePeers,
    oursLikePeers(),
    ...found,
  ];
}

/** mirrormon beside the whole field. Gives the exit status: 1 if mirrormon itself found something else. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = options(args);
  const field = programs(asked.peers);
  const records = Math.round(asked.size / GIGABYTES_PER_RECORD);
  const kept = new Kept(asked.fresh);
  let wrong = 0;
  for (const layout of asked.layouts) {
    for (const workload of asked.workloads) {
      const outcomes = await runPairs({ workload, layout, records }, field, asked.pairs);
      kept.outcomes(outcomes);
      wrong += tell(outcomes);
    }
  }
  if (asked.startUp) {
    kept.add({ startUp: await measureStartUp() });
    kept.add({ latency: await measureLatency() });
  }
  const text = describe(kept.figures);
  console.log(text);
  if (asked.write) writeToReadme(text);
  return wrong === 0 ? 0 : 1;
}

/** Tells the outcomes of a task, and how many of mirrormon's own are wrong. */
function tell(outcomes: readonly Outcome[]): number {
  console.log(`${tables(outcomes).join('\n\n')}\n`);
  const differing = outcomes.filter((outcome): outcome is Differing => !isMeasured(outcome));
  for (const { program, differences } of differing) {
    console.log(`${program.name} gives another result:\n${differences.slice(0, 5).join('\n')}\n`);
  }
  return differing.filter(({ program }) => program.name.startsWith('mirrormon')).length;
}
