import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from '../lib/commands/bench/machine.ts';
import { root } from '../test/helpers/root.ts';

const file = join(root, 'bench', 'stored.json');

/** A ratio below this share of the stored one has fallen. */
export const TOLERANCE = 0.85;

/** Ratios of an earlier run, each beside something that ran in turn with it, so that machines matter less. */
export interface Stored {
  readonly machine: string;
  readonly ratios: Readonly<Record<string, number>>;
}

export function load(): Stored {
  return JSON.parse(readFileSync(file, 'utf8')) as Stored;
}

/** Keeps the ratios of this run instead. */
export function store(ratios: Readonly<Record<string, number>>): void {
  const rounded = Object.entries(ratios).map(([name, ratio]) => [name, Math.round(ratio * 1000) / 1000]);
  const stored: Stored = { machine: machine(), ratios: Object.fromEntries(rounded) };
  writeFileSync(file, `${JSON.stringify(stored, null, 2)}\n`);
}

/** Whether a ratio has fallen. One that was never stored has: nobody knows what it should be. */
export function hasFallen(stored: number | undefined, now: number): boolean {
  return stored === undefined || !(now >= TOLERANCE * stored);
}

/** A line for each ratio: stored, now, and the one over the other; with a word where it has fallen. */
export function comparison({ ratios }: Stored, now: Readonly<Record<string, number>>): string[] {
  const rows = Object.entries(now).map(([name, ratio]) => {
    const stored = ratios[name];
    const share = stored === undefined ? Number.NaN : ratio / stored;
    const cells = [stored ?? Number.NaN, ratio, share].map((value) => value.toFixed(2).padStart(8));
    const why =
      stored === undefined ? 'FALLEN: never stored, run it with --store' : `FALLEN below ${TOLERANCE}`;
    return `${name.padEnd(22)}${cells.join('')}${hasFallen(stored, ratio) ? `  ${why}` : ''}`;
  });
  return [`${''.padEnd(22)}${['stored', 'now', 'ratio'].map((head) => head.padStart(8)).join('')}`, ...rows];
}
