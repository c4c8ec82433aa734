/**
 * The fast parser against the reference on random inputs. As a program:
 * `tsx test/parse/scanner/differential.ts [--minutes N] [--seed S]`; the first case that differs is made small and printed as
 * a fixture for fixtures/scanner/.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { shadowedKeys } from '../../../lib/batch/wants.ts';
import { type Case, Comparison, type Setting, type WantsSpec } from './compare.ts';
import { DocumentWriter } from './documents.ts';
import { Dice } from './random.ts';

const CASES_PER_SETTING = 12;

const names = [
  ...[
    'message',
    'client_name',
    'client_user',
    'client_id',
    'port',
    'session_duration',
    'session_id',
    'counter.x',
  ],
  ...[
    'target',
    'namespace',
    'metric',
    'metrics',
    'source_id',
    'level',
    'timestamp',
    'tags',
    '',
    'é',
    '\ud800 lone',
  ],
  ...[
    '__proto__',
    'constructor',
    'kubernetes',
    'namespace_name',
    'kubernetes.namespace_name',
    'a',
    'fields',
    '80',
  ],
  ...['seconds', 'nanos', 'count', 'value', 'toString', 'x'.repeat(70)],
];

function randomWants(dice: Dice): WantsSpec {
  const path = (): string[] => {
    const x = dice.next();
    if (x < 0.35) return ['fields', dice.pick(names)];
    if (x < 0.75) return [dice.pick(names)];
    if (x < 0.8) return [];
    return ['fields', dice.pick(names), dice.pick(names)].slice(dice.below(2));
  };
  const fields = [
    [['fields', 'message'], ['message']],
    [['level']],
    ...dice.list(14, () => [path(), ...dice.list(2, path)]),
  ];
  const shadowed = Object.fromEntries(
    [...fields.keys()].filter(() => dice.chance(0.2)).map((k) => [k, dice.pick(shadowedKeys)]),
  );
  const field = (): number => dice.below(fields.length);
  return {
    fields,
    shadowed,
    labelSets: dice.list(4, () => [field(), ...dice.list(3, field)]),
    families: dice.list(2, () => ({
      under: dice.pick([[['fields'], []], [[]], [['metrics'], ['fields', 'a']]]),
      prefixes: dice.pick([
        ['counter.', 'gauge.'],
        ['c'],
        [''],
        ['histogram.', 'gaug\u00e9', 'monotonic_counter.'],
      ]),
      except: dice.list(2, () => dice.pick(names)),
    })),
  };
}

export function randomSetting(dice: Dice): Setting {
  const limits = {
    maxRecordBytes: dice.pick([1 << 20, 1 << 20, 4096, 700, 60, 2]),
    maxDepth: dice.pick([1000, 1000, 20, 5, 3, 2, 1]),
  };
  return {
    wants: randomWants(dice),
    limits: dice.chance(0.6)
      ? limits
      : {
          ...limits,
          symbols: dice.pick([3, 50]),
          tuples: dice.pick([2, 40]),
          heapBytes: dice.pick([200, 3000, 1 << 20]),
        },
    framing: dice.chance(0.25) ? 'kubectl' : 'ndjson',
  };
}

export function randomCase(dice: Dice, { framing, limits }: Setting): Case {
  const bytes = new DocumentWriter(dice, {
    kubectl: framing === 'kubectl',
    maxRecordBytes: limits.maxRecordBytes,
  }).document();
  const small = bytes.length < 3000;
  const sizes = [
    [bytes.length],
    dice.list(9, () => dice.below(400)),
    [dice.below(5000)],
    [small ? 1 : 65536],
  ];
  return { bytes, chunks: dice.pick(sizes), seed: dice.below(2 ** 31) };
}

export interface Failure {
  readonly seed: number;
  readonly setting: Setting;
  /** The cases up to the one that failed: what the scanner learnt may matter. */
  readonly cases: readonly Case[];
  readonly error: Error;
}

/** All cases of one seed. */
export function fuzz(seed: number): Failure | undefined {
  const dice = new Dice(seed);
  const setting = randomSetting(dice);
  const cases: Case[] = [];
  try {
    const comparison = new Comparison(setting);
    for (let k = 0; k < CASES_PER_SETTING; k++) {
      const next = randomCase(dice, setting);
      cases.push(next);
      comparison.run(next);
    }
  } catch (error) {
    return { seed, setting, cases, error: error as Error };
  }
  return undefined;
}

function fails(setting: Setting, cases: readonly Case[]): boolean {
  try {
    const comparison = new Comparison(setting);
    for (const next of cases) comparison.run(next);
    return false;
  } catch {
    return true;
  }
}

/** Leaves out cases, then lines, as long as it still fails. */
export function shrink({ setting, cases }: Failure): Case[] {
  let left = [...cases];
  for (let k = left.length - 2; k >= 0; k--) {
    const fewer = left.filter((_, i) => i !== k);
    if (fails(setting, fewer)) left = fewer;
  }
  for (let k = 0; k < left.length; k++) {
    for (let step = 1 << 12; step >= 1; step >>= 1) {
      for (let from = 0; ; ) {
        const lines = splitLines(left[k]!.bytes);
        if (from >= lines.length) break;
        const bytes = Buffer.concat([...lines.slice(0, from), ...lines.slice(from + step)]);
        const fewer = left.map((each, i) => (i === k ? { ...each, bytes } : each));
        if (fails(setting, fewer)) left = fewer;
        else from += step;
      }
    }
  }
  return left;
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const lf = bytes.indexOf(10, start);
    const end = lf < 0 ? bytes.length : lf + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

/** A case as a line of fixtures/scanner/: bytes as latin1 text. */
export function asFixture(setting: Setting, cases: readonly Case[]): string {
  const plain = cases.map((each) => ({ ...each, bytes: each.bytes.toString('latin1') }));
  return JSON.stringify({ setting, cases: plain });
}

export function fromFixture(text: string): { setting: Setting; cases: Case[] } {
  const { setting, cases } = JSON.parse(text);
  return {
    setting,
    cases: cases.map((each: { bytes: string }) => ({ ...each, bytes: Buffer.from(each.bytes, 'latin1') })),
  };
}

function main(): void {
  const { values } = parseArgs({ options: { minutes: { type: 'string' }, seed: { type: 'string' } } });
  const until = Date.now() + Number(values.minutes ?? 1) * 60_000;
  let seed = Number(values.seed ?? 1);
  const first = seed;
  for (; Date.now() < until; seed++) {
    const failure = fuzz(seed);
    if (failure === undefined) continue;
    process.stderr.write(`seed ${seed}: ${failure.error.stack}\n`);
    process.stdout.write(`${asFixture(failure.setting, shrink(failure))}\n`);
    process.exitCode = 1;
    return;
  }
  const cases = (seed - first) * CASES_PER_SETTING;
  process.stderr.write(`seeds ${first} to ${seed - 1}: ${cases} cases, no difference\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
