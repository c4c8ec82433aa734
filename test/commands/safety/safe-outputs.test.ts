import { type StdioOptions, spawnSync } from 'node:child_process';
import { existsSync, linkSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { outputsOf, refuseUnsafeOutputs } from '../../../lib/commands/safety/safe-outputs.ts';
import { handlerConfig } from '../../helpers/config.ts';
import { mirrormon, program } from '../../helpers/program.ts';

const log = '{"timestamp":"2026-01-01T00:00:00Z","level":"INFO","fields":{"message":"m"},"target":"t"}\n';
const backup = 'm-2026-11-01T00-00-00.000.log';

/** A folder with an input, links to it, and files of all kinds. */
function workshop(t: Test): (name: string) => string {
  const folder = t.testdir({
    'in.log': log,
    'm.log': log,
    [backup]: log,
    'notes.txt': 'what I must not forget\n',
    'empty.txt': '',
    'dead.ndjson': '{"input":"a","offset":0,"length":1,"reason":"invalid-json","text":"x"}\n',
    'ledger.json':
      '{\n  "read": { "records": 1, "bytes": 2 },\n  "selected": 0,\n  "filtered": 1,\n  "rejected": {} }',
    'other.json': '{ "read": true }',
    'c.yml': 'metrics: {}\n',
    folder: {},
  });
  symlinkSync('in.log', join(folder, 'soft.log'));
  linkSync(join(folder, 'in.log'), join(folder, 'hard.log'));
  return (name) => join(folder, name);
}

interface Case {
  readonly files?: readonly string[];
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly config?: string;
  readonly deadLetters?: string;
  readonly ledger?: string;
  /** Paths of file handlers. */
  readonly paths?: readonly string[];
  readonly force?: boolean;
}

async function refused(at: (name: string) => string, made: Case): Promise<string | undefined> {
  const path = (name: string | undefined) => (name === undefined ? undefined : at(name));
  const stream = (name: string | undefined, flags: string) => ({
    fd: name === undefined ? -1 : openSync(at(name), flags),
  });
  const handlers = (made.paths ?? []).map((name, k) =>
    handlerConfig('file', 'metrics', { name: `h${k}`, path: at(name), format: 'json' }),
  );
  const outputs = outputsOf({ deadLetters: path(made.deadLetters), ledger: path(made.ledger) }, handlers);
  const reading = {
    files: (made.files ?? []).map((name) => (name === '-' ? name : at(name))),
    config: made.config === undefined ? [] : [at(made.config)],
    io: {
      stdin: stream(made.stdin, 'r'),
      stdout: stream(made.stdout, 'a'),
      stderr: stream(made.stderr, 'a'),
    } as never,
    writesStdout: made.stdout !== undefined,
  };
  try {
    await refuseUnsafeOutputs(outputs, reading, made.force ?? false);
    return undefined;
  } catch (error) {
    return (error as { describe(): string }).describe();
  }
}

t.test('an output that is an input, another output, or somebody else’s is refused', async (t) => {
  const at = workshop(t);
  const cases: readonly [Case, RegExp][] = [
    [
      { files: ['in.log'], deadLetters: 'in.log' },
      /--dead-letters, .*in.log, is the input .*in.log: it would be destroyed/,
    ],
    [{ files: ['in.log'], deadLetters: 'soft.log' }, /is the input/],
    [{ files: ['soft.log'], ledger: 'hard.log' }, /--ledger, .*hard.log, is the input .*soft.log/],
    [{ stdin: 'in.log', ledger: 'in.log' }, /is standard input/],
    [{ files: ['in.log'], stderr: 'hard.log' }, /standard error is the input .*in\.log/],
    [{ files: ['-'], stdin: 'in.log', paths: ['hard.log'] }, /the path of handler h0, .* is standard input/],
    [{ files: ['*.log'], paths: ['in.log'] }, /is the input/],
    [{ files: ['in.log'], stdout: 'in.log' }, /standard output is the input .*feed on itself/],
    [{ config: 'c.yml', ledger: 'c.yml' }, /is the configuration/],
    [{ files: [backup], paths: ['m.log'] }, /whose backup .*, is the input/],
    [{ stdin: backup, paths: ['m.log'] }, /is standard input/],
    [{ files: ['in.log'], paths: ['m.log', backup] }, /is .*m-2026.*|backup/],
    [
      { files: ['in.log'], paths: ['new.log', 'new-2026-11-01T00-00-00.000.log'] },
      /has the name of a backup of/,
    ],
    [
      { files: ['in.log'], deadLetters: 'new', ledger: 'new' },
      /--ledger, .*new, is .*the file of --dead-letters/,
    ],
    [{ files: ['in.log'], deadLetters: 'new', ledger: 'folder/../new' }, /the file of --dead-letters/],
    [{ files: ['in.log'], paths: ['m.log'], stdout: 'm.log' }, /where standard output goes/],
    [
      { files: ['in.log'], ledger: 'notes.txt' },
      /--ledger, .*notes.txt, exists, was plainly not written by mirrormon, and would be overwritten.*--force/,
    ],
    [{ files: ['in.log'], ledger: 'other.json' }, /plainly not written/],
    [{ files: ['in.log'], ledger: 'dead.ndjson' }, /plainly not written/],
    [{ files: ['in.log'], deadLetters: 'm.log' }, /plainly not written/],
    [{ files: ['in.log'], paths: ['notes.txt'] }, /would be appended to/],
    [{ files: ['in.log'], ledger: 'in.log', force: true }, /is the input/],
  ];
  for (const [made, message] of cases) t.match(await refused(at, made), message, JSON.stringify(made));
});

t.test('a file that would be called - is refused, with what to say instead', async (t) => {
  for (const made of [{ ledger: 'x' }, { deadLetters: 'x' }, { paths: ['x'] }])
    t.match(
      await refused(() => '-', made),
      /: - is no name of a file.*\/dev\/stdout .*\.\/-/s,
      JSON.stringify(made),
    );
  t.equal(await refused(() => './-', { ledger: 'x' }), undefined);
});

t.test('what could not be written at the end is refused before anything is read', async (t) => {
  const at = workshop(t);
  const cases: readonly [Case, RegExp][] = [
    [{ ledger: 'folder' }, /--ledger, .*folder: cannot be written: it is a folder; name a file in a folder/],
    [{ ledger: 'none/l.json' }, /--ledger, .*l.json: cannot be written: no such file or folder/],
    [{ ledger: 'notes.txt/l.json' }, /cannot be written: .* not a folder/],
    [{ ledger: 'folder', force: true }, /it is a folder/],
  ];
  for (const [made, message] of cases) t.match(await refused(at, made), message, JSON.stringify(made));
  for (const [args, what] of [
    [['report', at('in.log'), '-o', at('folder')], 'the report'],
    [['-o', 'none', '--partial', at('none/p'), at('in.log')], '--partial'],
  ] as const) {
    const { status, stderr } = await mirrormon(args);
    t.equal(status, 1, stderr);
    t.match(stderr, `${what}, `);
    t.match(stderr, /^mirrormon: [^\n]* cannot be written: [^\n]*\n$/);
  }
});

t.test('a page is refused where its name promises another format', async (t) => {
  const at = workshop(t);
  for (const [name, instead] of [
    ['x.pdf', /print it from a browser/],
    ['x.CSV', /usage --format/],
    ['x.html.gz', /pack it afterwards/],
  ] as const) {
    const { status, stderr } = await mirrormon(['report', at('in.log'), '-o', at(name)]);
    t.equal(status, 2, stderr);
    t.match(stderr, instead);
  }
  for (const name of ['x.html', 'page', 'x.html.new'])
    t.equal((await mirrormon(['report', at('in.log'), '-o', at(name)])).status, 0, name);
});

t.test('what destroys nothing is let through', async (t) => {
  const at = workshop(t);
  const cases: readonly Case[] = [
    { files: ['in.log'], deadLetters: 'dead.ndjson', ledger: 'ledger.json', paths: ['m.log'] },
    { files: ['in.log'], deadLetters: 'empty.txt', ledger: 'new.json' },
    { files: ['in.log'], ledger: 'notes.txt', force: true },
    { files: ['in.log', 'missing.log'], paths: ['in-2.log'] },
    { files: ['folder'], stdout: 'm.log' },
    {},
  ];
  for (const made of cases) t.equal(await refused(at, made), undefined, JSON.stringify(made));
  t.equal(
    await refused(() => '/dev/null', { files: ['in.log'], deadLetters: 'x', ledger: 'x' }),
    undefined,
    'a device holds nothing, even as both',
  );
});

t.test('the program leaves the files as they are', async (t) => {
  const at = workshop(t);
  for (const args of [
    ['--ledger', at('in.log'), at('in.log')],
    ['--dead-letters', at('soft.log'), at('in.log')],
    ['--ledger', at('notes.txt'), at('in.log')],
  ]) {
    const { status, stderr } = await mirrormon(['-o', 'none', ...args]);
    t.equal(status, 2, stderr);
    t.equal(readFileSync(at('in.log'), 'utf8'), log);
    t.match(readFileSync(at('notes.txt'), 'utf8'), /forget/);
  }
  const made = await mirrormon(['-o', 'none', '--dead-letters', at('made.log'), at('ma*.log')]);
  t.equal(made.status, 2, 'a pattern that names what was just made');
  t.ok(existsSync(at('made.log')));
  const twice = () =>
    mirrormon(['-o', 'none', '--dead-letters', at('d'), '--ledger', at('l'), '--strict', '-'], {
      stdin: `${log}x\n`,
    });
  t.equal((await twice()).status, 3);
  t.equal((await twice()).status, 3, 'what it wrote itself is replaced');
  writeFileSync(at('l'), 'mine');
  t.equal((await twice()).status, 2);
  const forced = await mirrormon(['-o', 'none', '--ledger', at('l'), '--force', at('in.log')]);
  t.equal(forced.status, 0, forced.stderr);
});

t.test('answers of commands do not go to what they read', async (t) => {
  const at = workshop(t);
  for (const command of ['usage', 'audit', 'explain']) {
    const stdio: StdioOptions = ['ignore', openSync(at('hard.log'), 'a'), 'pipe'];
    const { status, stderr } = spawnSync(process.execPath, [program, command, at('in.log')], { stdio });
    t.equal(status, 2, command);
    t.match(stderr.toString(), /standard output is the input .*in\.log: it would feed on itself/);
    t.equal(readFileSync(at('in.log'), 'utf8'), log);
  }
});

t.test('a name that is empty', async (t) => {
  const at = workshop(t);
  for (const option of ['--dead-letters', '--ledger', '--partial', '--state']) {
    const { status, stderr } = await mirrormon(['-o', 'none', option, '', at('in.log')]);
    t.equal(status, 2, option);
    t.match(stderr, `mirrormon: ${option}: the name of a file is empty; is a variable of the shell not set?`);
  }
});
