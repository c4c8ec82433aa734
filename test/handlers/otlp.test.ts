import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock } from 'node:test';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import type { Flow } from '../../lib/batch.ts';
import { openOtlp } from '../../lib/handlers/otlp.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../helpers/sinks.ts';

interface LogRecord {
  readonly timeUnixNano: string;
  readonly observedTimeUnixNano: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly attributes: readonly { key: string; value: Readonly<Record<string, unknown>> }[];
  readonly traceId?: string;
  readonly spanId?: string;
}

interface Request {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a collector answers to its n-th request. */
type Answer = (n: number) => { status: number; body?: string; headers?: Record<string, string> };

/** A collector that keeps what it is sent; only what it answers with 200 counts as taken. */
async function collector(t: Test, answer: Answer = () => ({ status: 200 })) {
  const requests: Request[] = [];
  const taken: Request[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const { status, body, headers } = answer(requests.length);
      const entry = { headers: request.headers, body: Buffer.concat(pieces) };
      requests.push(entry);
      if (status === 200) taken.push(entry);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const scopes = (entries: readonly Request[]): { scope: { name: string }; logRecords: LogRecord[] }[] =>
    entries.flatMap(({ body }) => JSON.parse(body.toString()).resourceLogs[0].scopeLogs);
  return {
    url: `http://127.0.0.1:${port}/v1/logs`,
    requests,
    scopes: () => scopes(taken),
    records: () => scopes(taken).flatMap(({ logRecords }) => logRecords),
    resource: (): LogRecord['attributes'] =>
      JSON.parse(taken[0]!.body.toString()).resourceLogs[0].resource.attributes,
  };
}

function environment(t: Test, variables: Readonly<Record<string, string>>) {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  t.teardown(() => {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}

async function open(
  t: Test,
  url: string,
  variables: Readonly<Record<string, string>> = {},
  subscription = 'logs',
) {
  environment(t, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...variables });
  const context = handlerContext();
  const handler = openOtlp(handlerConfig('otlp', subscription, { url }), context);
  await handler.open();
  t.teardown(() => handler.close());
  return { context, write: async (flow: Flow) => handler.write(flow, picksOf(flow)), handler };
}

function attributes(record: LogRecord): Record<string, unknown> {
  return Object.fromEntries(record.attributes.map(({ key, value }) => [key, value]));
}

const sessionStart =
  '{"timestamp":"2026-01-31T23:59:58.123456Z","level":"INFO","fields":{"message":"Session Start",' +
  '"target":"deployment/web","client_user":"Åsa","session_id":12845969263990981773,"port":80,"share":0.5,' +
  '"scale_down":true,"gone":null},"target":"mirrord_operator::session",' +
  '"span":{"name":"session","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}';

t.test('a record in the tracing layout', async (t) => {
  const { url, scopes, records, resource } = await collector(t);
  const { write } = await open(t, url, {
    OTEL_RESOURCE_ATTRIBUTES: 'k8s.namespace.name=mirrord',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=platform',
  });
  t.equal(await write(flowOf([sessionStart])), Buffer.byteLength(sessionStart));
  t.equal(scopes()[0]!.scope.name, 'mirrord_operator::session');
  const [record] = records();
  t.match(record, {
    timeUnixNano: '1769903998123456000',
    observedTimeUnixNano: '1767323045678000000',
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: 'Session Start' },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
  });
  t.same(attributes(record!), {
    span: {
      kvlistValue: {
        values: [
          { key: 'name', value: { stringValue: 'session' } },
          {
            key: 'traceparent',
            value: { stringValue: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
          },
        ],
      },
    },
    target: { stringValue: 'deployment/web' },
    client_user: { stringValue: 'Åsa' },
    session_id: { stringValue: '12845969263990981773' },
    port: { intValue: 80 },
    share: { doubleValue: 0.5 },
    scale_down: { boolValue: true },
    gone: {},
  });
  t.match(Object.fromEntries(resource().map(({ key, value }) => [key, value.stringValue])), {
    'service.name': 'mirrord-operator',
    'telemetry.sdk.language': 'nodejs',
    'k8s.namespace.name': 'mirrord',
  });
});

t.test('other layouts', async (t) => {
  const { url, scopes } = await collector(t);
  const { write } = await open(t, url, { OTEL_SERVICE_NAME: 'mine' });
  await write(
    flowOf([
      '{"timestamp":"2026-01-31T23:59:58Z","level":"ERROR","message":"Port Steal","target":"pod/a","port":1,"target":"operator::port"}',
      '{"level":"WARN","message":"x","target":"operator::other","kubernetes":{"namespace_name":"mirrord","target":"inner"}}',
      '{"fields":{"message":5,"message_id":"m"}}',
    ]),
  );
  const [port, other, bare] = scopes();
  t.equal(port!.scope.name, 'operator::port');
  t.match(port!.logRecords[0], { severityNumber: 17, body: { stringValue: 'Port Steal' } });
  t.same(attributes(port!.logRecords[0]!), { target: { stringValue: 'pod/a' }, port: { intValue: 1 } });
  t.same(Object.keys(attributes(other!.logRecords[0]!)), ['kubernetes'], 'an inner target is no field');
  const [record] = bare!.logRecords;
  t.equal(record!.timeUnixNano, '0', 'no timestamp is not now');
  t.notOk(record!.severityNumber);
  t.same(record!.body, {});
  t.same(attributes(record!), { message_id: { stringValue: 'm' }, message: { intValue: 5 } });
});

t.test('nothing that a hostile record says is lost', async (t) => {
  const { url, records } = await collector(t);
  const { write, context } = await open(t, url);
  const deep = `${'['.repeat(100)}${']'.repeat(100)}`;
  const many = Array.from({ length: 200 }, (_, k) => `"k${k}":${k}`).join(',');
  await write(
    flowOf([
      `{"fields":{"__proto__":"p","constructor":"c","":"e","o":{"constructor":1},"big":1e400,"ids":[9007199254740993],"deep":${deep}}}`,
      `{"fields":{${many}}}`,
    ]),
  );
  const [hostile, wide] = records();
  t.same(attributes(hostile!), {
    _proto_: { stringValue: 'p' },
    constructor: { stringValue: 'c' },
    _: { stringValue: 'e' },
    o: { stringValue: '{"constructor":1}' },
    big: { stringValue: '1e400' },
    ids: { stringValue: '[9007199254740993]' },
    deep: { stringValue: deep },
  });
  t.equal(wide!.attributes.length, 200);
  t.same(context.warnings, []);
});

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, k) => `{"fields":{"message":"${k}"}}`);
}

