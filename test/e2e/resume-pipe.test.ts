import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { placesOf } from '../../lib/state/input-places.ts';
import { readState } from '../../lib/state/state-file.ts';
import { mirrormon, start } from '../helpers/program.ts';

t.setTimeout(600_000);
const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

const env = { MIRRORMON_STATE_INTERVAL: '0' };
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

/** As \`kubectl logs --timestamps --prefix\` has a log of two pods; one line is no record. */
const records = Buffer.concat([...generate({ kind: 'operator', records: 6_000, seed: 12 })]).toString();
const lines = [...records.trimEnd().split('\n'), 'no record'].map((line, k) => {
  const time = new Date(Date.UTC(2024, 3, 1) + 700 * k).toISOString().replace('Z', '123456Z');
  return `[pod/operator-${k % 2}/operator] ${time} ${line}\n`;
});
const args = ['-c', 'c.yml', '--state', 's', '--dead-letters', 'dead', '--ledger', 'books', '--force'];

async function place(name: string): Promise<string> {
  const cwd = join(folder, name);
  await mkdir(cwd);
  await writeFile(join(cwd, 'c.yml'), config);
  return cwd;
}

async function readTo(cwd: string): Promise<number> {
  const state = await readState(join(cwd, 's')).catch(() => undefined);
  return state === undefined ? 0 : (placesOf(state.sections).get('-')?.offset ?? 0);
}

async function leftIn(cwd: string): Promise<string[]> {
  const { seconds, queues, ...books } = JSON.parse(await readFile(join(cwd, 'books'), 'utf8'));
  const texts = ['figures.ndjson', 'all.log', 'dead'].map((name) => readFile(join(cwd, name), 'utf8'));
  return [JSON.stringify(books), ...(await Promise.all(texts))];
}

/** Runs on some lines, and is killed when it has noted the first so many of them. */
async function killBehind(cwd: string, given: readonly string[], noted: number): Promise<void> {
  const child = start(args, { cwd, env });
  const ended = once(child, 'close');
  child.stdin!.write(given.slice(0, noted).join(''));
  const bytes = Buffer.byteLength(given.slice(0, noted).join(''));
  while ((await readTo(cwd)) < bytes && child.exitCode === null) await sleep(5);
  // these may be read, or not
  child.stdin!.write(given.slice(noted).join(''));
  await sleep(20);
  child.kill('SIGKILL');
  await ended;
}

t.test('a pipe whose lines have times goes on behind what was read, wherever it begins', async (t) => {
  const whole = await place('whole');
  const first = await mirrormon(args, { cwd: whole, stdin: lines.join('') });
  t.equal(first.status, 0, first.stderr);
  const expected = await leftIn(whole);
  t.match(expected[3], /no record"}/);

  const again = await mirrormon(args, { cwd: whole, stdin: lines.join('') });
  t.equal(again.status, 0, again.stderr);
  t.same(await leftIn(whole), expected, 'the same once more adds nothing');

  const cwd = await place('killed');
  await killBehind(cwd, lines.slice(0, 3000), 2000);
  const last = await mirrormon(args, { cwd, stdin: lines.join('') });
  t.equal(last.status, 0, last.stderr);
  const left = await leftIn(cwd);
  for (const [k, text] of expected.entries()) t.ok(left[k] === text, `from its beginning: output ${k}`);

  const later = await place('later');
  await killBehind(later, lines.slice(0, 3000), 2000);
  // as by --since-time, some seconds before what was read last
  const on = await mirrormon(args, { cwd: later, stdin: lines.slice(1990).join('') });
  t.equal(on.status, 0, on.stderr);
  const other = await leftIn(later);
  for (const [k, text] of expected.entries()) t.ok(other[k] === text, `from later on: output ${k}`);
});
