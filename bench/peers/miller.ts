import type { Program } from '../workloads.ts';
import { readerProgram } from './reader.ts';
import { type Client, fields, versionOf } from './tool.ts';

const columns = fields.map((name) => `fields.${name}`);
const jsonLines = ['--ijsonl', '--ojsonl'];

const aggregate = [
  ...['flatten', 'then', 'filter'],
  `\${fields.message} == "Session Start" || \${fields.message} == "Session End"`,
  ...['then', 'put'],
  `$starts = \${fields.message} == "Session Start" ? 1 : 0;
   $ends = 1 - $starts;
   $sum = is_present(\${fields.session_duration}) ? \${fields.session_duration} : 0`,
  ...['then', 'stats1', '-a', 'sum', '-f', 'starts,ends,sum', '-g', columns.join(',')],
];

const filter = ['filter', '$level == "INFO" && $fields["message"] =~ "^Port"'];

function clients(text: string): Client[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const row = JSON.parse(line) as Record<string, string | number>;
    return {
      values: columns.map((column) => String(row[column])),
      starts: Number(row.starts_sum),
      ends: Number(row.ends_sum),
      sum: Number(row.sum_sum),
    };
  });
}

export function miller(): Program | undefined {
  const version = versionOf('mlr');
  if (version === undefined) return undefined;
  return readerProgram({
    name: 'mlr',
    version: version.replace(/^mlr /, 'Miller '),
    aggregate: [...jsonLines, ...aggregate],
    filter: [...jsonLines, ...filter],
    clients,
  });
}