const bodies = (records: readonly LogRecord[]) => records.map(({ body }) => Number(body.stringValue));

t.test('batches of at most 512, and a retry goes on behind what was acknowledged', async (t) => {
  const { url, requests, records } = await collector(t, (n) => ({ status: n === 1 ? 500 : 200 }));
  const { handler } = await open(t, url);
  const flow = flowOf(numbered(1200));
  const picks = picksOf(flow);
  await t.rejects(async () => handler.write(flow, picks), {
    code: 'HANDLER_WRITE',
    canRetry: true,
    where: url,
    message: 'the collector answered 500',
  });
  t.equal(await handler.write(flow, picks), flow.batch.bytes.length);
  t.equal(requests.length, 4);
  t.same(
    bodies(records()),
    Array.from({ length: 1200 }, (_, k) => k),
    'each once, in order',
  );
  await handler.write(flow, picksOf(flow));
  t.equal(records().length, 2400, 'other picks begin at the front');
});

t.test('a request is also limited in bytes', async (t) => {
  const { url, requests, records } = await collector(t);
  const { write } = await open(t, url);
  const large = 'x'.repeat(1 << 20);
  await write(flowOf(Array.from({ length: 9 }, () => `{"fields":{"message":"${large}"}}`)));
  t.equal(requests.length, 3);
  t.equal(records().length, 9);
});

