// Builds what is run: the TypeScript of lib, test and bench, what is WebAssembly, the page, and
// the command line.
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { bundleCommandLine } from './bundle.mjs';
import { bundlePage } from './page.mjs';

run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.json');
// bin is compiled to be checked; what runs of it is the bundle
rmSync('dist/bin', { recursive: true, force: true });
const scanner = 'parse/scanner/assembly';
for (const folder of [
  scanner,
  `${scanner}/cutter`,
  `${scanner}/settling`,
  'kafka/assembly',
  'commands/sessions/assembly',
  'usage/assembly',
]) {
  const asc = 'node_modules/assemblyscript/bin/asc.js';
  run(asc, '--config', `lib/${folder}/asconfig.json`, '--target', 'release');
}
await bundlePage('dist/lib/page');
await bundleCommandLine('dist/cli');
// for editors; from the specs that were just compiled
const { configSchema } = await import('../dist/lib/config/json-schema.js');
writeFileSync('dist/lib/config.schema.json', `${JSON.stringify(configSchema(), undefined, 2)}\n`);

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
