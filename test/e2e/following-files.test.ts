import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { mirrormon, start } from '../helpers/program.ts';

const record = (k: number): string =>
  `${JSON.stringify({ timestamp: '2026-01-01T00:00:00Z', level: 'INFO', fields: { message: `m${k}` }, target: 't' })}\n`;
const records = (...numbers: number[]): string => numbers.map(record).join('');

function following(t: Test, args: readonly string[], cwd: string) {
  const child = start([...args, '-o', 'logs', '--ledger', 'ledger.json'], { cwd });
  let out = '';
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  const ended = once(child, 'close');
  const numbers = (): number[] => [...out.matchAll(/"message":"m(\d+)"/g)].map((match) => Number(match[1]));
  const until = async (count: number): Promise<void> => {
    for (let tries = 0; numbers().length < count && tries < 1500; tries++) await delay(20);
  };
  const end = async (): Promise<number[]> => {
    child.kill('SIGTERM');
    t.equal((await ended)[0], 143);
    const { read, rejected } = JSON.parse(readFileSync(join(cwd, 'ledger.json'), 'utf8'));
    t.same([read.records, rejected.total], [numbers().length, 0]);
    return numbers().sort((a, b) => a - b);
  };
  return { until, end, ended, numbers, said: () => said };
}

t.test(
  'patterns are looked at again; what rotation makes of a followed file is not read twice',
  async (t) => {
    const cwd = t.testdir({
      'a.log': records(0, 1),
      'a.log.1': records(2),
      'a.log.2.gz': gzipSync(records(3)),
      'b.log': records(4),
    });
    const one = following(t, ['-f', '*.log*'], cwd);
    await one.until(5);
    renameSync(join(cwd, 'a.log.1'), join(cwd, 'a.log.2'));
    renameSync(join(cwd, 'a.log'), join(cwd, 'a.log.1'));
    appendFileSync(join(cwd, 'a.log.1'), records(5));
    writeFileSync(join(cwd, 'a.log'), records(6));
    writeFileSync(join(cwd, 'c.log'), records(7));
    await one.until(8);
    appendFileSync(join(cwd, 'c.log'), records(8));
    await one.until(9);
    // time enough for another look
    await delay(2500);
    t.same(await one.end(), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    t.match(one.said(), /c\.log: a pattern names it now, and it is followed, too/);
  },
);

t.test('what is compressed is read once, which is told; alone, that is the end', async (t) => {
  const cwd = t.testdir({ 'a.log.gz': gzipSync(records(0, 1)), 'b.gz': gzipSync(records(2)) });
  const { status, stdout, stderr } = await mirrormon(['-f', 'a.log.gz', 'b.gz', '-o', 'logs'], { cwd });
  t.equal(status, 0, stderr);
  t.equal(stdout.split('\n').length - 1, 3);
  t.match(stderr, /a\.log\.gz: it is compressed or no lines of UTF-8, so it is read once and not followed/);
});

t.test('a pattern that names nothing yet, and a named pipe', async (t) => {
  const cwd = t.testdir({});
  spawnSync('mkfifo', [join(cwd, 'pipe')]);
  const one = following(t, ['-f', '*.log', 'pipe'], cwd);
  for (let tries = 0; !one.said().includes('no file matches') && tries < 500; tries++) await delay(20);
  t.match(one.said(), /\*\.log: no file matches this pattern yet; it is waited for/);
  writeFileSync(join(cwd, 'pipe'), records(0));
  writeFileSync(join(cwd, 'a.log'), records(1));
  await one.until(2);
  t.same(await one.end(), [0, 1]);
});

t.test('commands that read to the end say that they follow nothing', async (t) => {
  for (const command of ['usage', 'audit', 'report', 'backfill']) {
    const { status, stderr } = await mirrormon([command, '-f', 'a.log']);
    t.equal(status, 2);
    t.match(stderr, `'mirrormon ${command}' reads logs to their end, and follows none`);
  }
});

t.test('a named pipe that nobody writes to keeps nothing from ending', async (t) => {
  const cwd = t.testdir({ 'a.log': records(0) });
  spawnSync('mkfifo', [join(cwd, 'pipe')]);
  const child = start(['a.log', 'pipe', '-o', 'logs'], { cwd });
  const ended = once(child, 'exit');
  await once(child.stdout!, 'data');
  await delay(200);
  const began = Date.now();
  child.kill('SIGTERM');
  t.equal((await ended)[0], 143);
  t.ok(Date.now() - began < 15_000, `${Date.now() - began} ms`);
});

t.test(
  'how many files a pattern stood for, and an input that ends before its end under --strict',
  async (t) => {
    const cwd = t.testdir({
      'a.log': records(0),
      'b.log': records(1, 2),
      'cut.gz': gzipSync(records(...Array.from({ length: 200 }, (_, k) => k))).subarray(0, -20),
    });
    const files = await mirrormon(['*.log', '-o', 'none'], { cwd });
    t.match(files.stderr, /mirrormon: 3 records of 2 files read/);
    const named = await mirrormon(['a.log', '-o', 'none'], { cwd });
    t.match(named.stderr, /mirrormon: 1 record read/);
    t.equal((await mirrormon(['cut.gz', '-o', 'none'], { cwd })).status, 0);
    t.equal((await mirrormon(['cut.gz', '-o', 'none', '--strict'], { cwd })).status, 3);
  },
);

t.test('a bound is told when it is reached, and counted', async (t) => {
  const levels = ['INFO', 'WARN', 'ERROR', 'DEBUG'];
  const lines = levels.map((level, k) =>
    JSON.stringify({
      timestamp: '2026-01-01T00:00:00Z',
      level,
      fields: { message: `m${k}` },
      target: `t${k}`,
    }),
  );
  const cwd = t.testdir({ 'a.log': `${lines.join('\n')}\n`, 'c.yml': 'metrics: { maxSeries: 2 }\n' });
  const run = await mirrormon(['-c', 'c.yml', 'a.log', '-o', 'json', '--ledger', 'l.json'], { cwd });
  t.match(run.stderr, /has 2 series, the most that are kept: further labels join one overflow series/);
  t.ok(JSON.parse(readFileSync(join(cwd, 'l.json'), 'utf8')).bounded.series > 0);
});

t.test('two handlers do not share a spool', async (t) => {
  const handler = (path: string) =>
    `{ subscriptions: [{ type: logs }], handler: { type: otlp, url: 'http://127.0.0.1:1/v1/logs', spool: { path: ${path} } } }`;
  const cwd = t.testdir({
    'c.yml': `events:\n  one: ${handler('s')}\n  two: ${handler('./s/')}\n`,
    'a.log': records(0),
  });
  for (const args of [
    ['check', 'c.yml'],
    ['-c', 'c.yml', 'a.log'],
  ]) {
    const { status, stderr } = await mirrormon(args, { cwd });
    t.equal(status, 2);
    t.match(
      stderr,
      /events\.two\.handler\.spool\.path is the folder that events\.one spools in already, \.\/s\//,
    );
  }
});

t.test(
  'what rotation moved to another folder while nobody followed is told, also of a pattern',
  async (t) => {
    const cwd = t.testdir({ 'a.log': records(0), 'b.log': records(1), old: {} });
    for (const args of [['*.log'], ['a.log', 'b.log']]) {
      const follow = async (isDone: (said: string) => boolean): Promise<void> => {
        const child = start(['-f', ...args, '--state', `${args.length}`, '-o', 'logs'], { cwd });
        let said = '';
        for (const stream of [child.stdout, child.stderr])
          stream?.setEncoding('utf8').on('data', (text) => {
            said += text;
          });
        while (!isDone(said)) await delay(20);
        child.kill('SIGTERM');
        await once(child, 'close');
      };
      await follow((said) => said.includes('"m0"') && said.includes('"m1"'));
      appendFileSync(join(cwd, 'a.log'), records(2));
      renameSync(join(cwd, 'a.log'), join(cwd, 'old', 'a.log.1'));
      await follow((said) =>
        /warning: a\.log: .* gone.*read by itself what rotation moved to another folder/.test(said),
      );
      renameSync(join(cwd, 'old', 'a.log.1'), join(cwd, 'a.log'));
    }
  },
);
