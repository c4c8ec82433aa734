/** What framings cost: the same records in several forms, in turn, as processor time beside that of plain lines. */

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import { forms, type Line } from '../test/framings/forms.ts';
import { program } from '../test/helpers/program.ts';
import { operatorLog } from './log.ts';
import { median } from './measure.ts';

const RECORDS = 200_000;
const ROUNDS = 5;
/** Records that are written at once. */
const SOME = 20_000;
const names = [
  'ndjson',
  'kubectl-timestamps',
  'compose',
  'docker',
  'tracing',
  'tracing-ansi',
  'logcli-jsonl',
];

/** Seconds of the processor that a run takes, start-up included. */
function secondsOf(file: string): number {
  const meter =
    "process.on('exit',()=>{const{user,system}=process.cpuUsage();require('fs').writeSync(3,String((user+system)/1e6))})";
  const { status, output } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,import{createRequire}from'node:module';const require=createRequire('file:///');${encodeURIComponent(meter)}`,
      program,
      '-q',
      '-o',
      'json',
      '--workers',
      '0',
      file,
    ],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] },
  );
  if (status !== 0) throw new Error(`${file}: ended with ${status}`);
  return Number(String(output[3]));
}

/** The log in a form, made once. */
function fileOf(log: string, name: string, lines: () => readonly Line[]): string {
  const file = log.replace(/\.log$/, `-${name}.log`);
  if (existsSync(file)) return file;
  const { write } = forms.find((form) => form.name === name)!;
  const unfinished = `${file}.${process.pid}`;
  const descriptor = openSync(unfinished, 'w');
  const all = lines();
  for (let at = 0; at < all.length; at += SOME)
    writeSync(descriptor, write(all.slice(at, at + SOME)) as string);
  closeSync(descriptor);
  renameSync(unfinished, file);
  return file;
}

function linesOf(log: string): Line[] {
  return readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((json) => ({ json, time: new Date(JSON.parse(json).timestamp).toISOString() }));
}

export async function run(args: string[]): Promise<void> {
  const log = operatorLog(args.includes('--quick') ? RECORDS / 10 : RECORDS, 1);
  const files = names.map((name) => fileOf(log, name, () => linesOf(log)));
  const seconds = files.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round++)
    for (const [k, file] of files.entries()) seconds[k]!.push(secondsOf(file));
  const rows = names.map((name, k) => {
    const rate = statSync(files[k]!).size / 1e6 / median(seconds[k]!);
    // as many records: their bytes differ
    const ratio = median(seconds[0]!.map((plain, round) => plain / seconds[k]![round]!));
    return `| ${name} | ${rate.toFixed(0)} | ${ratio.toFixed(2)} |`;
  });
  console.log(`machine: ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}\n`);
  console.log(
    ['| form | MB/s of processor time | records a second, × plain |', '|---|--:|--:|', ...rows].join('\n'),
  );
  console.log(
    '\nUser and system time of whole processes with --workers 0, start-up included, on files in the page cache; medians of rounds that run all forms in turn.',
  );
}
