import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openFile } from '../../../lib/handlers/file/index.ts';
import { fixture } from '../../helpers/root.ts';
import { allOf, handlerConfig, recordsFlow, testContext } from '../encode/support.ts';

/** What the File Reporter's own library did, in the way that the controller uses it. */
interface Case {
  readonly name: string;
  readonly clock: 'step' | 'frozen';
  readonly file_name: string;
  readonly max_size_mb: number;
  readonly max_backups: number;
  readonly initial_files: readonly { name: string; size: number; mode?: string; dir?: boolean }[];
  readonly events: readonly [size: number, repeat: number][];
  readonly files: readonly { name: string; size: number; mode: string }[];
}

/** Where we do better on purpose: what is there instead, as name or time of the backup to size. */
const better: Readonly<
  Record<string, { readonly why: string; readonly files: Readonly<Record<string, number>> }>
> = {
  'event-fills-newline-does-not': {
    why: 'event and newline are one write, so the event moves on with its newline',
    files: { 'metrics-2026-03-04T05-06-07.008.log': 1001, 'metrics.log': 1047598 },
  },
  'event-is-max-size-first-write': {
    why: 'no empty backup; with its newline the event exceeds the limit and has a file of its own',
    files: { 'metrics-2026-03-04T05-06-07.008.log': 1048577, 'metrics.log': 11 },
  },
  'event-is-max-size-later': {
    why: 'its newline stays with it',
    files: {
      'metrics-2026-03-04T05-06-07.008.log': 11,
      'metrics-2026-03-04T05-06-07.009.log': 1048577,
      'metrics.log': 11,
    },
  },
  'event-too-large': {
    why: 'data outranks the limit: the event is kept',
    files: {
      'metrics-2026-03-04T05-06-07.008.log': 202,
      'metrics-2026-03-04T05-06-07.009.log': 1048578,
      'metrics.log': 202,
    },
  },
  'event-too-large-first': { why: 'data outranks the limit', files: { 'metrics.log': 1048578 } },
  'two-rotations-in-one-ms': {
    why: 'a backup takes the next free millisecond instead of the place of another',
    files: {
      'metrics-2026-03-04T05-06-07.008.log': 600001,
      'metrics-2026-03-04T05-06-07.009.log': 600001,
      'metrics-2026-03-04T05-06-07.010.log': 600001,
      'metrics.log': 600001,
    },
  },
};

const cases = JSON.parse(readFileSync(fixture('rolling', 'lumberjack.json'), 'utf8')) as Case[];

for (const golden of cases) {
  const other = better[golden.name];
  t.test(`${golden.name}${other === undefined ? '' : `: ${other.why}`}`, async (t) => {
    const folder = t.testdir();
    plant(folder, golden);
    await play(folder, golden);
    const expected = other?.files ?? sizesOf(golden.files);
    t.strictSame(sizesOf(list(folder)), { ...expected });
    if (other === undefined && process.umask() === 0o022)
      t.strictSame(modesOf(list(folder)), modesOf(golden.files));
    if (other !== undefined)
      t.notSame(expected, sizesOf(golden.files), 'listed as better, so it must differ');
  });
}

t.test('every case that is listed as better exists', async (t) => {
  for (const name of Object.keys(better))
    t.ok(
      cases.some((golden) => golden.name === name),
      name,
    );
});

/** Files of whole lines: a last line without its end would be mended, which the original does not do. */
function plant(folder: string, golden: Case): void {
  for (const { name, size, mode, dir } of golden.initial_files) {
    if (dir) mkdirSync(join(folder, name));
    else writeFileSync(join(folder, name), `${'x'.repeat(Math.max(0, size - 1))}\n`);
    if (mode !== undefined) chmodSync(join(folder, name), Number.parseInt(mode, 8));
  }
}

async function play(folder: string, golden: Case): Promise<void> {
  const context = testContext();
  let rolls = 0;
  const clock = { ...context, now: () => context.clock + (golden.clock === 'step' ? rolls++ : 0) };
  const path = join(folder, golden.file_name);
  const config = handlerConfig({ path, maxsizemb: golden.max_size_mb, maxbackups: golden.max_backups });
  const handler = openFile(config, clock);
  await handler.open();
  const records = golden.events.flatMap(([size, repeat]) =>
    new Array<string>(repeat).fill(`"${'x'.repeat(size - 2)}"`),
  );
  const flow = recordsFlow(records);
  await handler.write(flow, allOf(flow));
  await handler.close();
}

function list(folder: string): Case['files'] {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const { size, mode } = statSync(join(folder, entry.name));
    return {
      name: entry.name,
      size: entry.isDirectory() ? 0 : size,
      mode: entry.isDirectory() ? 'd' : permissions(mode),
    };
  });
}

function permissions(mode: number): string {
  return `-${Array.from('rwxrwxrwx', (letter, bit) => (mode & (0o400 >> bit) ? letter : '-')).join('')}`;
}

function sizesOf(files: Case['files']): Record<string, number> {
  return Object.fromEntries(files.map(({ name, size }) => [name, size]));
}

function modesOf(files: Case['files']): Record<string, string> {
  return Object.fromEntries(
    files.filter(({ mode }) => !mode.startsWith('d')).map(({ name, mode }) => [name, mode]),
  );
}
