import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, renameSync, statSync, symlinkSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { mirrormon, program, start } from '../helpers/program.ts';

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));
const log = Buffer.concat([...generate({ kind: 'operator', records: 5000, seed: 1 })]);

const oneLine = (text: string): boolean => /^mirrormon: [^\n]+\n$/.test(text);

t.test('a mistake of the user is one clear line and status 2', async (t) => {
  const config = join(folder, 'bad.yml');
  await writeFile(config, 'metrics:\n  reportInterval: soon\n');
  const table: [args: string[], says: RegExp][] = [
    [['--no-such-option'], /unknown option '--no-such-option'/],
    [['--ledger', 'a', '--ledger', 'b'], /given twice, for 'a' too, and takes one file: leave one out/],
    [
      ['--otel-log-url', 'http://x:y@a', '--otel-log-url', 'http://b'],
      /invalid; it is given twice, for 'http:\/\/\S+@?a\/?' too, and takes one URL/,
    ],
    [['--metrics-addr', ':1', '--metrics-addr', ':2'], /for ':1' too, and takes one address/],
    [['-i', 'xml'], /argument 'xml' is invalid; it is one of auto, ndjson, json, kubectl/],
    [['--seed', 'x'], /seed is a whole number/],
    [['chek', 'ctrl.yml'], /neither a command nor a file 'chek'; did you mean 'mirrormon check'/],
    [['generate', '--records', '-1'], /whole number/],
    [['-c', config], /bad\.yml:2:19: .*duration/],
    [['-c', join(folder, 'none.yml')], /none\.yml: cannot read this configuration: no such file/],
    [['--report-interval', 'soon'], /--report-interval.*duration/],
    [
      ['-i', 'kubectl', '--records', 'a.b'],
      /--records leads to records in JSON, which -i kubectl does not read; leave out one of them/,
    ],
    [['--records', 'a['], /--records: "a\[" is no path to records from character 2 on/],
  ];
  for (const [args, says] of table) {
    const { status, stdout, stderr } = await mirrormon(args, { stdin: log });
    t.equal(status, 2, args.join(' '));
    t.equal(stdout, '');
    t.match(stderr, says);
    t.ok(oneLine(stderr), stderr);
  }
});

t.test('an input that cannot be read is named, the others are read, and the status is 1', async (t) => {
  const file = join(folder, 'op.log');
  await writeFile(file, log);
  const { status, stdout, stderr } = await mirrormon([join(folder, 'gone.log'), folder, file, '-o', 'json']);
  t.equal(status, 1);
  t.match(stderr, /gone\.log: cannot be read: no such file or folder\n/);
  t.match(stderr, /: it is a folder/);
  t.match(stderr, /not everything was done/);
  t.equal(stdout, (await mirrormon([file, '-o', 'json'])).stdout);
});

