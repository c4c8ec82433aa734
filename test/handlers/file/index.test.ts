import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { MirrormonError } from '../../../lib/errors.ts';
import { openFile } from '../../../lib/handlers/file/index.ts';
import { allOf, handlerConfig, recordsFlow, reportFlow, testContext } from '../encode/support.ts';

const mebibyte = 1 << 20;

/** An event of `size` bytes that says which it is. */
function event(index: number, size: number): string {
  const head = `{"event":${index},"pad":"`;
  return `${head}${'x'.repeat(size - head.length - 2)}"}`;
}

const events = (count: number, size: number) =>
  Array.from({ length: count }, (_, index) => event(index, size));
const indexes = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).event);
const read = (path: string) => readFileSync(path, 'utf8');

async function run(path: string, records: readonly string[], part = {}, context = testContext()) {
  const handler = openFile(handlerConfig({ path, ...part }), context);
  await handler.open();
  const flow = recordsFlow(records);
  const bytes = await handler.write(flow, allOf(flow));
  await handler.close();
  return { bytes, context };
}

t.test('events are in the file when write resolves, and it says how many bytes', async (t) => {
  const path = join(t.testdir(), 'events.log');
  const handler = openFile(handlerConfig({ path }), testContext());
  await handler.open();
  t.equal(read(path), '', 'the file is made at open');
  const flow = recordsFlow(['{"a":1}', '{"a":2}']);
  t.equal(await handler.write(flow, allOf(flow)), 16);
  t.equal(read(path), '{"a":1}\n{"a":2}\n');
  await handler.close();
  t.equal(statSync(path).mode & 0o777, 0o644 & ~process.umask());
});

t.test('a report is written like any other events', async (t) => {
  const path = join(t.testdir(), 'events.log');
  const handler = openFile(handlerConfig({ path }), testContext());
  await handler.open();
  const made = {
    metric_type: 'floatValue',
    namespace: 'metrics',
    source_id: 's',
    metric: 'm',
    metrics: { value: 1 },
  } as const;
  const flow = reportFlow(
    Array.from({ length: 5000 }, () => made),
    60_000,
  );
  const bytes = await handler.write(flow, allOf(flow));
  await handler.close();
  t.equal(bytes, statSync(path).size);
  t.equal(read(path).trimEnd().split('\n').length, 5000);
});

t.test('an existing file is appended to, and the line that a crash cut is ended first', async (t) => {
  const path = join(t.testdir({ whole: '{"a":0}\n', cut: '{"a":0}\n{"a":' }), 'whole');
  await run(path, ['{"a":1}']);
  t.equal(read(path), '{"a":0}\n{"a":1}\n');
  const cut = join(path, '..', 'cut');
  await run(cut, []);
  t.equal(read(cut), '{"a":0}\n{"a":', 'nothing to write, nothing changed');
  await run(cut, ['{"a":1}', '{"a":2}']);
  t.equal(read(cut), '{"a":0}\n{"a":\n{"a":1}\n{"a":2}\n');
});

t.test('a cut line that has no room for its newline is left in the backup', async (t) => {
  const path = join(t.testdir({ 'e.log': 'x'.repeat(mebibyte) }), 'e.log');
  await run(path, ['{"a":1}'], { maxsizemb: 1 });
  t.equal(read(path), '{"a":1}\n');
  t.equal(statSync(join(path, '..', 'e-2026-03-04T05-06-07.008.log')).size, mebibyte);
});

t.test('no file exceeds the limit, no event is split, none is lost, whatever their sizes', async (t) => {
  const folder = t.testdir();
  const records = Array.from({ length: 4000 }, (_, index) => event(index, 40 + ((index * 7919) % 2500)));
  await run(join(folder, 'e.log'), records, { maxsizemb: 1 });
  const names = readdirSync(folder).sort();
  t.ok(names.length > 3);
  for (const name of names) t.ok(statSync(join(folder, name)).size <= mebibyte, name);
  t.strictSame(indexes(names.map((name) => read(join(folder, name))).join('')), [...records.keys()]);
});

t.test('an event larger than the limit gets a file of its own, and a warning', async (t) => {
  const folder = t.testdir();
  const records = [event(0, 100), event(1, 2 * mebibyte), event(2, 100), event(3, 100)];
  const { context } = await run(join(folder, 'e.log'), records, { maxsizemb: 1 });
  t.strictSame(
    readdirSync(folder)
      .sort()
      .map((name) => indexes(read(join(folder, name)))),
    [[0], [1], [2, 3]],
  );
  t.match(context.warnings, [/e\.log: an event of 2097153 bytes is larger than maxsizemb/]);
});

t.test('backups keep their order when the clock stands still or goes back', async (t) => {
  const folder = t.testdir();
  const context = testContext();
  const handler = openFile(
    handlerConfig({ path: join(folder, 'e.log'), maxsizemb: 1, maxbackups: 3 }),
    context,
  );
  await handler.open();
  for (let index = 0; index < 7; index++) {
    const flow = recordsFlow([event(index, 600_000)]);
    await handler.write(flow, allOf(flow));
    context.clock -= 1000;
  }
  await handler.close();
  t.strictSame(
    readdirSync(folder)
      .sort()
      .map((name) => indexes(read(join(folder, name)))[0]),
    [3, 4, 5, 6],
  );
});

