import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { writeParts } from '../helpers/log-parts.ts';
import { mirrormon, start } from '../helpers/program.ts';

/** How often a run is killed, over all; 200 for a whole trial. */
const KILLS = Number(process.env.MIRRORMON_KILLS ?? 20);
const KILLS_OF_A_RUN = 5;
const FILES = 10;
t.setTimeout(3_600_000);

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

// late records, and sessions that begin in one file and end in another
const log = Buffer.concat([...generate({ kind: 'operator', records: 30_000, seed: 5, late: 5 })]);
const files = await writeParts(log, { folder, count: FILES, rejects: true });

const config = `
metrics: { reportInterval: 30m }
events:
  figures:
    subscriptions: [{ type: metrics }]
    handler: { type: file, format: json, path: figures.ndjson }
  all:
    subscriptions: [{ type: logs }]
    handler: { type: file, format: logs, path: all.log, maxsizemb: 1 }
  newest:
    subscriptions: [{ type: logs }]
    handler: { type: file, format: logs, path: newest.log, maxsizemb: 1, maxbackups: 2 }
`;
const args = ['-c', 'c.yml', '--state', 's', '--dead-letters', 'dead', '--ledger', 'books', ...files];

async function place(name: string): Promise<string> {
  const cwd = join(folder, name);
  await mkdir(cwd);
  await writeFile(join(cwd, 'c.yml'), config);
  return cwd;
}

/** What a run left: backups by the order of their times, which are those of the clock. */
async function leftIn(cwd: string): Promise<Record<string, string[]>> {
  const left: Record<string, string[]> = {};
  for (const name of (await readdir(cwd)).sort()) {
    if (/^(c\.yml|s)$/.test(name)) continue;
    const text = await readFile(join(cwd, name), 'utf8');
    const what = name.replace(/-\d{4}-.*(?=\.log)/, '');
    const content = name === 'books' ? JSON.stringify(withoutTimes(JSON.parse(text))) : text;
    left[what] = [...(left[what] ?? []), content];
  }
  return left;
}

/** A ledger without what depends on how fast it went. */
function withoutTimes({ seconds, queues, ...books }: Record<string, unknown>): unknown {
  return books;
}

// checkpoints wherever one may stand, within files, too
const env = { MIRRORMON_STATE_INTERVAL: '0', MIRRORMON_STATE_STRETCH: '150000' };
const undisturbed = await place('undisturbed');
const began = performance.now();
const first = await mirrormon(args, { cwd: undisturbed, env: { MIRRORMON_STATE_INTERVAL: '0' } });
const takes = performance.now() - began;
const expected = await leftIn(undisturbed);

t.test('what is compared is there', async (t) => {
  t.equal(first.status, 0, first.stderr);
  t.same(Object.keys(expected).sort(), ['all.log', 'books', 'dead', 'figures.ndjson', 'newest.log']);
  t.ok(expected['all.log']!.length > 5);
  t.equal(expected['newest.log']!.length, 3);
  t.equal(expected.dead![0]!.split('\n').length, FILES + 1);
});

t.test('killed at any moment, the same command again ends with the same bytes', async (t) => {
  let checkpoints = 0;
  for (let run = 0; run * KILLS_OF_A_RUN < KILLS; run++) {
    const cwd = await place(`run-${run}`);
    for (let kill = 0; kill < KILLS_OF_A_RUN; kill++) {
      const threads = kill % 2 === 0 ? [] : ['--workers', '2'];
      const child = start([...args, ...threads], { cwd, env });
      const ended = once(child, 'close');
      await Promise.race([sleep(Math.random() * takes), ended]);
      child.kill('SIGKILL');
      await ended;
    }
    const last = await mirrormon(args, { cwd });
    if (last.stderr.includes('goes on behind')) checkpoints++;
    const left = await leftIn(cwd);
    t.equal(last.status, 0, last.stderr);
    for (const [name, contents] of Object.entries(expected)) {
      t.equal(left[name]?.length, contents.length, name);
      t.ok(
        contents.every((content, k) => content === left[name]?.[k]),
        `run ${run}: ${name} is the same`,
      );
    }
    t.same(Object.keys(left).sort(), Object.keys(expected).sort(), 'and nothing else is left');
    await rm(cwd, { recursive: true });
  }
  t.ok(checkpoints > 0, 'some went on from a state');
});

t.test('an archive that was interrupted gives the bytes of one run, also without --state', async (t) => {
  const whole = await mirrormon([...files, '-o', 'json']);
  const state = join(folder, 'archive.state');
  const some = await mirrormon([...files.slice(0, 4), '-o', 'json', '--state', state]);
  const resumed = await mirrormon([...files, '-o', 'json', '--state', state]);
  t.match(resumed.stderr, /goes on behind 4 files/);
  t.notOk(some.stdout === whole.stdout);
  t.ok(resumed.stdout === whole.stdout);
  const again = await mirrormon([...files, '-o', 'json', '--state', state]);
  t.match(again.stderr, /goes on behind 10 files/);
  t.ok(again.stdout === whole.stdout, 'and so does the same command once more');
});

