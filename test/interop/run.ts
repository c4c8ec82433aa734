/**
 * Runs every *.interop.ts, one after another: tests that talk to real programs. They are not part of the normal test
 * run, because they install what they need. What is skipped is said loudly; the exit status is that of the failures.
 * usage: run.ts [part of a name…]
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { skipped } from './components.ts';

interface Outcome {
  readonly status: number;
  readonly lastLine: string;
}

/** Runs a file with this process's own loader; its output is shown, and the last line of its errors kept. */
function runFile(path: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, path], {
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    let lastLine = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      lastLine = (lastLine + text).trimEnd().split('\n').at(-1) ?? '';
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ status: code ?? 1, lastLine }));
  });
}

const here = fileURLToPath(import.meta.url);
const folder = dirname(here);
const wanted = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => /\.interop\.[jt]s$/.test(name))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();

const failures: string[] = [];
const skips: string[] = [];
for (const name of files) {
  process.stdout.write(`\n# ${name}\n`);
  const { status, lastLine } = await runFile(join(folder, name));
  if (status === skipped) skips.push(`${name}: ${lastLine}`);
  else if (status !== 0) failures.push(name);
}

process.stdout.write('\n');
for (const skip of skips) process.stdout.write(`!!! SKIPPED ${skip}\n`);
for (const failure of failures) process.stdout.write(`!!! FAILED ${failure}\n`);
const passed = files.length - failures.length - skips.length;
process.stdout.write(`${passed} passed, ${failures.length} failed, ${skips.length} skipped\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
