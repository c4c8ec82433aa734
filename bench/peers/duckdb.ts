import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../test/helpers/root.ts';
import { folder } from '../log.ts';
import { node } from '../measure.ts';
import type { Figures } from '../series.ts';
import { clientMetrics, type Program } from '../workloads.ts';
import { clientFigures } from './tool.ts';

/** Where install.ts puts the packages of peers. */
export const packages = join(folder, 'peers');
const api = join(packages, 'node_modules', '@duckdb', 'node-api');

/** A row of the child's result: four labels, starts, ends, sum of durations, and a count for each bucket alone. */
type Row = readonly [labels: string[], starts: number, ends: number, sum: number, buckets: number[]];

function figures(text: string): Figures {
  const rows = JSON.parse(text) as Row[];
  return clientFigures(
    rows.map(([values, starts, ends, sum, buckets]) => ({ values, starts, ends, sum, buckets })),
  );
}

/** DuckDB in a Node process, with two threads; it writes the records that it selects as they came. */
export function duckdb(): Program | undefined {
  const manifest = join(api, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const child = join(root, 'dist', 'bench', 'peers', 'duckdb-child.js');
  return {
    name: 'duckdb',
    version: `DuckDB ${version}, 2 threads`,
    sums: 'all',
    metrics: clientMetrics,
    figures,
    command(workload, log, output) {
      if (workload === 'W4') return undefined;
      const task = workload === 'W2' ? 'filter' : 'aggregate';
      if (workload !== 'W5') return node(child, [api, task, log, output]);
      return { ...node(child, [api, task, '/dev/stdin', output]), from: ['cat', log] };
    },
  };
}
