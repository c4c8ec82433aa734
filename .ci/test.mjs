// Runs the compiled tests with tap: all, or the files that are named. Tells each file and what failed in it. Its last
// line is `N passed, N failed`, counting assertions; a file that crashes or runs out of time counts as one that failed.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Story } from './story.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const tap = join('node_modules', 'tap', 'dist', 'esm', 'run.mjs');
const child = spawn(process.execPath, [tap, 'run', '--reporter=tap', ...process.argv.slice(2)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => child.on('close', resolve));

const story = new Story((line) => console.log(line));
for await (const line of createInterface({ input: child.stdout })) story.read(line);

const status = await ended;
const { pass = 0, fail = 0 } = story.totals;
// tap also fails where no assertion did: no file found, a run that broke off.
const failed = fail === 0 && (status !== 0 || pass === 0) ? 1 : fail;
console.log(`${pass} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
