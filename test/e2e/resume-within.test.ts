import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { readState } from '../../lib/state/state-file.ts';
import { mirrormon, start } from '../helpers/program.ts';

t.setTimeout(600_000);

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

const env = { MIRRORMON_STATE_INTERVAL: '0', MIRRORMON_STATE_STRETCH: '200000' };
const config = `
metrics: { reportInterval: 1h }
events:
  figures:
    subscriptions: [{ type: metrics }]
    handler: { type: file, format: json, path: figures.ndjson }
  all:
    subscriptions: [{ type: logs }]
    handler: { type: file, format: logs, path: all.log }
`;

/** How far into its one file a run has come that is killed as soon as it is somewhere in the middle. */
async function killWithin(args: readonly string[], cwd: string): Promise<number> {
  const child = start(args, { cwd, env });
  const ended = once(child, 'close');
  let offset = 0;
  while (offset === 0 && child.exitCode === null) {
    await sleep(5);
    const state = await readState(join(cwd, 's')).catch(() => undefined);
    offset = state?.about.going?.amid[0]?.offset ?? 0;
  }
  child.kill('SIGKILL');
  await ended;
  const { about } = await readState(join(cwd, 's'));
  return about.going!.amid[0]?.offset ?? 0;
}

async function leftBy(args: readonly string[], cwd: string, more: readonly string[] = []): Promise<string[]> {
  const run = await mirrormon([...args, ...more, '--ledger', 'books', '--force'], { cwd });
  t.equal(run.status, 0, run.stderr);
  const { seconds, queues, ...books } = JSON.parse(await readFile(join(cwd, 'books'), 'utf8'));
  const outputs = ['figures.ndjson', 'all.log', 'dead'].map((name) => readFile(join(cwd, name), 'utf8'));
  return [JSON.stringify(books), ...(await Promise.all(outputs)), run.stderr];
}

const forms: readonly (readonly [name: string, make: (log: Buffer) => Buffer, more: readonly string[]])[] = [
  ['plain', (log) => log, []],
  ['threads', (log) => log, ['--workers', '2']],
  ['gzip', (log) => gzipSync(log), []],
  ['gzip-threads', (log) => gzipSync(log), ['--workers', '2']],
  [
    'cri',
    (log) => prefixed(log, (k) => `2024-04-01T00:00:00.${String(k % 1000).padStart(3, '0')}Z stdout F `),
    [],
  ],
  ['kubectl', (log) => prefixed(log, (k) => `[pod/operator-${k % 2}/operator] `), []],
];

function prefixed(log: Buffer, prefix: (k: number) => string): Buffer {
  const lines = log.toString().trimEnd().split('\n');
  return Buffer.from(lines.map((line, k) => `${prefix(k)}${line}\n`).join(''));
}

for (const [name, make, more] of forms) {
  t.test(`${name}: killed within its one file, a run goes on within it, to the same bytes`, async (t) => {
    const log = Buffer.concat([
      ...generate({ kind: 'operator', records: 8_000, seed: 6, late: 5 }),
      Buffer.from('no record\n'),
      ...generate({ kind: 'operator', records: 4_000, seed: 7 }),
      Buffer.from('nor this'),
    ]);
    const file = join(folder, `${name}.log`);
    await writeFile(file, make(log));
    const args = ['-c', 'c.yml', '--dead-letters', 'dead', file, ...more];
    const [whole, killed] = await Promise.all(
      ['whole', 'killed'].map(async (kind) => {
        const cwd = join(folder, `${name}-${kind}`);
        await mkdir(cwd);
        await writeFile(join(cwd, 'c.yml'), config);
        return cwd;
      }),
    );
    const expected = await leftBy(args, whole!);
    const stateful = [...args, '--state', 's', '--ledger', 'books', '--force'];
    const offset = await killWithin(stateful, killed!);
    t.ok(offset > 0, 'it was in the middle');
    const told = await mirrormon(['state', join(killed!, 's')]);
    t.match(told.stdout, new RegExp(`\\n.*${name}.log up to byte ${offset.toLocaleString('en')}\\n`));
    const left = await leftBy(args, killed!, ['--state', 's']);
    t.match(left.pop(), /goes on behind 0 files and byte [\d,]+ of .*\.log that s has/);
    expected.pop();
    t.equal(left.length, expected.length);
    for (const [k, text] of left.entries()) t.ok(text === expected[k], `output ${k}`);
  });
}

/** Records of two lines each: one that is not whole at the end of a stretch is read again. */
function asText(log: Buffer): Buffer {
  const lines = log.toString().trimEnd().split('\n');
  const text = lines.map((line, k) => {
    const time = new Date(Date.UTC(2024, 3, 1) + 100 * k).toISOString();
    return `${time}  INFO operator: ${line.slice(0, 90)}\n    at lib.rs:${k}\n`;
  });
  return Buffer.from(text.join(''));
}

t.test('of records of several lines, which wait for more, no part is taken for done', async (t) => {
  const cwd = join(folder, 'text');
  await mkdir(cwd);
  await writeFile(join(cwd, 'c.yml'), config);
  const log = Buffer.concat([...generate({ kind: 'operator', records: 9_000, seed: 6 })]);
  await writeFile(join(cwd, 'x.log'), asText(log));
  const args = ['-c', 'c.yml', '--dead-letters', 'dead', 'x.log'];
  const expected = await leftBy(args, cwd);
  for (const name of ['figures.ndjson', 'all.log', 'dead']) await rm(join(cwd, name));
  const run = start([...args, '--state', 's', '--ledger', 'books', '--force'], { cwd, env });
  const ended = once(run, 'close');
  await Promise.race([sleep(300), ended]);
  run.kill('SIGKILL');
  await ended;
  t.same((await leftBy(args, cwd, ['--state', 's'])).slice(0, -1), expected.slice(0, -1));
});

t.test('a file whose beginning has changed is not gone on with', async (t) => {
  for (const [name, pack] of [
    ['plain', (log: Buffer) => log],
    ['gzip', (log: Buffer) => gzipSync(log, { level: 0 })],
  ] as const) {
    const cwd = join(folder, `changed-${name}`);
    await mkdir(cwd);
    const log = Buffer.concat([...generate({ kind: 'operator', records: 12_000, seed: 8 })]);
    await writeFile(join(cwd, 'x.log'), pack(log));
    const args = ['x.log', '-o', 'json', '--state', 's'];
    const offset = await killWithin(args, cwd);
    t.ok(offset > 0);
    const changed = Buffer.from(log);
    changed.write('~', offset - 20);
    await writeFile(join(cwd, 'x.log'), pack(changed));
    const again = await mirrormon(args, { cwd });
    t.match(again, {
      status: 1,
      stderr: /x.log: it has changed since it was read: what stood before byte [\d,]+ is not there any more/,
    });
  }
});
