import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from '../log.ts';
import { clientMetrics, type Program } from '../workloads.ts';
import { exposedFigures, unescaped } from './exposition.ts';
import { bounds, versionOf } from './tool.ts';

const labels = ['hostname', 'name', 'user', 'id'];
const by = labels.join(', ');
const client = labels.map((name) => `"client_${name}":"(?P<${name}>(?:[^"\\\\]|\\\\.)*)"`).join(',');

const program = `
counter mirrord_sessions_create_total by ${by}
histogram mirrord_sessions_duration by ${by} buckets ${bounds.join(', ')}

/"message":"Session Start".*${client}/ {
  mirrord_sessions_create_total[$hostname][$name][$user][$id]++
}
/"message":"Session End".*${client}.*"session_duration":(?P<duration>[0-9.]+)/ {
  mirrord_sessions_duration[$hostname][$name][$user][$id] = float($duration)
}
`;

/** It takes texts with their JSON escapes, which the exposition escapes again. */
const read = (exposed: string): string => unescaped(unescaped(exposed));

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
    figures: (text) => exposedFigures(text, labels, read),
    plainOnly: true,
    note: 'matches text in a fixed order of keys, parses no JSON',
    command: (workload, log, output) => (workload === 'W1' ? { argv: run(log), stdout: output } : undefined),
  };
}
