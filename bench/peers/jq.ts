import type { Program } from '../workloads.ts';
import { readerProgram } from './reader.ts';
import { type Client, fields, versionOf } from './tool.ts';

const aggregate = `
  reduce (inputs | .fields | select(.message == "Session Start" or .message == "Session End")) as $f ({};
    .[[${fields.map((field) => `$f.${field}`).join(', ')}] | tojson] |=
      if $f.message == "Session Start" then .starts += 1 else .ends += 1 | .sum += $f.session_duration end)`;

const filter = 'select(.level == "INFO" and (.fields.message // "" | startswith("Port")))';

function clients(text: string): Client[] {
  const told = JSON.parse(text) as Record<string, Partial<Omit<Client, 'values'>>>;
  return Object.entries(told).map(([key, { starts = 0, ends = 0, sum = 0 }]) => ({
    values: JSON.parse(key) as string[],
    starts,
    ends,
    sum,
  }));
}

export function jq(): Program | undefined {
  const version = versionOf('jq');
  if (version === undefined) return undefined;
  return readerProgram({
    name: 'jq',
    version,
    aggregate: ['-cn', aggregate],
    filter: ['-c', filter],
    clients,
  });
}
