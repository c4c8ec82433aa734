import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package, from the sources and from `dist` alike. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Numbers beyond 2^53 are decimal strings in the goldens, as are NaN and the infinities. */
export type Golden = number | string;

export type Snapshot = Record<(typeof exactKeys)[number] | (typeof closeKeys)[number], Golden> & {
  after_updates: number;
  kept_sorted: Golden[];
};

/** What must agree to the last bit, and what to a relative 1e-12. */
export const exactKeys = [
  'count',
  'min',
  'max',
  'mean',
  'p50',
  'p75',
  'p95',
  'p99',
  'p999',
  'p9999',
] as const;
export const closeKeys = ['std_dev', 'variance'] as const;
export const rateKeys = ['mean_rate', 'm1_rate', 'm5_rate', 'm15_rate'] as const;

interface Case {
  name: string;
  upstream_defect?: boolean;
}

export interface ReservoirCase extends Case {
  reservoir: number;
  alpha: number;
  updates: [tNs: number, value: Golden, u: number][];
  snapshots: Snapshot[];
}

export interface PercentileCase
  extends Case,
    Record<'min' | 'max' | 'sum' | 'mean' | 'variance' | 'std_dev', Golden> {
  values: Golden[];
  ps: number[];
  expected: Golden[];
}

type Rates = Record<'count' | (typeof rateKeys)[number], Golden>;

export type MeterOp =
  | { op: 'mark'; t_ns: number; n: number }
  | { op: 'tick'; t_ns: number }
  | { op: 'snapshot'; t_ns: number; expect: Rates };

export interface MeterCase extends Case {
  ops: MeterOp[];
}

export type TimerOp =
  | { op: 'update'; t_ns: number; d_ns: number; u: number }
  | { op: 'tick'; t_ns: number }
  | { op: 'snapshot'; t_ns: number; expect: Rates & Snapshot & { kept: number } };

export interface TimerCase extends Case {
  reservoir: number;
  alpha: number;
  ops: TimerOp[];
}

/** The cases of one file of fixtures/goldens. */
export function goldens<T extends Case>(file: string): T[] {
  const text = readFileSync(join(packageRoot(), 'fixtures', 'goldens', `${file}.json`), 'utf8');
  return (JSON.parse(text) as { cases: T[] }).cases;
}

export function isClose(found: number, wanted: number, tolerance = 1e-12): boolean {
  return found === wanted || Math.abs(found - wanted) <= tolerance * Math.abs(wanted);
}

/** The keys of `wanted` that `found` does not meet, each with both numbers: empty when it agrees. */
export function differences(
  found: object,
  wanted: object,
  exact: readonly string[],
  close: readonly string[],
): string[] {
  const of = (from: object, key: string): number => Number((from as Record<string, Golden>)[key]);
  const miss = (key: string, met: boolean): string[] =>
    met ? [] : [`${key}: ${of(found, key)}, not ${of(wanted, key)}`];
  return [
    ...exact.flatMap((key) => miss(key, of(found, key) === of(wanted, key))),
    ...close.flatMap((key) => miss(key, isClose(of(found, key), of(wanted, key)))),
  ];
}
