import type { Figures } from '../series.ts';
import { clientMetrics, type Program } from '../workloads.ts';
import { clientSeries, versionOf } from './tool.ts';

const aggregate = `
  reduce (inputs | .fields | select(.message == "Session Start" or .message == "Session End")) as $f ({};
    .[[$f.client_hostname, $f.client_name, $f.client_user, $f.client_id] | tojson] |=
      if $f.message == "Session Start" then .starts += 1 else .ends += 1 | .sum += $f.session_duration end)`;

const filter = 'select(.level == "INFO" and (.fields.message // "" | startswith("Port")))';

interface Client {
  readonly starts?: number;
  readonly ends?: number;
  readonly sum?: number;
}

function figures(text: string): Figures {
  const series: Figures['series'] = {};
  for (const [key, { starts, ends, sum }] of Object.entries(JSON.parse(text) as Record<string, Client>)) {
    const values = JSON.parse(key) as string[];
    if (starts !== undefined)
      series[clientSeries('mirrord_sessions_create_total', values)] = { count: starts };
    if (ends !== undefined) series[clientSeries('mirrord_sessions_duration', values)] = { count: ends, sum };
  }
  return { series };
}

export function jq(): Program | undefined {
  const version = versionOf('jq');
  if (version === undefined) return undefined;
  return {
    name: 'jq',
    version,
    sums: 'all',
    metrics: clientMetrics,
    figures,
    note: 'keeps no buckets',
    command(workload, log, output) {
      switch (workload) {
        case 'W1':
          return { argv: ['jq', '-cn', aggregate, log], stdout: output };
        case 'W2':
          return { argv: ['jq', '-c', filter, log], stdout: output };
        case 'W3':
          return { argv: ['jq', '-cn', aggregate], from: ['gzip', '-dc', log], stdout: output };
        case 'W4':
          return undefined;
        case 'W5':
          return { argv: ['jq', '-cn', aggregate], from: ['cat', log], stdout: output };
      }
    },
  };
}
