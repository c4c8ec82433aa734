import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import tap from 'tap';
import { errorCodes, rejectionReasons } from '../lib/errors.ts';
import { generate } from '../lib/generate/index.ts';
import { program } from './helpers/program.ts';
import { root } from './helpers/root.ts';

/**
 * Holds the documents to the program: every command in them is run and prints something, every example is checked, and
 * what a block of text shows below a command is in what the command prints.
 */
const documents = [
  'README.md',
  'lib/README.md',
  ...readdirSync(join(root, 'lib'))
    .map((room) => join('lib', room, 'README.md'))
    .filter((path) => existsSync(join(root, path))),
];

interface Block {
  readonly language: string;
  readonly text: string;
}

function blocksOf(path: string): Block[] {
  const text = readFileSync(join(root, path), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, language, inside]) => ({
    language: language!,
    text: inside!,
  }));
}

const blocks = (language: string): string[] =>
  documents.flatMap(blocksOf).flatMap((block) => (block.language === language ? [block.text] : []));

tap.test('the README is short, and what it links to is there', async (t) => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  t.ok(Buffer.byteLength(readme) <= 12_000, `${Buffer.byteLength(readme)} bytes`);
  for (const path of documents) {
    const text = readFileSync(join(root, path), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
      t.ok(existsSync(join(root, dirname(path), target!)), `${path} links to ${target}`);
    }
  }
});

tap.test('every error code and every rejection reason is documented', async (t) => {
  const text = documents.map((path) => readFileSync(join(root, path), 'utf8')).join('\n');
  const documented = [...text.matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  t.same(documented.sort(), [...errorCodes].sort());
  for (const reason of rejectionReasons) t.ok(text.includes(`\`${reason}\``), reason);
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

/** Commands of the repository itself: run by whoever runs the tests, so here they need only exist; but for the first. */
const ofTheRepository = /^npm (start|test|run ([a-z:]+))/;

/** What a command of a document prints, on standard output and standard error together. */
function outputOf(
  t: Pick<typeof tap, 'ok' | 'equal'>,
  command: string,
  folder: string,
  env: Record<string, string>,
): string {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const script = ofTheRepository.exec(command);
  if (script !== null) {
    const text = scripts[script[2] ?? script[1]!] as string | undefined;
    t.ok(text, command);
    if (script[1] !== 'start') return '';
    const run = spawnSync('bash', ['-c', text!.split('&& ').at(-1)!], { cwd: root, encoding: 'utf8' });
    return run.stdout + run.stderr;
  }
  const run = spawnSync('bash', ['-o', 'pipefail', '-c', command], { cwd: folder, env, encoding: 'utf8' });
  t.equal(run.status, 0, `${command}\n${run.stderr}`);
  const written = />\s*(\S+)$/.exec(command)?.[1];
  const printed = written === undefined ? '' : readFileSync(join(folder, written), 'utf8');
  t.ok(printed !== '' || run.stdout + run.stderr !== '', `${command} prints something`);
  return run.stdout + run.stderr + printed;
}

tap.test('every command runs, and prints what is shown', (t) => {
  const { folder, env } = workshop();
  t.teardown(() => rmSync(folder, { recursive: true }));
  let commands = 0;
  for (const path of documents) {
    let output = '';
    for (const { language, text } of blocksOf(path)) {
      if (language === 'sh') {
        const lines = text.trim().split('\n');
        commands += lines.length;
        output = lines.map((line) => outputOf(t, line, folder, env)).join('\n');
      } else if (language === 'text') {
        const shown = text.split('\n').filter((line) => line.trim() !== '' && line !== '…');
        for (const line of shown)
          t.ok(output.includes(line.trim()), `${path} shows: ${line}\n${output.slice(0, 2000)}`);
      }
    }
  }
  t.ok(commands > 15, `${commands} commands`);
  t.end();
});

tap.test('every configuration is valid', (t) => {
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

tap.test('every program runs', (t) => {
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
