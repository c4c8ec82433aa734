import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { start } from '../helpers/program.ts';
import { Dice } from '../parse/scanner/random.ts';

/** How often a run is killed, over all. */
const KILLS = Number(process.env.MIRRORMON_KILLS ?? 8);
t.setTimeout(3_600_000);

const config = `
events:
  all:
    subscriptions: [{ type: logs }]
    handler: { type: file, format: logs, path: out.log, maxsizemb: 1, maxbackups: 100 }
`;

interface Writing {
  /** A line of the log; longer than one where its record is. */
  readonly record: (k: number) => string;
  /** Of the numbers in what was written. */
  readonly number: RegExp;
}

const json: Writing = {
  record: (k) =>
    `${JSON.stringify({ timestamp: '2026-01-01T00:00:00Z', level: 'INFO', fields: { message: `m${k}` }, target: 't' })}\n`,
  number: /"message":"m(\d+)"/g,
};
const text: Writing = {
  record: (k) => `2026-01-01T00:00:00.000000Z  INFO t: m${k}\nwith a second line\n`,
  number: / t: m(\d+)\nwith a second line\n/g,
};
const cri: Writing = {
  record: (k) => {
    const line = json.record(k).trimEnd();
    return `2026-01-01T00:00:00Z stdout P ${line.slice(0, 30)}\n2026-01-01T00:00:00Z stdout F ${line.slice(30)}\n`;
  },
  number: /"message":"m(\d+)"/g,
};

/** Follows a log that is written and rotated all the time, is killed at any moment, and goes on. */
async function killed(t: Test, { record, number }: Writing, kills: number, seed: number): Promise<void> {
  const dice = new Dice(seed);
  const cwd = t.testdir({ 'c.yml': config, 'a.log': '' });
  const path = join(cwd, 'a.log');
  let written = 0;
  const write = (count: number): void => {
    for (let k = 0; k < count; k++) {
      const line = record(written++);
      // also in the middle of a record
      const cut = dice.below(line.length);
      appendFileSync(path, line.slice(0, cut));
      appendFileSync(path, line.slice(cut));
    }
  };
  // so many are kept that none is thrown away that a run, killed again and again, has not read
  const rotate = (): void => {
    for (let age = 400; age > 0; age--) {
      const older = age === 1 ? path : `${path}.${age - 1}`;
      if (existsSync(older)) renameSync(older, `${path}.${age}`);
    }
    writeFileSync(path, '');
  };
  let copies = 0;
  const cutShort = (): void => {
    copyFileSync(path, `${path}-${++copies}`);
    truncateSync(path, 0);
  };
  const run = () => {
    const args = ['-f', 'a.log', '-c', 'c.yml', '--state', 's', '--ledger', 'ledger.json'];
    const child = start(args, { cwd, env: { MIRRORMON_STATE_INTERVAL: '20' } });
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (words) => {
      said += words;
    });
    return { child, ended: once(child, 'close'), said: () => said };
  };
  const numbers = (): number[] =>
    readdirSync(cwd)
      .filter((name) => name.startsWith('out'))
      .flatMap((name) => [...readFileSync(join(cwd, name), 'utf8').matchAll(number)])
      .map(([, found]) => Number(found));
  for (let kill = 0; kill < kills; kill++) {
    const { child, ended } = run();
    if (kill === 0) {
      // what is rotated out before it has looked for the first time is not its own
      write(1);
      while (numbers().length === 0) await delay(10);
      const seen = Date.now();
      while (statSync(join(cwd, 's')).mtimeMs <= seen) await delay(10);
    }
    for (const end = performance.now() + 200 + dice.below(600); performance.now() < end; ) {
      write(1 + dice.below(20));
      if (dice.chance(0.1)) rotate();
      await delay(5 + dice.below(20));
    }
    child.kill('SIGKILL');
    await ended;
    // what befalls it while nobody looks
    write(dice.below(30));
    const fate = dice.below(4);
    if (fate === 1) rotate();
    if (fate === 2) for (let k = 0; k < 3; k++, write(10)) rotate();
    if (fate === 3) cutShort();
    write(dice.below(30));
  }
  const { child, ended, said } = run();
  for (let tries = 0; new Set(numbers()).size < written && tries < 500; tries++) await delay(20);
  child.kill('SIGTERM');
  t.equal((await ended)[0], 143, said());
  t.same(
    numbers().sort((a, b) => a - b),
    Array.from({ length: written }, (_, k) => k),
    said(),
  );
  const { read, rejected } = JSON.parse(readFileSync(join(cwd, 'ledger.json'), 'utf8'));
  t.same([read.records, rejected.total], [written, 0]);
}

t.test('lines of JSON', (t) => killed(t, json, KILLS, 1));
t.test('records of several lines', (t) => killed(t, text, Math.ceil(KILLS / 4), 2));
t.test('lines that a runtime has cut', (t) => killed(t, cri, Math.ceil(KILLS / 4), 3));
