// Builds what is run: the TypeScript of bin, lib, test and bench, and the scanner's WebAssembly, all into dist.
import { spawnSync } from 'node:child_process';

const steps = [
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'],
  ['node_modules/assemblyscript/bin/asc.js', '--config', 'lib/scanner/assembly/asconfig.json', '--target', 'release'],
];

for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}
