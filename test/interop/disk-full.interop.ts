import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { start } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';
import { skipped } from './components.ts';
import { eventually } from './services.ts';

/*
 * A file handler on a file system of 2 MB. More than half of it is taken by a ballast, so that it fills up in the middle
 * of a file and space can come back.
 */
const MIB = 1 << 20;
/** A write as a whole or not at all: of a full disk, less than one write stays free. */
const LARGEST_WRITE = 256 * 1024;
const root = mkdtempSync(join(tmpdir(), 'mirrormon-disk-'));
const disk = join(root, 'disk');
const ballast = join(disk, 'ballast');

function mount(): void {
  spawnSync('mkdir', ['-p', disk]);
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]);
  if (status === 0) return;
  const why = error?.message ?? String(stderr).trim();
  process.stderr.write(`a full disk needs a tmpfs, which cannot be mounted here: ${why}\n`);
  rmSync(root, { recursive: true });
  process.exit(skipped);
}

mount();
t.teardown(() => {
  spawnSync('umount', [disk]);
  rmSync(root, { recursive: true });
});

/** Whole events, more than the disk has room for beside the ballast and less than all of it. */
const input = (() => {
  const all = gunzipSync(readFileSync(fixture('ziti', 'captures', 'metrics-all.ndjson.gz')));
  return all.subarray(0, all.lastIndexOf('\n', 1.8 * MIB) + 1);
})();

interface Books {
  readonly handlers: { readonly disk: { readonly records: Record<string, number>; readonly bytes: number } };
}

/** Starts a run on the disk; its files are empty and the ballast lies there. */
function begin(onError: string) {
  for (const name of readdirSync(disk)) rmSync(join(disk, name));
  writeFileSync(ballast, Buffer.alloc(1.25 * MIB));
  const config = join(root, 'c.yml');
  const ledger = join(root, 'ledger.json');
  writeFileSync(
    config,
    `events:
  disk:
    subscriptions: [{ type: metrics }]
    handler: { type: file, format: json, path: ${join(disk, 'e.log')}, maxsizemb: 1, ${onError} }
`,
  );
  const child = start(['-c', config, '--ledger', ledger]);
  const ended = once(child, 'close').then(([status]) => status as number);
  let said = '';
  let saidAt = Number.POSITIVE_INFINITY;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.includes('no space left')) saidAt = Math.min(saidAt, performance.now());
  });
  child.stdin?.end(input);
  return {
    child,
    ended,
    said: () => said,
    saidAt: () => saidAt,
    books: () => JSON.parse(readFileSync(ledger, 'utf8')) as Books,
  };
}

/** The backups and the file, in the order in which they were written. */
function written(): Buffer {
  const names = readdirSync(disk).filter((name) => name.endsWith('.log'));
  names.sort((a, b) => Number(a === 'e.log') - Number(b === 'e.log') || (a < b ? -1 : 1));
  return Buffer.concat(names.map((name) => readFileSync(join(disk, name))));
}

const lines = (bytes: Buffer): number => bytes.toString('latin1').split('\n').length - 1;

t.test(
  'onError wait: says so within a second, holds whole events, and goes on when there is room',
  async (t) => {
    const run = begin('onError: wait');
    const fullAt = await eventually('the disk is full', async () => {
      await delay(5);
      const { bavail, bsize } = statfsSync(disk);
      return bavail * bsize < LARGEST_WRITE ? performance.now() : undefined;
    });
    await eventually('it is said', async () => (run.saidAt() < Number.POSITIVE_INFINITY ? true : undefined));
    t.ok(
      run.saidAt() - fullAt < 1000,
      `said ${Math.round(run.saidAt() - fullAt)} ms after the disk was full`,
    );
    t.match(
      run.said(),
      /e\.log: cannot write events: no space left on the disk.*trying again until it works/,
    );

    await delay(1500);
    const before = written();
    t.equal(run.child.exitCode, null, 'it waits');
    t.ok(before.length > 0 && before.length < input.length, `${before.length} of ${input.length} bytes`);
    t.equal(before.at(-1), 0x0a, 'whole events');
    t.ok(before.equals(input.subarray(0, before.length)), 'the first that came, in their order');

    rmSync(ballast);
    t.equal(await run.ended, 0, run.said());
    t.ok(written().equals(input), 'nothing lost, nothing doubled');
    t.match(run.said(), /disk: writing again/);
    t.match(run.books().handlers.disk, {
      bytes: input.length,
      records: { dropped: 0, delivered: lines(input) },
    });
  },
);

t.test(
  'onError fail: gives up after retryFor with status 1, and the books are those of the disk',
  async (t) => {
    const run = begin('onError: fail, retryFor: 1s');
    t.equal(await run.ended, 1);
    const there = written();
    t.ok(
      there.equals(input.subarray(0, there.length)) && there.at(-1) === 0x0a,
      'whole events, from the first on',
    );
    const { records, bytes } = run.books().handlers.disk;
    t.equal(records.delivered, lines(there));
    t.equal(bytes, there.length);
    t.equal(records.delivered! + records.dropped!, records.selected);
    t.match(run.said(), /trying again for 1 s/);
    t.match(run.said(), new RegExp(`delivered: disk ${lines(there)} of ${records.selected} selected`));
  },
);

t.test('onError drop: goes on, drops what has no room, and counts it', async (t) => {
  const run = begin('onError: drop');
  t.equal(await run.ended, 0, run.said());
  const there = written();
  const wanted = new Set(input.toString('latin1').split('\n'));
  t.ok(
    there
      .toString('latin1')
      .split('\n')
      .every((line) => wanted.has(line)),
    'whole events only',
  );
  const { records, bytes } = run.books().handlers.disk;
  t.equal(records.delivered, lines(there));
  t.equal(bytes, there.length);
  t.equal(records.selected, lines(input));
  t.ok(records.dropped! > 0 && records.delivered! + records.dropped! === records.selected);
  t.match(run.said(), /dropping what it cannot take/);
  t.match(run.said(), new RegExp(`${records.dropped!.toLocaleString('en-US')} dropped`));
});
