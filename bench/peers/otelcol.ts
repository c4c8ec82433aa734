import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../test/helpers/root.ts';
import { clientMetrics, type Program } from '../workloads.ts';
import { exposedFigures } from './exposition.ts';
import { binary } from './otelcol/build.ts';
import { fields, versionOf } from './tool.ts';

/** The OpenTelemetry collector, which a small Node process starts, asks and stops; the memory is the collector's alone. */
export function otelcol(): Program | undefined {
  const version = existsSync(binary) ? versionOf(binary) : undefined;
  if (version === undefined) return undefined;
  const child = join(root, 'dist', 'bench', 'peers', 'otelcol', 'child.js');
  return {
    name: 'otelcol',
    version: version.replace(/^otelcol version /, 'OpenTelemetry collector '),
    sums: 'all',
    metrics: clientMetrics,
    figures: (text) => exposedFigures(text, fields),
    note: 'a daemon, timed from its start to the scrape of all records',
    command: (workload, log, output) =>
      workload === 'W1' ? { argv: [process.execPath, child, binary, log, output], tells: true } : undefined,
  };
}