t.test('a folder as standard input is no empty log', async (t) => {
  const descriptor = openSync(folder, 'r');
  const { status, stderr } = spawnSync(process.execPath, [program, '-o', 'json'], {
    stdio: [descriptor, 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  closeSync(descriptor);
  t.equal(status, 1);
  t.match(stderr, /standard input: cannot be read: it is a folder; name its files instead\n/);
});

t.test('a link that leads nowhere is no mistyped command', async (t) => {
  const [nowhere, circle] = [join(folder, 'nowhere'), join(folder, 'circle')];
  symlinkSync(join(folder, 'not-there'), nowhere);
  symlinkSync(circle, circle);
  for (const [name, says] of [
    ['nowhere', /^mirrormon: nowhere: cannot be read: no such file or folder\n/],
    ['circle', /^mirrormon: circle: cannot be read: its symbolic links lead in a circle\n/],
  ] as const) {
    const { status, stderr } = await mirrormon([name], { cwd: folder });
    t.equal(status, 1);
    t.match(stderr, says);
  }
});

t.test('help and version', async (t) => {
  const help = await mirrormon(['--help']);
  t.equal(help.status, 0);
  t.match(help.stdout, /--dead-letters/);
  t.equal(help.stderr, '');
  const version = await mirrormon(['--version']);
  t.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

t.test('a closed standard output ends the run quietly', async (t) => {
  const child = start(['-o', 'logs']);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdin?.write(log);
  await once(child.stdout!, 'data');
  child.stdout?.destroy();
  // the source goes on: what matters is that the program does not wait for its end
  const more = setInterval(() => child.stdin?.write(log), 10);
  const [status] = await once(child, 'close');
  clearInterval(more);
  t.equal(status, 0);
  t.equal(stderr, '');
});

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGQUIT', 131],
  ['SIGUSR2', 140],
  ['SIGALRM', 142],
] as const) {
  t.test(`${signal} in a pipe: everything read is flushed`, async (t) => {
    const ledger = join(folder, `${signal}.json`);
    const child = start(['-o', 'logs', '--ledger', ledger]);
    let lines = 0;
    let reached: () => void = () => {};
    const all = new Promise<void>((resolve) => {
      reached = resolve;
    });
    child.stdout?.on('data', (bytes: Buffer) => {
      for (const byte of bytes) if (byte === 10) lines++;
      reached();
    });
    child.stdin?.write(log);
    await all;
    child.kill(signal);
    const [status] = await once(child, 'close');
    t.equal(status, expected);
    const books = JSON.parse(await readFile(ledger, 'utf8'));
    t.ok(books.read.records > 0 && books.selected === lines, `${lines} lines of ${books.selected} selected`);
    t.equal(books.handlers.stdout.records.delivered, books.selected);
    t.equal(books.selected + books.filtered + books.rejected.total, books.read.records);
  });
}

t.test('SIGUSR1 reopens files and reports, and opens no inspector', async (t) => {
  const path = join(folder, 'usr1.log');
  const config = join(folder, 'usr1.yml');
  await writeFile(
    config,
    `events: { f: { subscriptions: [{ type: logs }], handler: { type: file, format: logs, path: ${path} } } }`,
  );
  const child = start(['-c', config, '--follow', join(folder, 'usr1-in.log')], {});
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const until = async (isDone: () => boolean) => {
    while (!isDone()) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  await writeFile(join(folder, 'usr1-in.log'), log.subarray(0, log.indexOf('\n') + 1));
  await until(() => existsSync(path) && statSync(path).size > 0);
  renameSync(path, `${path}.old`);
  child.kill('SIGUSR1');
  await appendFile(join(folder, 'usr1-in.log'), log.subarray(0, log.indexOf('\n') + 1));
  await until(() => existsSync(path) && statSync(path).size > 0);
  child.kill('SIGTERM');
  const [status] = await once(child, 'close');
  t.equal(status, 143);
  t.notMatch(stderr, /Debugger/);
});

t.test('a report that cannot be written at the end is not delivered', async (t) => {
  const gone = await mkdtemp(join(folder, 'gone-'));
  const ledger = join(folder, 'gone.json');
  const child = start(['--report', join(gone, 'x.html'), '-o', 'logs', '--ledger', ledger]);
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdin?.write(log);
  await once(child.stdout!, 'data');
  child.stdout?.resume();
  await rm(gone, { recursive: true });
  child.stdin?.end();
  const [status] = await once(child, 'close');
  t.equal(status, 1);
  t.match(stderr, /report 0 of \d+ selected/);
  const { handlers, dropped } = JSON.parse(await readFile(ledger, 'utf8'));
  t.equal(handlers.report.events.delivered, 0);
  t.equal(handlers.report.events.dropped, handlers.report.events.selected);
  t.equal(dropped.reasons['write-failed'], handlers.report.events.selected);
});

t.test('a full disk below standard output is told as such', { skip: !existsSync('/dev/full') }, async (t) => {
  const file = join(folder, 'full.log');
  await writeFile(file, log);
  for (const args of [['-o', 'table', file], ['usage', file], ['audit', file], ['generate'], ['--help']]) {
    const stdout = openSync('/dev/full', 'w');
    const run = spawnSync(process.execPath, [program, ...args], { stdio: ['ignore', stdout, 'pipe'] });
    closeSync(stdout);
    t.equal(run.status, 1, args.join(' '));
    t.match(
      run.stderr.toString(),
      'standard output: cannot write: no space left on the disk',
      args.join(' '),
    );
  }
});

t.test('a disk below standard output that takes a part of a write is full', async (t) => {
  const file = join(folder, 'part.log');
  const part = join(folder, 'part.out');
  await writeFile(file, log);
  for (const args of [
    ['-o', 'json', file],
    ['-o', 'logs', file],
    ['explain', file],
    ['generate'],
    ['help', 'settings'],
  ]) {
    // a file of one block takes what fits of a write, and nothing more
    const command = `unset NODE_OPTIONS; ulimit -f 1; exec "$0" "$@" > '${part}'`;
    const run = spawnSync('bash', ['-c', command, process.execPath, program, ...args], { encoding: 'utf8' });
    t.equal(run.status, 1, args.join(' '));
    t.match(
      run.stderr,
      'standard output: cannot write: a file may not become that large here',
      args.join(' '),
    );
    t.ok(statSync(part).size > 0, 'as much as there was room for');
  }
});

t.test('too few files that may be open are told once, and nothing else is', async (t) => {
  const [small, large] = [join(folder, 'few.log'), join(folder, 'few-large.log')];
  await writeFile(small, log);
  await writeFile(
    large,
    Buffer.concat(Array.from({ length: Math.ceil((33 << 20) / log.length) }, () => log)),
  );
  let told = 0;
  for (let files = 18; files < 28; files++) {
    for (const file of [small, large]) {
      // what the tests' runner has every Node load needs files, too
      const command = `unset NODE_OPTIONS; ulimit -n ${files}; exec "$0" "$@"`;
      const args = [process.execPath, program, '-o', 'json', file];
      const { status, stderr } = spawnSync('sh', ['-c', command, ...args], { encoding: 'utf8' });
      // Node itself may lack one to begin with
      if (status === 0 || /^node:[\s\S]*\/mirrormon\.js/.test(stderr)) continue;
      told++;
      t.match(stderr, /^mirrormon: .*too many open files; allow more of them: ulimit -n 1024/);
      t.equal(stderr.match(/too many open files/g)!.length, 1);
      t.notMatch(stderr, /report it|no record|node:/, `${files}: ${stderr}`);
    }
  }
  t.ok(told > 0);
});

t.test('other handlers go on when standard output is closed', async (t) => {
  const config = join(folder, 'two.yml');
  const path = join(folder, 'all.log');
  await writeFile(
    config,
    `events:
  screen: { subscriptions: [{ type: logs, level: trace }], handler: { type: stdout, format: logs } }
  file: { subscriptions: [{ type: logs, level: trace }], handler: { type: file, format: logs, path: ${path} } }
`,
  );
  const child = start(['-c', config]);
  child.stdout?.destroy();
  child.stdin?.end(log);
  const [status] = await once(child, 'close');
  t.equal(status, 0);
  t.ok(log.equals(await readFile(path)), 'the file has every record, byte for byte');
});

t.test('names are told on one line, whatever is in them', async (t) => {
  const odd = join(folder, 'a\nb\x1b[31m.log');
  for (const args of [
    [odd],
    ['usage', odd],
    ['-c', odd],
    ['check', odd],
    ['--since', 'a\nb', odd],
    ['dashboards', 'a\nb'],
  ]) {
    const { stderr } = await mirrormon(args);
    t.match(stderr, String.raw`a\x0ab`, args.join(' '));
    t.notMatch(stderr, /a\nb|bug of mirrormon/, args.join(' '));
  }
  const lost = await mirrormon([join(folder, 'a\ufffd.log')]);
  t.match(
    lost.stderr,
    /no such file or folder; a name that is not UTF-8 comes here changed; give the file as standard input/,
  );
});

t.test('standard error does not go to what is read', async (t) => {
  const file = join(folder, 'own.log');
  await writeFile(file, log);
  for (const args of [
    ['-o', 'none', file],
    ['usage', file],
    ['-q', '-f', file],
  ]) {
    const stderr = openSync(file, 'a');
    const { status } = spawnSync(process.execPath, [program, ...args], {
      stdio: ['ignore', 'ignore', stderr],
    });
    closeSync(stderr);
    t.equal(status, 2, args.join(' '));
  }
  t.match(
    await readFile(file, 'utf8'),
    /standard error is the input .*own\.log: what is told would stand among what is read/,
  );
});
