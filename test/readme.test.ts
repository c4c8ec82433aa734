import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { errorCodes, rejectionReasons } from '../lib/errors.ts';
import { generate } from '../lib/generate/index.ts';
import { program } from './helpers/program.ts';
import { root } from './helpers/root.ts';

/**
 * Holds the README to the program: every command in it is run, every example checked.
 */
const path = join(root, 'README.md');
const readme = readFileSync(path, 'utf8');

function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    (match) => match[1]!,
  );
}

t.test('every error code and every rejection reason is documented', (t) => {
  const documented = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  t.same(documented.sort(), [...errorCodes].sort());
  for (const reason of rejectionReasons) t.ok(readme.includes(`\`${reason}\``), reason);
  t.end();
});

/** A folder with the files that the examples name, and `mirrormon` and `kubectl` on the path. */
function workshop(): { folder: string; env: Record<string, string> } {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-readme-'));
  const log = Buffer.concat([...generate({ kind: 'operator', records: 2000, seed: 1 })]);
  const write = (name: string, content: string | Uint8Array): void =>
    writeFileSync(join(folder, name), content);
  for (const name of ['bin', 'archive']) mkdirSync(join(folder, name));
  write('operator.log', log);
  write('operator.log.gz', gzipSync(log));
  const middle = log.indexOf(10, log.length / 2) + 1;
  write('archive/b.log.gz', gzipSync(log.subarray(0, middle)));
  write('archive/a.log.gz', gzipSync(log.subarray(middle)));
  write('events.json', Buffer.concat([...generate({ kind: 'ziti', records: 500, seed: 1 })]));
  write(
    'ctrl.yml',
    `v: 3
network: { metricsReportInterval: 20s }
events:
  pools:
    subscriptions: [{ type: metrics, sourceFilter: .*, metricFilter: .*pool.* }]
    handler: { type: file, format: json, path: pools.log }
`,
  );
  symlinkSync(program, join(folder, 'bin', 'mirrormon'));
  // what kubectl would print: with its prefixes if asked for
  write(
    'bin/kubectl',
    `#!/bin/sh
case "$*" in
  *--prefix*) sed 's|^|[pod/mirrord-operator-1/mirrord-operator] 2024-04-01T13:37:00.123456789Z |' operator.log ;;
  *) cat operator.log ;;
esac
`,
  );
  const made = spawnSync('chmod', ['+x', join(folder, 'bin', 'kubectl'), program]);
  if (made.status !== 0) throw made.error ?? new Error('chmod failed');
  return { folder, env: { PATH: `${join(folder, 'bin')}${delimiter}${process.env.PATH}` } };
}

/** Commands of the repository itself: run by whoever runs the tests, so here they need only exist. */
const ofTheRepository = /^npm (start|test|run ([a-z:]+))/;

t.test('every command runs', (t) => {
  const { folder, env } = workshop();
  t.teardown(() => rmSync(folder, { recursive: true }));
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commands = blocks('sh').flatMap((block) => block.trim().split('\n'));
  t.ok(commands.length > 10, `${commands.length} commands`);
  for (const command of commands) {
    const script = ofTheRepository.exec(command);
    if (script !== null) {
      t.ok(scripts[script[2] ?? script[1]!], command);
      continue;
    }
    const run = spawnSync('bash', ['-o', 'pipefail', '-c', command], { cwd: folder, env, encoding: 'utf8' });
    t.equal(run.status, 0, `${command}\n${run.stderr}`);
  }
  t.end();
});

t.test('every configuration is valid', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-readme-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  for (const [k, yaml] of blocks('yaml').entries()) {
    const file = join(folder, `${k}.yml`);
    writeFileSync(file, yaml);
    const run = spawnSync(process.execPath, [program, 'check', '--strict', file], { encoding: 'utf8' });
    t.equal(run.status, 0, run.stderr);
  }
  t.end();
});

t.test('every program runs', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-readme-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'mirrormon'));
  writeFileSync(
    join(folder, 'operator.log'),
    Buffer.concat([...generate({ kind: 'operator', records: 100, seed: 1 })]),
  );
  for (const [k, source] of blocks('js').entries()) {
    const file = join(folder, `${k}.mjs`);
    writeFileSync(file, source);
    const run = spawnSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' });
    t.equal(run.status, 0, run.stderr);
  }
  t.end();
});
