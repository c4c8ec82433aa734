import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bounds } from './tool.ts';

/** W1 and W2 in SQL: `duckdb-child.js PACKAGE aggregate|filter LOG OUTPUT`. */

interface Connection {
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<{ getRowsJson(): unknown[][] }>;
}

interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, options: Record<string, string>): Promise<{ connect(): Promise<Connection> }>;
  };
}

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

function aggregateSql(log: string): string {
  const durations = [Number.NEGATIVE_INFINITY, ...bounds, Number.POSITIVE_INFINITY];
  const inBucket = durations.slice(1).map((upper, k) => {
    const lower = durations[k]!;
    const above = Number.isFinite(lower) ? `duration > ${lower}` : 'true';
    const below = Number.isFinite(upper) ? `duration <= ${upper}` : 'true';
    return `count(*) FILTER (message = 'Session End' AND ${above} AND ${below})::INTEGER`;
  });
  const names = ['client_hostname', 'client_name', 'client_user', 'client_id'];
  const shape = ['message', ...names].map((name) => `${name} VARCHAR`).join(', ');
  return `
    SELECT ${names.join(', ')},
      count(*) FILTER (message = 'Session Start')::INTEGER,
      count(*) FILTER (message = 'Session End')::INTEGER,
      coalesce(sum(duration) FILTER (message = 'Session End'), 0),
      ${inBucket.join(', ')}
    FROM (
      SELECT fields.message, ${names.map((name) => `fields.${name}`).join(', ')}, fields.session_duration AS duration
      FROM read_ndjson(${text(log)}, columns = {fields: 'STRUCT(${shape}, session_duration DOUBLE)'})
      WHERE fields.message IN ('Session Start', 'Session End')
    )
    GROUP BY ALL`;
}

function filterSql(log: string, output: string): string {
  return `
    COPY (
      SELECT json FROM read_ndjson_objects(${text(log)})
      WHERE json_extract_string(json, '$.level') = 'INFO'
        AND json_extract_string(json, '$.fields.message') LIKE 'Port%'
    ) TO ${text(output)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01')`;
}

const [, , api = '', task = '', log = '', output = ''] = process.argv;
const { DuckDBInstance } = createRequire(import.meta.url)(join(api)) as DuckDb;
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
if (task === 'filter') await connection.run(filterSql(log, output));
else {
  const rows = (await connection.runAndReadAll(aggregateSql(log))).getRowsJson();
  const told = rows.map((row) => [row.slice(0, 4), row[4], row[5], row[6], row.slice(7)]);
  writeFileSync(output, JSON.stringify(told));
}
