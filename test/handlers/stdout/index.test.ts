import { PassThrough, Writable } from 'node:stream';
import { mock } from 'node:test';
import t from 'tap';
import { OutputClosed } from '../../../lib/errors.ts';
import type { MetricEvent } from '../../../lib/events/metric-event.ts';
import { openStdout } from '../../../lib/handlers/stdout/index.ts';
import type { Terminal } from '../../../lib/handlers/stdout/terminal.ts';
import { allOf, handlerConfig, picksOf, recordsFlow, reportFlow, testContext } from '../encode/support.ts';

const pipe: Terminal = { isTTY: false, color: false };
const flow = recordsFlow(['{"a":1}', '{"a":2}', '{"a":3}']);

async function openOn(stream: Writable, part = {}, terminal = pipe) {
  const config = handlerConfig({ name: 'stdout', type: 'stdout', ...part });
  const handler = openStdout(config, testContext(), { stream, terminal });
  await handler.open();
  return handler;
}

/** A stream that collects, and one write of which fails. */
function failingAt(write: number, code: string) {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      if (chunks.length === write) return done(Object.assign(new Error(code), { code }));
      chunks.push(String(chunk));
      done();
    },
  });
  return { stream, chunks };
}

t.test('json and logs are the selected records as lines', async (t) => {
  for (const format of ['json', 'logs']) {
    const stream = new PassThrough();
    const handler = await openOn(stream, { format });
    t.equal(await handler.write(flow, picksOf([0, 2])), 16);
    await handler.close();
    t.equal(stream.read().toString(), '{"a":1}\n{"a":3}\n');
    t.notOk(stream.writableEnded, 'standard output is not ours to end');
    t.equal(stream.listenerCount('error'), 0);
  }
});

t.test('a write resolves when the stream has taken it, not before', async (t) => {
  let take: (() => void) | undefined;
  const stream = new Writable({
    write(_chunk, _encoding, done) {
      take = done;
    },
  });
  const handler = await openOn(stream);
  let written = false;
  const writing = Promise.resolve(handler.write(flow, allOf(flow))).then(() => {
    written = true;
  });
  await new Promise(setImmediate);
  t.equal(written, false);
  take!();
  await writing;
  t.equal(written, true);
});

t.test('a reader that has gone is told apart, and nothing follows', async (t) => {
  const { stream, chunks } = failingAt(1, 'EPIPE');
  const handler = await openOn(stream);
  await handler.write(flow, picksOf([0]));
  await t.rejects(async () => handler.write(flow, picksOf([1])), OutputClosed);
  await t.rejects(async () => handler.write(flow, picksOf([2])), OutputClosed);
  await handler.close();
  await new Promise(setImmediate);
  t.strictSame(chunks, ['{"a":1}\n']);
});

t.test('a stream that was destroyed is a reader that has gone', async (t) => {
  const stream = new PassThrough();
  const handler = await openOn(stream);
  stream.destroy();
  await t.rejects(async () => handler.write(flow, allOf(flow)), OutputClosed);
});

t.test('any other failure is an error, for good', async (t) => {
  const { stream } = failingAt(0, 'ENOSPC');
  const handler = await openOn(stream);
  for (let attempt = 0; attempt < 2; attempt++) {
    await t.rejects(async () => handler.write(flow, allOf(flow)), {
      code: 'HANDLER_WRITE',
      where: 'standard output',
      canRetry: false,
      message: /no space left/,
    });
  }
});

t.test('a large report comes in parts, complete', async (t) => {
  const { stream, chunks } = failingAt(-1, '');
  const handler = await openOn(stream);
  const event: MetricEvent = {
    metric_type: 'meter',
    namespace: 'metrics',
    source_id: 's',
    metric: 'm',
    metrics: { count: 1 },
  };
  const report = reportFlow(new Array(9000).fill(event), 0);
  const bytes = await handler.write(report, allOf(report));
  t.equal(chunks.length, 3);
  t.equal(chunks.join('').length, bytes);
  t.equal(chunks.join('').trimEnd().split('\n').length, 9000);
});

t.test('the table is drawn for the terminal', async (t) => {
  const { stream, chunks } = failingAt(-1, '');
  const handler = await openOn(stream, { format: 'table' }, { isTTY: true, columns: 80, color: true });
  const event: MetricEvent = {
    metric_type: 'meter',
    namespace: 'metrics',
    source_id: 's',
    metric: 'm',
    metrics: { count: 1 },
  };
  const report = reportFlow([event], 0);
  const bytes = await handler.write(report, allOf(report));
  await handler.close();
  t.equal(Buffer.byteLength(chunks.join('')), bytes);
  t.match(chunks.join(''), /\x1b\[1mm/);
});

t.test('a block that was read waits for the rest of it: until another, silence or the end', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  const { stream, chunks } = failingAt(-1, '');
  const handler = await openOn(stream, { format: 'table' });
  const event = (count: number, minute: number) =>
    `{"metric":"m","metric_type":"meter","metrics":{"count":${count}},"timestamp":"2026-11-22T01:4${minute}:00Z"}`;
  const write = async (line: string) => {
    const part = recordsFlow([line]);
    await handler.write(part, allOf(part));
  };
  const titles = () => chunks.join('').match(/METRIC/g)?.length ?? 0;
  await write(event(1, 1));
  await write(event(2, 1));
  t.equal(titles(), 0);
  await write(event(3, 2));
  t.equal(titles(), 1, 'another time is another block');
  mock.timers.tick(1000);
  t.equal(titles(), 2, 'silence');
  mock.timers.tick(1000);
  await write(event(4, 3));
  t.equal(titles(), 2);
  await handler.close();
  t.equal(titles(), 3, 'the end');
});
