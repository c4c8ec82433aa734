import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { packages } from './duckdb.ts';
import { peers } from './index.ts';
import { build } from './otelcol/build.ts';

const DUCKDB = '@duckdb/node-api@1.5.6-r.1';

function attempt(command: string, args: readonly string[]): void {
  console.log(`${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) console.log(`  failed${error ? `: ${error.message}` : ''}`);
}

/**
 * Installs what the field bench compares with: beside the bench's logs DuckDB from npm and the OpenTelemetry collector,
 * which Go builds; the others from apt if allowed.
 */
export async function run(): Promise<number> {
  mkdirSync(packages, { recursive: true });
  attempt('npm', ['install', '--prefix', packages, '--no-audit', '--no-fund', '--loglevel=error', DUCKDB]);
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    attempt('apt-get', ['install', '-y', '--no-install-recommends', 'jq', 'miller', 'mtail']);
  } else console.log('jq, Miller and mtail are left as they are: installing them takes apt-get and root');
  if (spawnSync('go', ['version']).status === 0) build(attempt);
  else console.log('the OpenTelemetry collector is left as it is: building it takes Go');
  for (const [name, open] of Object.entries(peers)) console.log(`${name}: ${open()?.version ?? 'not here'}`);
  return 0;
}
