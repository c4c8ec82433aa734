import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../test/helpers/root.ts';

const file = join(root, 'bench', 'stored.json');

/** A run below this share of the stored ratio has become slower. */
const TOLERANCE = 0.85;

type Stored = Record<string, number>;

function load(): Stored {
  return JSON.parse(readFileSync(file, 'utf8')) as Stored;
}

/** Keeps the ratio of a bench, in bench/stored.json. */
export function store(name: string, ratio: number): void {
  const stored = { ...load(), [name]: Math.round(ratio * 100) / 100 };
  const ordered = Object.fromEntries(Object.entries(stored).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(ordered, null, 2)}\n`);
}

/** Compares with what is stored: says so in a sentence, and whether it holds. A bench that was never stored fails. */
export function check(name: string, ratio: number): { holds: boolean; sentence: string } {
  const stored = load()[name];
  if (stored === undefined)
    return { holds: false, sentence: `no stored ratio of '${name}': run it with --store` };
  const holds = ratio >= TOLERANCE * stored;
  const verdict = holds ? 'holds' : `has become slower: less than ${TOLERANCE} of it`;
  return { holds, sentence: `stored ratio ${stored}, this run ${ratio.toFixed(2)}: ${verdict}` };
}
