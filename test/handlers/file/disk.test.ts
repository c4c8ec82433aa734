import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import type { MirrormonError } from '../../../lib/errors.ts';
import { type Disk, SystemDisk } from '../../../lib/handlers/file/disk.ts';
import { openFile } from '../../../lib/handlers/file/index.ts';
import type { Written } from '../../../lib/handlers/handler.ts';
import { holds } from '../../helpers/holds.ts';
import { allOf, handlerConfig, recordsFlow, testContext } from '../encode/support.ts';

const realDisk = new SystemDisk();

const fail = (code: string) => Object.assign(new Error(code), { code });

/** A disk with room for so many bytes, which takes at most `most` at a time: it fills up in the middle of an event. */
class FullDisk implements Disk {
  room: number;
  most: number;
  canTruncate = true;
  code = 'ENOSPC';

  constructor(room: number, most = Number.POSITIVE_INFINITY) {
    this.room = room;
    this.most = most;
  }

  async write(...[file, bytes]: Parameters<Disk['write']>): Promise<number> {
    if (this.room === 0) throw fail(this.code);
    const written = await realDisk.write(file, bytes.subarray(0, Math.min(this.room, this.most)));
    this.room -= written;
    return written;
  }

  async truncate(...[file, length]: Parameters<Disk['truncate']>): Promise<void> {
    if (!this.canTruncate) throw fail('EIO');
    const { size } = await file.stat();
    await realDisk.truncate(file, length);
    this.room += size - length;
  }

  stat(path: string): ReturnType<Disk['stat']> {
    return realDisk.stat(path);
  }
}

const records = Array.from({ length: 50 }, (_, index) => JSON.stringify({ index, pad: 'x'.repeat(index) }));
const whole = `${records.join('\n')}\n`;
const flow = recordsFlow(records);
const picks = allOf(flow);

async function openOn(path: string, disk: Disk) {
  const handler = openFile(handlerConfig({ path }), testContext(), disk);
  await handler.open();
  return handler;
}

t.test('a disk that takes little at a time takes everything', async (t) => {
  const path = join(t.testdir(), 'e.log');
  const handler = await openOn(path, new FullDisk(1e6, 7));
  t.equal(await handler.write(flow, picks), whole.length);
  await handler.close();
  t.equal(readFileSync(path, 'utf8'), whole);
});

t.test('a full disk is an error that can be retried, and leaves whole events only', async (t) => {
  const path = join(t.testdir({ 'e.log': '{"before":1}\n' }), 'e.log');
  const disk = new FullDisk(1000);
  const handler = await openOn(path, disk);
  for (let attempt = 0; attempt < 3; attempt++) {
    await t.rejects(async () => handler.write(flow, picks), {
      code: 'HANDLER_WRITE',
      where: path,
      canRetry: true,
      message: /no space left on the disk/,
    });
    t.match(readFileSync(path, 'utf8'), /\}\n$/);
  }
  disk.room = 1e6;
  t.equal(await handler.write(flow, picks), whole.length);
  await handler.close();
  t.equal(readFileSync(path, 'utf8'), `{"before":1}\n${whole}`);
});

t.test('a failed write says what of it is in the file, all tries together', async (t) => {
  const path = join(t.testdir(), 'e.log');
  const disk = new FullDisk(0, 64);
  const handler = await openOn(path, disk);
  for (const room of [0, 700, 300, 1]) {
    disk.room += room;
    const error = await Promise.resolve(handler.write(flow, picks)).then(
      () => undefined,
      (error: MirrormonError) => error,
    );
    const there = readFileSync(path, 'utf8');
    t.strictSame(error?.delivered, { picks: there.split('\n').length - 1, bytes: there.length });
  }
  await handler.close();
});

t.test('what could not be cut off is cut off before the next write, or at close', async (t) => {
  for (const end of ['write', 'close'] as const) {
    const path = join(t.testdir(), `${end}.log`);
    const disk = new FullDisk(1000);
    disk.canTruncate = false;
    const handler = await openOn(path, disk);
    await t.rejects(async () => handler.write(flow, picks), { code: 'HANDLER_WRITE' });
    t.equal(readFileSync(path, 'utf8'), whole.slice(0, 1000), 'the cut event is still there');
    await t.rejects(async () => handler.write(flow, picks), { code: 'HANDLER_WRITE', canRetry: true });
    disk.canTruncate = true;
    disk.room = 1e6;
    if (end === 'write') await handler.write(flow, picks);
    await handler.close();
    t.equal(readFileSync(path, 'utf8'), end === 'write' ? whole : '');
  }
});

t.test('property: whenever and however often the disk is full, retries complete the file', async (t) => {
  const folder = t.testdir();
  let files = 0;
  const portions = fc.array(fc.record({ room: fc.nat({ max: 1500 }), canTruncate: fc.boolean() }), {
    maxLength: 6,
  });
  await holds(
    t,
    fc.asyncProperty(portions, fc.integer({ min: 30, max: 900 }), async (fills, most) => {
      const path = join(folder, `${files++}.log`);
      const disk = new FullDisk(0, most);
      const handler = await openOn(path, disk);
      let delivered: Written | undefined;
      for (const { room, canTruncate } of [...fills, { room: 1e6, canTruncate: true }]) {
        disk.room += room;
        disk.canTruncate = canTruncate;
        delivered ??= await Promise.resolve(handler.write(flow, picks)).catch(() => undefined);
      }
      await handler.close();
      assert.strictEqual(delivered, whole.length);
      assert.strictEqual(readFileSync(path, 'utf8'), whole);
    }),
    { numRuns: 30 },
  );
});

t.test('what has no room as a whole is written in parts', async (t) => {
  const path = join(t.testdir(), 'e.log');
  const large = Array.from({ length: 100 }, (_, index) => JSON.stringify({ index, pad: 'x'.repeat(9000) }));
  const text = `${large.join('\n')}\n`;
  const flow = recordsFlow(large);
  const picks = allOf(flow);
  const disk = new FullDisk(700_000);
  const handler = await openOn(path, disk);
  const error = await Promise.resolve(handler.write(flow, picks)).catch((error: MirrormonError) => error);
  const there = readFileSync(path, 'utf8');
  t.ok(there.length > 700_000 - 256 * 1024, `${there.length} bytes`);
  t.ok(there === text.slice(0, there.length) && there.endsWith('}\n'), 'whole events');
  t.match(error, { delivered: { picks: there.split('\n').length - 1, bytes: there.length } });
  disk.room = 1e6;
  t.equal(await handler.write(flow, picks), text.length);
  await handler.close();
  t.ok(readFileSync(path, 'utf8') === text);
});

t.test('what will not pass is not worth a retry', async (t) => {
  const disk = new FullDisk(10);
  disk.code = 'EFBIG';
  const handler = await openOn(join(t.testdir(), 'e.log'), disk);
  await t.rejects(async () => handler.write(flow, picks), { code: 'HANDLER_WRITE', canRetry: false });
  await handler.close();
});

t.test('other picks after a failure begin at their own beginning', async (t) => {
  const path = join(t.testdir(), 'e.log');
  const disk = new FullDisk(0);
  const handler = await openOn(path, disk);
  await t.rejects(async () => handler.write(flow, picks));
  disk.room = 1e6;
  const next = recordsFlow(['{"a":1}']);
  t.equal(await handler.write(next, allOf(next)), 8);
  await handler.close();
  t.equal(readFileSync(path, 'utf8'), '{"a":1}\n');
});
