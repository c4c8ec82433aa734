import type { Figures } from '../series.ts';
import { clientMetrics, type Program } from '../workloads.ts';
import { clientSeries, versionOf } from './tool.ts';

const labels = ['client_hostname', 'client_name', 'client_user', 'client_id'].map((name) => `fields.${name}`);

const aggregate = [
  ...[
    'flatten',
    'then',
    'filter',
    `\${fields.message} == "Session Start" || \${fields.message} == "Session End"`,
  ],
  'then',
  'put',
  `$starts = \${fields.message} == "Session Start" ? 1 : 0;
   $ends = 1 - $starts;
   $sum = is_present(\${fields.session_duration}) ? \${fields.session_duration} : 0`,
  ...['then', 'stats1', '-a', 'sum', '-f', 'starts,ends,sum', '-g', labels.join(',')],
];

const filter = ['filter', '$level == "INFO" && $fields["message"] =~ "^Port"'];

function figures(text: string): Figures {
  const series: Figures['series'] = {};
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = JSON.parse(line) as Record<string, string | number>;
    const values = labels.map((label) => String(row[label]));
    const [starts, ends, sum] = ['starts_sum', 'ends_sum', 'sum_sum'].map((name) => Number(row[name])) as [
      number,
      number,
      number,
    ];
    if (starts > 0) series[clientSeries('mirrord_sessions_create_total', values)] = { count: starts };
    if (ends > 0) series[clientSeries('mirrord_sessions_duration', values)] = { count: ends, sum };
  }
  return { series };
}

export function miller(): Program | undefined {
  const version = versionOf('mlr');
  if (version === undefined) return undefined;
  const run = (verbs: readonly string[], ...files: string[]) => [
    'mlr',
    '--ijsonl',
    '--ojsonl',
    ...verbs,
    ...files,
  ];
  return {
    name: 'mlr',
    version: version.replace(/^mlr /, 'Miller '),
    sums: 'all',
    metrics: clientMetrics,
    figures,
    note: 'keeps no buckets',
    command(workload, log, output) {
      switch (workload) {
        case 'W1':
          return { argv: run(aggregate, log), stdout: output };
        case 'W2':
          return { argv: run(filter, log), stdout: output };
        case 'W3':
          return { argv: run(aggregate), from: ['gzip', '-dc', log], stdout: output };
        case 'W4':
          return undefined;
        case 'W5':
          return { argv: run(aggregate), from: ['cat', log], stdout: output };
      }
    },
  };
}
