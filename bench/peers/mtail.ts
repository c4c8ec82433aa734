import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../log.ts';
import type { Figures } from '../series.ts';
import { clientMetrics, type Program } from '../workloads.ts';
import { bounds, clientSeries, versionOf } from './tool.ts';

const client = ['hostname', 'name', 'user', 'id']
  .map((name) => `"client_${name}":"(?P<${name}>(?:[^"\\\\]|\\\\.)*)"`)
  .join(',');

const program = `
counter mirrord_sessions_create_total by hostname, name, user, id
histogram mirrord_sessions_duration by hostname, name, user, id buckets ${bounds.join(', ')}

/"message":"Session Start".*${client}/ {
  mirrord_sessions_create_total[$hostname][$name][$user][$id]++
}
/"message":"Session End".*${client}.*"session_duration":(?P<duration>[0-9.]+)/ {
  mirrord_sessions_duration[$hostname][$name][$user][$id] = float($duration)
}
`;

/** A line of the exposition: name, labels, value. */
const sample = /^(\w+)\{(.*)\} (\S+)$/;

function figures(text: string): Figures {
  const series: Record<string, { count: number; sum: number | undefined; upTo: number[] }> = {};
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', value] = sample.exec(line) ?? [];
    if (value === undefined) continue;
    const label = (key: string) => {
      const [, exposed = ''] = new RegExp(`(?:^|,)${key}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels) ?? [];
      // it takes texts with their JSON escapes, which the exposition escapes again
      return JSON.parse(`"${JSON.parse(`"${exposed}"`)}"`) as string;
    };
    const values = ['hostname', 'name', 'user', 'id'].map(label);
    const [, metric = name, part] = /^(.*)_(bucket|sum|count)$/.exec(name) ?? [];
    const key = clientSeries(metric, values);
    series[key] ??= { count: 0, sum: undefined, upTo: [] };
    const one = series[key];
    if (part === 'bucket') one.upTo.push(Number(value));
    else if (part === 'sum') one.sum = Number(value);
    else one.count = Number(value);
  }
  const told = Object.entries(series).map(([key, { count, sum, upTo }]) => {
    const buckets = upTo.length === 0 ? undefined : upTo.map((total, k) => total - (upTo[k - 1] ?? 0));
    return [key, { count, sum, buckets }] as const;
  });
  return { series: Object.fromEntries(told) };
}

/** mtail reads lines as text: its expressions hold for the key order of the plain layout alone. */
export function mtail(): Program | undefined {
  const version = versionOf('mtail');
  if (version === undefined) return undefined;
  const programs = join(folder, 'mtail');
  mkdirSync(programs, { recursive: true });
  writeFileSync(join(programs, 'sessions.mtail'), program);
  const shared = ['-one_shot', '-one_shot_format', 'prometheus', '-progs', programs];
  // it always opens an endpoint; on port 0 nobody is in its way
  const run = (log: string) => ['mtail', ...shared, '-address', '127.0.0.1', '-port', '0', '-logs', log];
  return {
    name: 'mtail',
    version: version.replace(/^mtail version (\S+).*/, '$1'),
    sums: 'all',
    metrics: clientMetrics,
    figures,
    plainOnly: true,
    note: 'matches text in a fixed order of keys, parses no JSON',
    command: (workload, log, output) => (workload === 'W1' ? { argv: run(log), stdout: output } : undefined),
  };
}