t.test('backups of an earlier run are never overwritten', async (t) => {
  const folder = t.testdir({ 'e-2026-03-04T05-06-07.008.log': 'kept' });
  await run(join(folder, 'e.log'), events(2, 600_000), { maxsizemb: 1 });
  t.equal(read(join(folder, 'e-2026-03-04T05-06-07.008.log')), 'kept');
  t.strictSame(indexes(read(join(folder, 'e-2026-03-04T05-06-07.009.log'))), [0]);
});

t.test('a file that was moved or removed from outside is made anew, as logrotate expects', async (t) => {
  const path = join(t.testdir(), 'e.log');
  const handler = openFile(handlerConfig({ path }), testContext());
  await handler.open();
  const write = async (record: string) => {
    const flow = recordsFlow([record]);
    await handler.write(flow, allOf(flow));
  };
  await write('{"a":1}');
  renameSync(path, `${path}.1`);
  await write('{"a":2}');
  t.strictSame([read(`${path}.1`), read(path)], ['{"a":1}\n', '{"a":2}\n']);
  rmSync(path);
  await write('{"a":3}');
  t.equal(read(path), '{"a":3}\n');
  await handler.close();
});

t.test('a path that cannot work fails at open and says why', async (t) => {
  const folder = t.testdir({ 'e.log': '', sub: {} });
  const failure = async (path: string) => {
    const error = await openFile(handlerConfig({ path }), testContext())
      .open()
      .then(
        () => undefined,
        (error: MirrormonError) => error,
      );
    return error && { code: error.code, text: error.describe(), where: error.where, retry: error.canRetry };
  };
  const wrong = { code: 'CONFIG_INVALID', where: 'test.yml:1:1', retry: false };
  const missing = await failure(join(folder, 'none', 'e.log'));
  t.match(missing, { ...wrong, text: /none.e\.log: folder .*none: no such file or folder; make the folder/ });
  t.notOk(existsSync(join(folder, 'none')), 'no folder is made');
  t.match(await failure(join(folder, 'sub')), { ...wrong, text: /sub: it is a folder/ });
  t.match(await failure(join(folder, 'e.log', 'x')), { ...wrong, text: /is not a folder/ });
});

t.test(
  'an unwritable file or folder fails at open',
  { skip: process.getuid?.() === 0 && 'root may write anything' },
  async (t) => {
    const folder = t.testdir({ 'e.log': '', closed: {} });
    chmodSync(join(folder, 'e.log'), 0o444);
    chmodSync(join(folder, 'closed'), 0o555);
    for (const path of [join(folder, 'e.log'), join(folder, 'closed', 'e.log')]) {
      await t.rejects(openFile(handlerConfig({ path }), testContext()).open(), {
        code: 'HANDLER_OPEN',
        message: /permission denied/,
      });
    }
  },
);

t.test('a folder that vanishes is an error, and when it is back the same call goes on', async (t) => {
  const folder = t.testdir();
  const path = join(folder, 'e.log');
  const handler = openFile(handlerConfig({ path, maxsizemb: 1 }), testContext());
  await handler.open();
  const flow = recordsFlow(events(3, 600_000));
  const picks = allOf(flow);
  const away = `${folder}-away`;
  renameSync(folder, away);
  t.teardown(() => rmSync(away, { recursive: true, force: true }));
  await t.rejects(async () => handler.write(flow, picks), {
    code: 'HANDLER_WRITE',
    canRetry: true,
    where: path,
  });
  t.notOk(existsSync(folder), 'no folder is made');
  renameSync(away, folder);
  t.equal(await handler.write(flow, picks), 3 * 600_001);
  await handler.close();
  t.strictSame(eventsIn(folder), [0, 1, 2]);
});

t.test('a roll that fails loses nothing and doubles nothing', async (t) => {
  const folder = t.testdir();
  const context = testContext();
  let failures = 2;
  const clock = {
    ...context,
    now() {
      if (failures-- > 0) throw Object.assign(new Error('refused'), { code: 'EACCES' });
      return context.clock;
    },
  };
  const handler = openFile(handlerConfig({ path: join(folder, 'e.log'), maxsizemb: 1 }), clock);
  await handler.open();
  const flow = recordsFlow(events(4, 600_000));
  const picks = allOf(flow);
  for (let attempt = 0; attempt < 2; attempt++) {
    await t.rejects(async () => handler.write(flow, picks), { code: 'HANDLER_WRITE', canRetry: true });
    t.strictSame(eventsIn(folder), [0]);
  }
  t.equal(await handler.write(flow, picks), 4 * 600_001, 'all bytes of the picks, whichever call wrote them');
  await handler.close();
  t.strictSame(eventsIn(folder), [0, 1, 2, 3]);
});

/** The events of a file and its backups, oldest first. */
function eventsIn(folder: string): number[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => indexes(read(join(folder, name))));
}
