import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { followFile } from '../../lib/follow/index.ts';
import type { InputPlace, InputPlaces, ToldPlaces } from '../../lib/state/input-places.ts';
import { Dice } from '../parse/scanner/random.ts';

/** How often a follow is killed, in each of the tests. */
const KILLS = Number(process.env.MIRRORMON_KILLS ?? 15);
const SEED = Number(process.env.MIRRORMON_SEED ?? 1);
t.setTimeout(3_600_000);

/** Where files are unpacked into. */
const unpackedFiles = join(tmpdir(), 'mirrormon-unpacked-');

/** What a run has given whose state was written: whole lines, and how far its files were read. */
interface Checkpoint {
  readonly place: InputPlace | undefined;
  readonly lines: readonly string[];
}

/** A follow that can be killed at any time; checkpoints are made at any time, too. */
function follow(path: string, { place: before, lines: old }: Checkpoint) {
  const stop = new AbortController();
  const texts = new Map<object, string>();
  let tell: () => ToldPlaces = () => [];
  const consumed = (input: object): number => (texts.get(input) ?? '').lastIndexOf('\n') + 1;
  const places = {
    before: () => before,
    onCheckpoint: (teller: () => ToldPlaces) => {
      tell = teller;
    },
    consumed,
  } as unknown as InputPlaces;
  const lines = (): string[] => [
    ...old,
    ...[...texts].flatMap(([input, text]) => text.slice(0, consumed(input)).split('\n')).filter(Boolean),
  ];
  const done = (async () => {
    const options = { signal: stop.signal, onNotice: () => {}, places };
    for await (const { input, bytes } of followFile(path, options)) {
      if (stop.signal.aborted) break;
      texts.set(input, (texts.get(input) ?? '') + Buffer.from(bytes).toString());
    }
  })();
  const checkpoint = (): Checkpoint => ({ place: [...tell()][0]?.[1] ?? before, lines: lines() });
  const kill = async (): Promise<void> => {
    stop.abort();
    await done;
    // with a process its descriptors would be gone
    for (const descriptor of readdirSync('/proc/self/fd').map(Number)) {
      const file = linkOf(descriptor);
      if (file.startsWith(path) || file.startsWith(unpackedFiles)) closeSync(descriptor);
    }
  };
  return { lines, checkpoint, kill };
}

function linkOf(descriptor: number): string {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return '';
  }
}

/** A log, and what befalls it. */
class Log {
  readonly path: string;
  written = 0;
  private readonly dice: Dice;
  private made = 0;

  constructor(path: string, dice: Dice) {
    this.path = path;
    this.dice = dice;
  }

  /** A line of it, which may come in two pieces. */
  async write(): Promise<void> {
    // alike at equal places, as lines without times are
    const line = `line ${this.written++} ${'of a log that has no times '.repeat(this.dice.below(3))}\n`;
    const cut = this.dice.chance(0.1) ? this.dice.below(line.length) : 0;
    appendFileSync(this.path, line.slice(0, cut));
    if (cut > 0) await delay(this.dice.below(8));
    appendFileSync(this.path, line.slice(cut));
  }

  async rename(): Promise<void> {
    for (let age = 200; age > 0; age--) {
      const older = age === 1 ? this.path : `${this.path}.${age - 1}`;
      if (existsSync(older)) renameSync(older, `${this.path}.${age}`);
    }
    if (this.dice.chance(0.3)) await delay(this.dice.below(8));
    writeFileSync(this.path, '');
  }

  /** By number or by date. */
  cutShort(): void {
    const name = this.dice.chance(0.5) ? `${1 + this.made}` : `20260101${1000 + this.made}`;
    this.made++;
    copyFileSync(this.path, `${this.path}-${name}`);
    truncateSync(this.path, 0);
  }

  /** For himself somebody copies what is there, also what was rotated out last. */
  backUp(): void {
    for (const from of [this.path, `${this.path}.1`]) {
      const isLong = (statSync(from, { throwIfNoEntry: false })?.size ?? 0) >= 256;
      if (isLong) copyFileSync(from, `${from}.backup${++this.made}x`);
    }
  }

  /** Packs what was rotated out, as late as it likes. */
  pack(): void {
    const folder = dirname(this.path);
    for (const entry of readdirSync(folder)) {
      if (!entry.startsWith('a.log') || entry === 'a.log' || entry.endsWith('.gz')) continue;
      const name = join(folder, entry);
      const { atime, mtime, size } = statSync(name);
      if (size > 0) {
        writeFileSync(`${name}-${++this.made}.gz`, gzipSync(readFileSync(name)));
        utimesSync(`${name}-${this.made}.gz`, atime, mtime);
      }
      rmSync(name);
    }
  }

  async happen(fates: readonly Fate[]): Promise<void> {
    for (let count = this.dice.below(12); count > 0; count--) await this.write();
    if (!this.dice.chance(0.2)) return;
    await this[fates[this.dice.below(fates.length)]!]();
  }
}

type Fate = 'rename' | 'cutShort' | 'backUp' | 'pack';

async function killed(t: Test, up: readonly Fate[], down: readonly Fate[], seed: number): Promise<void> {
  const dice = new Dice(seed);
  const path = join(t.testdir({ 'a.log': '' }), 'a.log');
  const log = new Log(path, dice);
  let last: Checkpoint = { place: undefined, lines: [] };
  for (let kill = 0; kill < KILLS; kill++) {
    const run = follow(path, last);
    if (kill === 0) {
      // what is rotated out before it has looked for the first time is not its own
      await log.write();
      while (run.lines().length === 0) await delay(1);
      last = run.checkpoint();
    }
    for (let step = dice.below(20); step > 0; step--) {
      await log.happen(up);
      if (dice.chance(0.7)) await delay(dice.below(12));
      if (dice.chance(0.5)) last = run.checkpoint();
    }
    await run.kill();
    for (let step = dice.below(4); step > 0; step--) {
      await log.happen(down);
      await delay(dice.below(5));
    }
  }
  const run = follow(path, last);
  for (let tries = 0; new Set(run.lines()).size < log.written && tries < 500; tries++) await delay(10);
  await delay(50);
  const numbers = run.lines().map((line) => Number(line.split(' ')[1]));
  await run.kill();
  const all = Array.from({ length: log.written }, (_, k) => k);
  t.same(
    all.filter((k) => !numbers.includes(k)),
    [],
    `nothing is lost (seed ${seed})`,
  );
  t.same(
    numbers.filter((k, at) => numbers.indexOf(k) !== at),
    [],
    `nothing comes twice (seed ${seed})`,
  );
}

const everything: readonly Fate[] = ['rename', 'cutShort', 'backUp'];

t.test('renamed all the time', (t) => killed(t, ['rename'], ['rename'], SEED));
t.test('cut short all the time', (t) => killed(t, ['cutShort'], ['cutShort'], SEED + 1));
t.test('cut short while nobody looks', (t) => killed(t, ['rename'], ['rename', 'cutShort'], SEED + 2));
t.test('whatever befalls a log', (t) => killed(t, everything, everything, SEED + 3));
t.test('renamed, and packed while nobody looks', (t) => killed(t, ['rename'], ['rename', 'pack'], SEED + 4));
t.test('cut short, and packed while nobody looks', (t) =>
  killed(t, ['cutShort'], ['cutShort', 'pack'], SEED + 5),
);
t.test('renamed and packed all the time', (t) => killed(t, ['rename', 'pack'], ['rename', 'pack'], SEED + 6));
t.test('cut short and packed all the time', (t) =>
  killed(t, ['cutShort', 'pack'], ['cutShort', 'pack'], SEED + 7),
);
