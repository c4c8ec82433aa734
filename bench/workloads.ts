import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from '../lib/generate/index.ts';
import { program } from '../test/helpers/program.ts';
import { root } from '../test/helpers/root.ts';
import { differences, figuresOfEvents, lineDifferences, only } from './compare.ts';
import { folder, gzipped, operatorLog, zitiLog } from './log.ts';
import type { Command } from './measure.ts';
import { node } from './measure.ts';
import type { Figures } from './series.ts';
import { FILES, subscriptions } from './subscriptions.ts';

export const workloads = {
  W1: 'counters and duration histograms by the four client labels',
  W2: 'level INFO and message ^Port to a file',
  W3: 'W1 from gzip',
  W4: 'OpenZiti events through 20 subscriptions to files',
  W5: 'W1 through a pipe (cat LOG | …)',
  W6: 'W1 of 100,000 users',
} as const;

export type Workload = keyof typeof workloads;

/** The metrics of W1 that every peer is asked for; the naive pipeline and, unless it is told, mirrormon measure more. */
export const clientMetrics = ['mirrord_sessions_create_total', 'mirrord_sessions_duration'];

/** What can do some of the workloads. */
export interface Program {
  readonly name: string;
  /** What it needs is here: its version. */
  readonly version: string;
  /** Writes its result to `output` (W4: to outputsOf it); undefined = this is not for it. */
  command(workload: Workload, log: string, output: string): Command | undefined;
  /** Its result of W1, W3, W5 and W6, from the text of `output`. */
  figures(text: string): Figures;
  /** Which sums it gives. */
  readonly sums: 'all' | 'sampled';
  /** The metrics that it was asked for; undefined = all that the naive pipeline has. */
  readonly metrics?: readonly string[] | undefined;
  /** What it reads by the order of a record's keys, so that other layouts are nothing for it. */
  readonly plainOnly?: boolean | undefined;
  /** What a reader of its figures should know. */
  readonly note?: string | undefined;
}

const script = (name: string) => join(root, 'dist', 'bench', `${name}.js`);

export const naive: Program = {
  name: 'naive',
  version: 'split2, JSON.parse, Map',
  sums: 'all',
  figures: (text) => JSON.parse(text) as Figures,
  command(workload, log, output) {
    switch (workload) {
      case 'W1':
      case 'W3':
      case 'W6':
        return { ...node(script('naive'), [log]), stdout: output };
      case 'W5':
        return { ...node(script('naive'), ['-']), from: ['cat', log], stdout: output };
      case 'W2':
        return node(script('naive-filter'), [log, output]);
      case 'W4':
        return node(script('naive-events'), [log, ...outputsOf(workload, output)]);
    }
  },
};

/** The same for those metrics alone that the peers are asked for. */
export const naiveLikePeers: Program = {
  ...naive,
  name: 'naive, two metrics',
  metrics: clientMetrics,
  note: 'what the peers are asked for',
  command(workload, log, output) {
    if (workload === 'W2' || workload === 'W4') return undefined;
    const command = naive.command(workload, log, output)!;
    return { ...command, argv: [...command.argv, ...clientMetrics] };
  },
};

/** mirrormon itself, with more options where a variant of it is measured. */
export function ours(options: readonly string[] = [], name = 'mirrormon'): Program {
  return {
    name,
    version: '',
    sums: 'sampled',
    figures: figuresOfEvents,
    command(workload, log, output) {
      const run = (...args: string[]) => node(program, [...args, '-q', ...options]);
      switch (workload) {
        case 'W1':
        case 'W3':
        case 'W6':
          return { ...run(log, '-o', 'json'), stdout: output };
        case 'W5':
          return { ...run('-o', 'json'), from: ['cat', log], stdout: output };
        case 'W2':
        case 'W4':
          return run(log, '-o', 'none', '-c', configOf(workload, output));
      }
    },
  };
}

/** mirrormon with a subscription to those metrics alone that the peers are asked for. */
export function oursLikePeers(): Program {
  return {
    ...ours([], 'mirrormon, two metrics'),
    metrics: clientMetrics,
    note: 'a subscription to what the peers are asked for',
    command(workload, log, output) {
      if (workload === 'W2' || workload === 'W4') return undefined;
      const run = (...args: string[]) => node(program, [...args, '-q', '-c', clientConfig()]);
      return workload === 'W5'
        ? { ...run(), from: ['cat', log], stdout: output }
        : { ...run(log), stdout: output };
    },
  };
}

function clientConfig(): string {
  const metricFilter = `^(${clientMetrics.join('|')})\\.`;
  const subscriptions = [{ type: 'metrics', metricFilter }];
  return written('W1', { clients: { subscriptions, handler: { type: 'stdout', format: 'json' } } });
}

export function outputsOf(workload: Workload, output: string): string[] {
  if (workload !== 'W4') return [output];
  return Array.from({ length: FILES }, (_, k) => `${output}.${k}`);
}

/** Files that never roll: JSON, which is YAML. */
function configOf(workload: 'W2' | 'W4', output: string): string {
  const file = (format: string, path: string) => ({ type: 'file', format, path, maxsizemb: 100_000 });
  const events =
    workload === 'W2'
      ? {
          ports: {
            subscriptions: [{ type: 'logs', level: 'info', messageFilter: '^Port' }],
            handler: file('logs', output),
          },
        }
      : Object.fromEntries(
          outputsOf(workload, output).map((path, k) => [
            `file${k}`,
            {
              subscriptions: subscriptions
                .filter(({ file }) => file === k)
                .map(({ sourceFilter, metricFilter }) => ({ type: 'metrics', sourceFilter, metricFilter })),
              handler: file('json', path),
            },
          ]),
        );
  return written(workload, events);
}

function written(workload: Workload, events: object): string {
  const config = join(folder, `${workload}.yml`);
  writeFileSync(config, JSON.stringify({ events }));
  return config;
}

/** The log that a workload reads. */
export async function logOf(
  workload: Workload,
  records: number,
  seed: number,
  layout: Layout,
): Promise<string> {
  if (workload === 'W4') return zitiLog(records, seed, layout);
  const log = operatorLog(records, seed, layout, workload === 'W6' ? 100_000 : undefined);
  return workload === 'W3' ? await gzipped(log) : log;
}

/** Where a program's result differs from the naive pipeline's, which has run on the same log. */
export async function resultDifferences(
  workload: Workload,
  program: Program,
  outputs: { readonly expected: string; readonly actual: string },
  read: (file: string) => string,
): Promise<string[]> {
  if (workload === 'W2' || workload === 'W4') {
    const actual = outputsOf(workload, outputs.actual);
    const pairs = outputsOf(workload, outputs.expected).map((expected, k) =>
      lineDifferences(expected, actual[k]!),
    );
    return (await Promise.all(pairs)).flat();
  }
  const expected = naive.figures(read(outputs.expected));
  const asked = program.metrics === undefined ? expected : only(expected, program.metrics);
  return differences(asked, program.figures(read(outputs.actual)), program.sums);
}