t.test('answers', async (t) => {
  const cases: readonly [status: number, canRetry: boolean, hint: RegExp][] = [
    [301, false, /redirects/],
    [400, false, /log of the collector/],
    [401, false, /OTEL_EXPORTER_OTLP_HEADERS/],
    [403, false, /OTEL_EXPORTER_OTLP_HEADERS/],
    [404, false, /v1\/logs/],
    [408, true, /log of the collector/],
    [413, false, /largest request/],
    [500, true, /log of the collector/],
  ];
  for (const [status, canRetry, hint] of cases) {
    t.test(String(status), async (t) => {
      const { url } = await collector(t, () => ({ status, body: '{"message":"no"}\u0007' }));
      const { write } = await open(t, url);
      await t.rejects(write(flowOf(numbered(1))), {
        code: 'HANDLER_WRITE',
        where: url,
        message: new RegExp(`answered ${status} .*: {"message":"no"}$`),
        canRetry,
        hint,
      });
    });
  }
  for (const status of [429, 503]) {
    t.test(`${status}, for longer than the exporter tries`, async (t) => {
      const { url } = await collector(t, () => ({ status, headers: { 'retry-after': '0' } }));
      const { write } = await open(t, url);
      await t.rejects(write(flowOf(numbered(1))), { code: 'HANDLER_WRITE', canRetry: true, message: /busy/ });
    });
  }
  t.test('a partial success is told', async (t) => {
    const { url } = await collector(t, () => ({
      status: 200,
      body: '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"too old"}}',
    }));
    const { write, context } = await open(t, url);
    await write(flowOf(numbered(1)));
    t.match(context.warnings, [/Partial Success.*too old/]);
  });
});

t.test('a collector that is not there', async (t) => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  // A timeout below the exporter's first pause, so that it does not try again by itself.
  const { write } = await open(t, `http://u:secret@127.0.0.1:${port}/v1/logs`, {
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
  });
  await t.rejects(write(flowOf(numbered(1))), {
    code: 'HANDLER_WRITE',
    canRetry: true,
    where: `http://u:***@127.0.0.1:${port}/v1/logs`,
    message: 'the collector cannot be reached: connection refused',
  });
});

t.test('a collector that takes its time is told of', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  const { url } = await collector(t, () => {
    mock.timers.tick(1_999);
    t.same(context.warnings, []);
    mock.timers.tick(1);
    return { status: 200 };
  });
  const { write, context } = await open(t, url);
  await write(flowOf(numbered(1)));
  t.same(context.warnings, [`handler sink: ${url} has not acknowledged for 2 s; waiting for it`]);
});

t.test('protobuf is the default, compressed if the environment says so', async (t) => {
  const { url, requests } = await collector(t);
  const { write } = await open(t, url, {
    OTEL_EXPORTER_OTLP_PROTOCOL: '',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_LOGS_HEADERS: 'x-team=platform',
  });
  await write(flowOf([sessionStart]));
  const [request] = requests;
  t.match(request!.headers, {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'gzip',
    'x-team': 'platform',
  });
  const body = gunzipSync(request!.body).toString('latin1');
  for (const text of ['mirrord_operator::session', 'Session Start', 'client_user', '12845969263990981773']) {
    t.ok(body.includes(text), text);
  }
});

t.test('what otlp does not do', async (t) => {
  const { url, requests } = await collector(t);
  const { write, context, handler } = await open(t, url, { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'metrics');
  await write(flowOf(['{"namespace":"metrics"}']));
  const report = flowOf(['{"namespace":"metrics"}'], true);
  t.equal(await handler.write(report, picksOf(report)), 0);
  t.equal(requests.length, 0);
  t.match(context.warnings, [/grpc is not supported/, /exports log records, not metrics/]);
  for (const bad of [undefined, 'collector:4318', 'ftp://collector/']) {
    await t.rejects(openOtlp(handlerConfig('otlp', 'logs', { url: bad }), handlerContext()).open(), {
      code: 'HANDLER_OPEN',
    });
  }
});
