import { once } from 'node:events';
import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { generate } from '../../lib/generate/index.ts';
import { eventsOf, rateKeys, withoutRates } from '../helpers/event-lines.ts';
import { writeParts } from '../helpers/log-parts.ts';
import { mirrormon, start } from '../helpers/program.ts';

const FILES = 8;
const KILLS = 4;
t.setTimeout(600_000);

const folder = await mkdtemp(join(tmpdir(), 'mirrormon-'));
t.teardown(() => rm(folder, { recursive: true }));

/** An archive: files one after the other, every second one packed, with late records and sessions across files. */
const log = Buffer.concat([...generate({ kind: 'operator', records: 24_000, seed: 21, late: 3 })]);
const files = await writeParts(log, { folder, count: FILES });

const areNear = (x = 0, y = 0): boolean => Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y));

/** When a state was written; undefined before there is one. */
function writtenAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

const began = performance.now();
const whole = await mirrormon([...files, '-o', 'json']);
const takes = performance.now() - began;

t.test('an archive whose run was killed again and again gives the bytes of one run', async (t) => {
  const state = join(folder, 's');
  const args = [...files, '-o', 'json', '--state', state];
  const env = { MIRRORMON_STATE_INTERVAL: '0', MIRRORMON_STATE_STRETCH: '100000' };
  for (let kill = 0; kill < KILLS; kill++) {
    const before = writtenAt(state);
    const child = start(args, { env });
    const ended = once(child, 'close');
    child.stdout!.resume();
    // it has come further than the one before, however slow the machine is
    while (writtenAt(state) === before && child.exitCode === null) await sleep(1);
    await Promise.race([sleep((takes * kill) / KILLS ** 2), ended]);
    child.kill('SIGKILL');
    await ended;
  }
  const last = await mirrormon(args);
  t.equal(last.status, 0, last.stderr);
  t.match(last.stderr, /goes on behind/);
  t.ok(last.stdout === whole.stdout, 'byte by byte');
});

t.test('as eight partials that are merged it gives the same, but for the last digits of rates', async (t) => {
  const partials: string[] = [];
  for (const [k, file] of files.entries()) {
    partials.push(join(folder, `${k}.partial`));
    const { status, stderr } = await mirrormon([file, '-o', 'none', '--partial', partials[k]!]);
    t.equal(status, 0, stderr);
  }
  const merged = await mirrormon(['merge', ...partials, '--expect', String(FILES), '-o', 'json']);
  const [some, others] = [eventsOf(merged.stdout), eventsOf(whole.stdout)];
  t.ok(some.length > 500);
  t.same(some.map(withoutRates), others.map(withoutRates));
  const apart = some.filter(({ metrics }, k) =>
    rateKeys.some((key) => !areNear(metrics[key], others[k]!.metrics[key])),
  );
  t.same(apart, [], 'rates agree to 1e-12');
});