t.test('a state that cannot be gone on with is refused with 2', async (t) => {
  const state = join(folder, 'refused.state');
  const run = async (...more: string[]): Promise<string> => {
    const { status, stderr } = await mirrormon([files[0]!, '-o', 'json', '--state', state, ...more]);
    return `${status} ${stderr}`;
  };
  t.match(await run(), /^0 /);
  t.match(await run('--seed', '9'), /^2 .*it is of a run with another configuration: seed differs/);
  t.match(await run('--report-interval', '1m'), /^2 .*metrics.reportInterval differs/);
  t.match(await run('--dead-letters', join(folder, 'd')), /^2 .*options differs/);
  await writeFile(`${state}.lock`, `${process.pid}\n`);
  t.match(await run(), new RegExp(`^2 .*in use by process ${process.pid}`));
  await writeFile(`${state}.lock`, '999999999\n');
  t.match(await run(), /^0 /, 'one of a process that died is taken');
  t.notOk(existsSync(`${state}.lock`));
  await writeFile(state, (await readFile(state)).subarray(0, -5));
  t.match(await run(), /^2 .*this state is damaged: 5 of/);
  const pipe = ['-o', 'json', '--state', join(folder, 'pipe.state')];
  const unresumable = await mirrormon(pipe, { stdin: '{"level":"INFO"}\n' });
  t.match(unresumable, {
    status: 2,
    stderr: /--state does not hold how far this pipe was read.*--timestamps/,
  });
});

t.test('a duration of --since ends where it did in the first run, whatever has come since', async (t) => {
  const cwd = join(folder, 'duration');
  await mkdir(cwd);
  const hours = (...of: number[]): string =>
    of.map((hour) => `{"timestamp":"2024-04-01T0${hour}:00:00Z","level":"INFO"}\n`).join('');
  await writeFile(join(cwd, 'a.log'), hours(1, 3, 4));
  const run = async (names: string[], ...more: string[]) => {
    const ended = await mirrormon([...names, '--state', 's', '--ledger', 'books', '--force', ...more], {
      cwd,
    });
    const books = ended.status === 0 ? JSON.parse(await readFile(join(cwd, 'books'), 'utf8')) : undefined;
    return { status: ended.status, stderr: ended.stderr, measured: books?.measured };
  };
  t.match(await run(['a.log'], '--since', '90m', '-o', 'json'), { status: 0, measured: 2 });
  await writeFile(join(cwd, 'b.log'), hours(2, 5, 8));
  t.match(await run(['a.log', 'b.log'], '--since', '90m', '-o', 'json'), {
    status: 0,
    stderr: /goes on behind 1 file/,
    measured: 4,
  });
  t.match(await run(['a.log', 'b.log'], '--since', '60m', '-o', 'json'), {
    status: 2,
    stderr: /another configuration: --since differs/,
  });
});

t.test('a file that has changed, or an output that is gone, is told', async (t) => {
  const cwd = await place('changed');
  const file = join(cwd, 'in.log');
  await writeFile(file, log.subarray(0, log.indexOf(10, 10_000) + 1));
  const run = () => mirrormon(['in.log', '-c', 'c.yml', '--state', 's'], { cwd });
  t.equal((await run()).status, 0);
  await writeFile(file, log.subarray(0, log.indexOf(10, 20_000) + 1));
  t.match(await run(), {
    status: 1,
    stderr: /in.log: it has changed since it was read: it had 1\d,\d+ bytes/,
  });
  await rm(join(cwd, 'figures.ndjson'));
  t.match(await run(), {
    status: 2,
    stderr: /figures.ndjson: the file that --state would go on with has changed/,
  });
});

t.test('a commit of an entity change is known by a change that a run before has read', async (t) => {
  const cwd = join(folder, 'changes');
  await mkdir(cwd);
  await writeFile(
    join(cwd, 'c.yml'),
    `
events:
  changes:
    subscriptions: [{ type: entityChange, include: [services] }]
    handler: { type: file, format: json, path: changes.ndjson }
`,
  );
  const change = (eventId: string, entityType: string) =>
    `${JSON.stringify({ namespace: 'entityChange', eventId, eventType: 'created', entityType })}\n`;
  const commit = (eventId: string) =>
    `${JSON.stringify({ namespace: 'entityChange', eventId, eventType: 'committed' })}\n`;
  await writeFile(join(cwd, 'a.log'), change('s', 'services') + change('r', 'routers'));
  await writeFile(join(cwd, 'b.log'), commit('s') + commit('r'));
  const run = (...files: string[]) => mirrormon(['-c', 'c.yml', '--state', 's', ...files], { cwd });
  t.equal((await run('a.log')).status, 0);
  t.match(await run('a.log', 'b.log'), { status: 0, stderr: /goes on behind 1 file/ });
  t.equal(await readFile(join(cwd, 'changes.ndjson'), 'utf8'), change('s', 'services') + commit('s'));
});
