// Builds what is run: the TypeScript of bin, lib, test and bench, the scanner's WebAssembly, and the command line as a
// bundle of our own modules, because loading them one by one is half of a short run.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

const steps = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  [
    'node_modules/assemblyscript/bin/asc.js',
    '--config',
    'lib/scanner/assembly/asconfig.json',
    '--target',
    'release',
  ],
];

for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync('dist/cli', { recursive: true, force: true });
await build({
  entryPoints: ['bin/mirrormon.ts'],
  outdir: 'dist/cli',
  bundle: true,
  // what is loaded lazily stays apart
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  logLevel: 'warning',
});
