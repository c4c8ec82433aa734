import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import t, { type Test } from 'tap';
import type { HandlerConfig } from '../../lib/config.ts';
import { openFile } from '../../lib/handlers/file/index.ts';
import type { Handler } from '../../lib/handlers/handler.ts';
import { openPrometheus } from '../../lib/handlers/prometheus/index.ts';
import { openStdout } from '../../lib/handlers/stdout/index.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../helpers/sinks.ts';
import { openHandler } from './otlp/fake-collector.ts';

const event = (metric: string) =>
  `{"metric":"${metric}","metric_type":"intValue","metrics":{"value":1},"source_id":"s"}`;
const names = ['m0', 'm1', 'm2', 'm3', 'm4'];

/** Events of which two cannot be read when it comes to writing them: what each sink asks a batch for fails. */
function brokenFlow() {
  const flow = flowOf(names.map(event));
  const { batch } = flow;
  const object = batch.object.bind(batch);
  batch.object = (row) => {
    if (row === 1 || row === 3) throw new RangeError('Maximum call stack size exceeded');
    return object(row);
  };
  return flow;
}

const refused = { count: 2, reason: 'unencodable' };

async function check(t: Test, handler: Handler, warnings: readonly string[], report = false) {
  await handler.open();
  const flow = { ...brokenFlow(), report };
  const written = await handler.write(flow, picksOf(flow));
  t.match(written, { refused });
  t.equal(warnings.length, 1, 'the first is told');
  t.match(
    warnings[0],
    /-, byte \d+: it cannot be written: Maximum call stack size exceeded; such .* counted/,
  );
  await handler.close();
}

function output() {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { stream, terminal: { isTTY: false, color: false }, text: () => text };
}

const settings = (type: HandlerConfig['type'], more = {}) => handlerConfig(type, 'metrics', more);
const others = /m0.*m2.*m4/s;

t.test('a file: the others are written, in their order', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'mirrormon-unwritable-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'm.log');
  const context = handlerContext();
  await check(t, openFile(settings('file', { path }), context), context.warnings, true);
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  t.same(
    lines.map((line) => /"metric":"(m.)"/.exec(line)?.[1]),
    ['m0', 'm2', 'm4'],
  );
});

for (const [format, report] of [
  ['json', true],
  ['table', false],
] as const) {
  t.test(`standard output, ${format}: the others are written`, async (t) => {
    const context = handlerContext();
    const out = output();
    await check(t, openStdout(settings('stdout', { format }), context, out), context.warnings, report);
    t.match(out.text(), others);
    t.notMatch(out.text(), /m1|m3/);
  });
}

t.test('an endpoint: the others are exposed', async (t) => {
  const context = handlerContext();
  const handler = openPrometheus(settings('prometheus', { address: '127.0.0.1:0' }), context);
  await check(t, handler, context.warnings);
});

t.test('an export: the others are sent, whatever request they were in', async (t) => {
  const { handler, warnings } = await openHandler(t, 'http://127.0.0.1:9/v1/logs');
  const flow = flowOf(names.map((name) => `{"fields":{"message":"${name}"}}`));
  const { batch } = flow;
  // a record that is no JSON, which no parser lets through
  batch.bytes.fill(0x7b, batch.offset[1]!, batch.offset[2]!);
  const parcels = [...handler.pack(flow, picksOf(flow))];
  t.equal(
    parcels.reduce((sum, { count }) => sum + count, 0),
    4,
  );
  t.same(
    parcels.flatMap((parcel) => parcel.refused),
    [{ count: 1, reason: 'unencodable' }],
  );
  t.match(warnings, [/byte \d+: it cannot be written/]);
  const sent = parcels.map(({ body }) => Buffer.from(body).toString()).join('');
  for (const name of ['m0', 'm2', 'm3', 'm4']) t.ok(sent.includes(`"${name}"`), name);
});

t.test('a tag that is no text is exposed as its JSON', async (t) => {
  const context = handlerContext();
  const handler = openPrometheus(settings('prometheus', { address: '127.0.0.1:0' }), context);
  await handler.open();
  const tags = '{"a":{"toString":1},"b":[1],"c":null,"d":2,"e":true}';
  const flow = flowOf([event('m').replace(',"source_id"', `,"tags":${tags},"source_id"`)]);
  t.equal(await handler.write(flow, picksOf(flow)), 0);
  const text = await (await fetch(`${handler.url}/metrics`)).text();
  t.match(text, /ziti_m\{.*a="\{\\"toString\\":1\}",b="\[1\]",c="null",d="2",e="true"\} 1/);
  await handler.close();
});
