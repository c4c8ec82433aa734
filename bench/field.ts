import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Layout, layouts } from '../lib/generate/index.ts';
import { measureLatency } from './latency.ts';
import { folder } from './log.ts';
import { type Outcome, runPairs, type Task } from './pairs.ts';
import { peers } from './peers/index.ts';
import { root } from './root.ts';
import { measureStartUp } from './startup.ts';
import { describe, tables, writeToReadme } from './table.ts';
import { ours, type Program, type Workload, workloads } from './workloads.ts';

/** Of the Operator's log in its plain layout. */
const GIGABYTES_PER_RECORD = 0.3756e-6;

const mirrormon = join(root, 'dist', 'bin', 'mirrormon.js');

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

/** mirrormon, on one thread as well where it can be told so, and the peers that are asked for and here. */
function programs(asked: readonly string[]): Program[] {
  const { stdout } = spawnSync(process.execPath, [mirrormon, '--help'], { encoding: 'utf8' });
  const variants = stdout.includes('--workers')
    ? [ours(), ours(['--workers', '0'], 'mirrormon --workers 0')]
    : [ours()];
  const names = asked.includes('all') ? Object.keys(peers) : asked;
  const found = names.flatMap((name) => {
    const open = peers[name];
    if (open === undefined) return [];
    const peer = open();
    if (peer === undefined)
      console.log(`${name} is not here; npm run bench -- peers installs it where it can`);
    return peer ?? [];
  });
  return [...variants, ...found];
}

/** Figures of several runs make one text: each adds its own to those that are kept beside the logs, unless it begins afresh. */
const kept = join(folder, 'field.json');

function keep(outcomes: readonly Outcome[], fresh: boolean): Outcome[] {
  const before = !fresh && existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Outcome[]) : [];
  const key = ({ workload, layout, records, program }: Outcome) =>
    `${workload} ${layout} ${records} ${program.name}`;
  const renewed = new Set(outcomes.map(key));
  const all = [...before.filter((outcome) => !renewed.has(key(outcome))), ...outcomes];
  const order = (outcome: Outcome) => `${outcome.workload} ${outcome.layout} ${outcome.records}`;
  all.sort((a, b) => a.records - b.records || order(a).localeCompare(order(b)));
  writeFileSync(kept, JSON.stringify(all));
  return all;
}

/** mirrormon beside the whole field. Gives the exit status: 1 if mirrormon itself found something else. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = options(args);
  mkdirSync(folder, { recursive: true });
  const field = programs(asked.peers);
  const records = Math.round(asked.size / GIGABYTES_PER_RECORD);
  const outcomes: Outcome[] = [];
  let wrong = 0;
  for (const layout of asked.layouts) {
    for (const workload of asked.workloads) {
      const task: Task = { workload, layout, records };
      const ran = await runPairs(task, field, asked.pairs);
      outcomes.push(...ran);
      console.log(`${tables(ran).join('\n\n')}\n`);
      for (const outcome of ran) {
        if (!('differences' in outcome)) continue;
        console.log(
          `${outcome.program.name} gives another result:\n${outcome.differences.slice(0, 5).join('\n')}\n`,
        );
        if (outcome.program.name.startsWith('mirrormon')) wrong++;
      }
    }
  }
  const whole = { outcomes: keep(outcomes, asked.fresh), ...(asked.startUp && (await start())) };
  const text = describe(whole);
  console.log(text);
  if (asked.write) writeToReadme(text);
  return wrong === 0 ? 0 : 1;
}

async function start() {
  return { startUp: await measureStartUp(), latency: await measureLatency() };
}
