import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer } from 'node:net';
import { mock } from 'node:test';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import type { Flow } from '../../../lib/batch/batch.ts';
import { openOtlp } from '../../../lib/handlers/otlp/index.ts';
import { requestItems } from '../../../lib/handlers/otlp/request-items.ts';
import { openParcelQueue } from '../../../lib/handlers/spool/parcel-queue.ts';
import { Ledger } from '../../../lib/ledger.ts';
import { fixture } from '../../helpers/root.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../../helpers/sinks.ts';
import { attributes, collector, type LogRecord, openHandler, writeAll } from './fake-collector.ts';

async function open(t: Test, url: string, env: Readonly<Record<string, string>> = {}, subscription = 'logs') {
  const { handler, warnings } = await openHandler(t, url, { env, subscription });
  return { handler, warnings, write: (flow: Flow) => writeAll(handler, flow, picksOf(flow)) };
}

const sessionStart =
  '{"timestamp":"2026-01-31T23:59:58.123456Z","level":"INFO","fields":{"message":"Session Start",' +
  '"target":"deployment/web","client_user":"Åsa","session_id":12845969263990981773,"port":80,"share":0.5,"whole":3.0,' +
  '"scale_down":true,"gone":null},"target":"mirrord_operator::session",' +
  '"span":{"name":"session","traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}';

t.test('a record in the tracing layout', async (t) => {
  const { url, records } = await collector(t);
  const { write } = await open(t, url, {
    OTEL_RESOURCE_ATTRIBUTES: 'k8s.namespace.name=mirrord',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-team=platform',
  });
  t.equal(await write(flowOf([sessionStart])), Buffer.byteLength(sessionStart));
  const [record] = records();
  t.match(record, {
    scope: { name: 'mirrord_operator::session' },
    timeUnixNano: '1769903998123456000',
    observedTimeUnixNano: '1767323045678000000',
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: 'Session Start' },
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    flags: 1,
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
    port: { intValue: '80' },
    share: { doubleValue: 0.5 },
    whole: { doubleValue: 3 },
    scale_down: { boolValue: true },
    gone: {},
  });
  t.match(attributes(record!.resource), {
    'service.name': { stringValue: 'mirrord-operator' },
    'telemetry.sdk.language': { stringValue: 'nodejs' },
    'k8s.namespace.name': { stringValue: 'mirrord' },
  });
});

t.test('other layouts', async (t) => {
  const { url, records } = await collector(t);
  const { write } = await open(t, url, { OTEL_SERVICE_NAME: 'mine' });
  await write(
    flowOf([
      '{"timestamp":"2026-01-31T23:59:58Z","level":"ERROR","message":"Port Steal","target":"pod/a","level":"loud","port":1,"target":"operator::port"}',
      '{"level":"WARN","message":"x","target":"operator::other","kubernetes":{"target":"inner"}}',
      '{"fields":{"message":5,"message_id":"m","id":"first","id":"last"}}',
    ]),
  );
  const [port, other, bare] = records();
  t.match(port, { scope: { name: 'operator::port' }, body: { stringValue: 'Port Steal' } });
  t.same(attributes(port!), {
    target: { stringValue: 'pod/a' },
    level: { stringValue: 'loud' },
    port: { intValue: '1' },
  });
  t.same(Object.keys(attributes(other!)), ['kubernetes'], 'an inner target is no field');
  t.same(bare!.scope, {}, 'no module is not one of some name');
  t.equal(bare!.timeUnixNano, undefined, 'no timestamp is not now');
  t.equal(bare!.severityNumber, undefined);
  t.equal(bare!.body, undefined);
  t.same(attributes(bare!), {
    message: { intValue: '5' },
    message_id: { stringValue: 'm' },
    id: { stringValue: 'last' },
  });
});

t.test('the pod that wrote a record is its resource', async (t) => {
  const { url, records } = await collector(t);
  const { write } = await open(t, url, { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' });
  const pod = (name: string) =>
    `{"level":"INFO","message":"${name}","kubernetes":{"namespace_name":"mirrord","pod_name":"${name}","pod_id":"u",` +
    '"container_name":"mirrord-operator","host":"node-1","labels":{"app":"x"}},"docker":{"container_id":"c0ffee"}}';
  await write(flowOf([pod('a'), '{"level":"INFO","message":"none"}', pod('b'), pod('a')]));
  const known = records().map(({ body, resource }) => {
    const { 'k8s.pod.name': name, 'deployment.environment.name': environment } = attributes(resource);
    return [body, name, environment];
  });
  const [test, a, b, none] = ['test', 'a', 'b', 'none'].map((stringValue) => ({ stringValue }));
  t.same(known, [
    [a, a, test],
    [a, a, test],
    [none, undefined, test],
    [b, b, test],
  ]);
  t.match(attributes(records()[0]!.resource), {
    'k8s.namespace.name': { stringValue: 'mirrord' },
    'k8s.pod.uid': { stringValue: 'u' },
    'k8s.container.name': { stringValue: 'mirrord-operator' },
    'k8s.node.name': { stringValue: 'node-1' },
    'container.id': { stringValue: 'c0ffee' },
  });
  t.ok(attributes(records()[0]!).kubernetes, 'nothing of it is lost');
});

t.test('a pod in keys with dots is the same', async (t) => {
  const { url, records } = await collector(t);
  const { write } = await open(t, url);
  const flat = '"kubernetes.pod_name":"p","kubernetes.container_name":"c","docker.container_id":"d"';
  await write(flowOf([`{"level":"INFO","message":"m",${flat}}`]));
  t.match(attributes(records()[0]!.resource), {
    'k8s.pod.name': { stringValue: 'p' },
    'k8s.container.name': { stringValue: 'c' },
    'container.id': { stringValue: 'd' },
  });
});

t.test('nothing that a hostile record says is lost', async (t) => {
  const { url, records } = await collector(t);
  const { write, warnings } = await open(t, url);
  const deep = `${'['.repeat(100)}"]"${']'.repeat(100)}`;
  const many = Array.from({ length: 200 }, (_, k) => `"k${k}":${k}`).join(',');
  await write(
    flowOf([
      `{"fields":{"__proto__":"p","constructor":"c","":"e","o":{"constructor":1},"big":1e400,"ids":[9007199254740993],"deep":${deep}}}`,
      `{"fields":{${many}}}`,
    ]),
  );
  const [hostile, wide] = records();
  const { deep: nested, ...others } = attributes(hostile!);
  t.same(others, {
    ['__proto__']: { stringValue: 'p' },
    constructor: { stringValue: 'c' },
    _: { stringValue: 'e' },
    o: { kvlistValue: { values: [{ key: 'constructor', value: { intValue: '1' } }] } },
    big: { stringValue: '1e400' },
    ids: { arrayValue: { values: [{ intValue: '9007199254740993' }] } },
  });
  t.match(JSON.stringify(nested), /\{"stringValue":"\[{70}\\"\]\\"\]{70}"\}/, 'what lies too deep is text');
  t.equal(wide!.attributes.length, 200);
  t.same(warnings, []);
});

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, k) => `{"fields":{"message":"${k}"}}`);
}

const bodies = (records: readonly LogRecord[]) =>
  records.map(({ body }) => Number((body as { stringValue: string }).stringValue));

t.test('requests of at most 512', async (t) => {
  const { url, requests, records } = await collector(t);
  const { write } = await open(t, url);
  const flow = flowOf(numbered(1200));
  t.equal(await write(flow), flow.batch.bytes.length);
  t.equal(requests.length, 3);
  t.same(
    bodies(records()),
    Array.from({ length: 1200 }, (_, k) => k),
    'each once, in order',
  );
});

t.test('bodies that wait are joined as one request', async (t) => {
  for (const protocol of ['http/json', 'http/protobuf']) {
    const { url, requests, records } = await collector(t);
    const { handler } = await openHandler(t, url, { env: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol } });
    const flows = [flowOf(numbered(3)), flowOf([sessionStart]), flowOf(numbered(2))];
    const parcels = flows.flatMap((flow) => [...handler.pack(flow, picksOf(flow))]);
    const body = handler.joining!.join(parcels.map((parcel) => parcel.body));
    await handler.deliver({ body, count: 6, bytes: 60, refused: [] });
    t.equal(requests.length, 1);
    if (protocol === 'http/json') t.equal(records().length, 6);
    else t.same(requests[0]!.body, Buffer.concat(parcels.map((parcel) => parcel.body)));
  }
});

t.test('what an earlier run left in a spool is sent as what it is', async (t) => {
  const { url, requests } = await collector(t);
  const bodyOf = async (protocol: string) => {
    const { handler } = await openHandler(t, url, { env: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol } });
    const flow = flowOf(numbered(1));
    return { handler, parcel: [...handler.pack(flow, picksOf(flow))][0]! };
  };
  const json = await bodyOf('http/json');
  const protobuf = await bodyOf('http/protobuf');
  await protobuf.handler.deliver(json.parcel);
  await json.handler.deliver(protobuf.parcel);
  t.same(
    requests.map(({ headers }) => headers['content-type']),
    ['application/json', 'application/x-protobuf'],
  );
  t.throws(() => json.handler.joining!.join([json.parcel.body, protobuf.parcel.body]), {
    code: 'HANDLER_WRITE',
  });
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
    [415, false, /OTEL_EXPORTER_OTLP_PROTOCOL/],
    [429, true, /log of the collector/],
    [500, true, /log of the collector/],
    [503, true, /log of the collector/],
  ];
  for (const [status, canRetry, hint] of cases) {
    t.test(String(status), async (t) => {
      const { url, requests } = await collector(t, () => ({ status, body: '{"message":"no"}\u0007' }));
      const { write } = await open(t, url);
      await t.rejects(write(flowOf(numbered(1))), {
        code: 'HANDLER_WRITE',
        where: url,
        message: new RegExp(`answered ${status} .*: {"message":"no"}$`),
        canRetry,
        hint,
      });
      t.equal(requests.length, 1, 'told at once: it is the queue that tries again');
    });
  }
});

t.test('what is too large for a collector goes in halves', async (t) => {
  for (const protocol of ['http/json', 'http/protobuf'] as const) {
    const { url, requests, taken, records } = await collector(t, (_, { length }) => ({
      status: length > 1500 ? 413 : 200,
    }));
    const { handler, warnings } = await openHandler(t, url, {
      env: { OTEL_EXPORTER_OTLP_PROTOCOL: protocol },
    });
    const flow = flowOf(numbered(100));
    const [parcel] = [...handler.pack(flow, picksOf(flow))];
    t.equal(await handler.deliver(parcel!), parcel!.bytes, protocol);
    const { length } = taken;
    t.ok(length > 1 && requests.length > length);
    const sent = requestItems(handler.joining!.join(taken.map(({ body }) => body)), protocol);
    t.equal(sent.length, 100);
    if (protocol === 'http/json') {
      const all = Array.from({ length: 100 }, (_, k) => k);
      t.same(bodies(records()), all, 'each once, in order');
    }
    const asked = requests.length;
    await handler.deliver(parcel!);
    t.equal(requests.length - asked, length, 'what it did not take once it is not asked again');
    t.same(warnings, [], 'nothing is lost');
  }
});

t.test('a record that is too large alone is refused, and those beside it are taken', async (t) => {
  const { url, records } = await collector(t, (_, body) => ({ status: body.length > 5000 ? 413 : 200 }));
  const { write, warnings } = await open(t, url);
  const large = `{"fields":{"message":"${'x'.repeat(6000)}"}}`;
  const flow = flowOf([...numbered(7), large, ...numbered(5)]);
  t.match(await write(flow), { refused: { count: 1, reason: 'refused' } });
  t.equal(records().length, 12);
  t.match(warnings, [/answered 413 .*raise the largest request.*what it refuses is dropped, and counted$/s]);
});

t.test('a collector that asks to wait is left alone for as long', async (t) => {
  const asking = (seconds: string) => ({ status: 429, headers: { 'retry-after': seconds } });
  const { url, records } = await collector(t, (n) => (n < 2 ? asking(['7', '0'][n]!) : { status: 200 }));
  const { handler } = await open(t, url);
  const delays: number[] = [];
  const warnings: string[] = [];
  const queue = await openParcelQueue(handler, handlerConfig('otlp', 'logs', { url }), new Ledger(), {
    now: () => 0,
    warn: (message) => warnings.push(message),
    tell: (message) => warnings.push(message),
    isLive: () => false,
    onClosed: () => {},
    delay: async (ms) => {
      delays.push(ms);
    },
  });
  const flow = flowOf(numbered(1));
  await queue.offer(flow, picksOf(flow));
  await queue.drained();
  t.same(delays, [7000, 200], 'a shorter time than ours changes nothing');
  t.equal(records().length, 1);
  t.match(warnings[0], /answered 429 Too Many Requests and asks to wait 7s: \{\}; .*; trying again/);
});

t.test('what a collector refuses for good is not delivered', async (t) => {
  /** ExportLogsServiceResponse { partial_success: { rejected_log_records: 3, error_message: "too old" } } */
  const binary = Buffer.from([0x0a, 0x0b, 0x08, 0x03, 0x12, 0x07, ...Buffer.from('too old')]);
  const json = '{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"too old"}}';
  for (const [protocol, body, said] of [
    ['http/json', json, 'in JSON'],
    ['http/protobuf', binary, 'in protobuf'],
    ['http/protobuf', json, 'in JSON, whatever it was asked in'],
  ] as const) {
    t.test(`${protocol}, answered ${said}`, async (t) => {
      const { url } = await collector(t, (n) => ({ status: 200, body: n === 0 ? body : '' }));
      const { write, warnings } = await open(t, url, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
      const flow = flowOf(numbered(600));
      const bytes = flow.batch.bytes.length;
      t.same(await write(flow), { bytes, refused: { count: 3, reason: 'refused' } });
      t.match(warnings, [/refused 3 of 512 and gives as reason: too old/]);
      t.equal(await write(flow), bytes, 'the next write is its own');
    });
  }
  t.test('an answer that nobody can read', async (t) => {
    const { url } = await collector(t, () => ({ status: 200, body: '{"a\u00ff' }));
    for (const protocol of ['http/json', 'http/protobuf']) {
      const { write, warnings } = await open(t, url, { OTEL_EXPORTER_OTLP_PROTOCOL: protocol });
      t.type(await write(flowOf(numbered(1))), 'number', 'was 200, and must not be sent again');
      t.same(warnings, []);
    }
  });
  t.test('a warning of one that took all', async (t) => {
    const body = '{"partialSuccess":{"rejectedLogRecords":"0","errorMessage":"slow down"}}';
    const { url } = await collector(t, () => ({ status: 200, body }));
    const { write, warnings } = await open(t, url, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
    t.type(await write(flowOf(numbered(1))), 'number');
    t.match(warnings, [/ took all and warns: slow down$/]);
  });
  t.test('another protocol that nobody has asked for', async (t) => {
    const server = createRawServer((socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { write } = await open(t, `http://127.0.0.1:${port}/v1/logs`);
    await t.rejects(write(flowOf(numbered(1))), {
      code: 'HANDLER_WRITE',
      canRetry: false,
      message: /answered 101 Switching Protocols/,
      hint: /check the URL/,
    });
  });
  t.test('a web page is no answer of a collector', async (t) => {
    const pages = [
      { body: '<html>', headers: { 'content-type': 'text/html; charset=utf-8' } },
      { body: '\n<!DOCTYPE html><p>Log in' },
    ];
    const { url } = await collector(t, (n) => ({ status: 200, ...pages[n]! }));
    const { write } = await open(t, url);
    for (const _ of pages) {
      const failure = {
        code: 'HANDLER_WRITE',
        canRetry: false,
        message: /200 .*web page/,
        hint: /check the URL/,
      };
      await t.rejects(write(flowOf(numbered(1))), failure);
    }
  });
  t.test('numbers that cannot be', async (t) => {
    const counts: [count: unknown, refused: number][] = [
      [-3, 0],
      ['-1', 0],
      [1.7, 1],
      ['99999999999999999999', 5],
      [1e300, 5],
      ['many', 0],
      [null, 0],
      [{}, 0],
    ];
    const { url } = await collector(t, (n) => {
      const partialSuccess = { rejectedLogRecords: counts[n]![0], errorMessage: 'odd' };
      return { status: 200, body: JSON.stringify({ partialSuccess }) };
    });
    const { write } = await open(t, url);
    for (const [count, refused] of counts) {
      const flow = flowOf(numbered(5));
      const written = await write(flow);
      t.equal(typeof written === 'number' ? 0 : written.refused.count, refused, String(count));
    }
  });
});

t.test('a collector that is not there', async (t) => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  const { write } = await open(t, `http://u:secret@127.0.0.1:${port}/v1/logs`);
  await t.rejects(write(flowOf(numbered(1))), {
    code: 'HANDLER_WRITE',
    canRetry: true,
    where: `http://***@127.0.0.1:${port}/v1/logs`,
    message: 'the collector cannot be reached: connection refused',
  });
});

t.test('an answer that breaks off', async (t) => {
  const chunked = (status: string) =>
    `HTTP/1.1 ${status}\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n`;
  let answer = '';
  let isCut = false;
  const server = createRawServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(answer);
      if (isCut) socket.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const env = { OTEL_EXPORTER_OTLP_TIMEOUT: '300' };
  const { write } = await open(t, `http://127.0.0.1:${port}/v1/logs`, env);
  const failsWith = (failure: object) =>
    t.rejects(write(flowOf(numbered(1))), { code: 'HANDLER_WRITE', ...failure });

  answer = `${chunked('200 OK')}no size of a chunk\r\n`;
  await failsWith({ canRetry: true, message: /answer broke off/ });
  answer = `${chunked('400 Bad Request')}no size of a chunk\r\n`;
  await failsWith({ canRetry: false, message: /answered 400/ });
  answer = chunked('200 OK');
  await failsWith({ canRetry: true, message: 'the collector did not answer in time' });
  isCut = true;
  await failsWith({ canRetry: true, message: /answer broke off: / });
  answer = `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`;
  await failsWith({ canRetry: false, hint: /no sound HTTP/ });
  answer = 'no HTTP at all\r\n\r\n';
  await failsWith({ canRetry: false, hint: /4318/ });
});

t.test('a collector that does not answer', async (t) => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const { port } = silent.address() as AddressInfo;
  const { write } = await open(t, `http://127.0.0.1:${port}/v1/logs`, { OTEL_EXPORTER_OTLP_TIMEOUT: '1' });
  await t.rejects(write(flowOf(numbered(1))), {
    code: 'HANDLER_WRITE',
    canRetry: true,
    message: 'the collector did not answer in time',
    hint: /OTEL_EXPORTER_OTLP_TIMEOUT/,
  });
});

t.test('a certificate that only we know', async (t) => {
  const tls = (name: string) => fixture('otlp', 'tls', name);
  const options = { key: readFileSync(tls('key.pem')), cert: readFileSync(tls('certificate.pem')) };
  const taken: string[] = [];
  const secure = createSecureServer(options, (request, response) => {
    taken.push(request.url!);
    request.resume().once('end', () => response.end());
  });
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    secure.closeAllConnections();
    secure.close();
  });
  const { port } = secure.address() as AddressInfo;
  const url = `https://127.0.0.1:${port}/v1/logs`;
  const stranger = await open(t, url);
  await t.rejects(stranger.write(flowOf(numbered(1))), {
    code: 'HANDLER_WRITE',
    canRetry: false,
    hint: /OTEL_EXPORTER_OTLP_CERTIFICATE/,
  });
  const known = await open(t, url, { OTEL_EXPORTER_OTLP_CERTIFICATE: tls('certificate.pem') });
  await known.write(flowOf(numbered(1)));
  t.same(taken, ['/v1/logs']);
  const missing = await open(t, url, { OTEL_EXPORTER_OTLP_CERTIFICATE: tls('none.pem') });
  t.match(missing.warnings, [/^otlp: .*certificate/], 'an unusable variable is told');
});

t.test('a collector that takes its time is told of', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.teardown(() => mock.timers.reset());
  const { url } = await collector(t, () => {
    mock.timers.tick(1_999);
    t.same(warnings, []);
    mock.timers.tick(1);
    return { status: 200 };
  });
  const { write, warnings } = await open(t, url);
  await write(flowOf(numbered(1)));
  t.same(warnings, [`handler sink: ${url} has not acknowledged for 2 s; waiting for it`]);
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
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  const { write, warnings, handler } = await open(t, url, env, 'metrics');
  await write(flowOf(['{"namespace":"metrics"}']));
  const report = flowOf(['{"namespace":"metrics"}'], true);
  const refused = { count: 1, reason: 'not-exported' };
  t.same(await writeAll(handler, report, picksOf(report)), { bytes: 0, refused });
  t.equal(requests.length, 0);
  t.match(warnings, [/grpc is not supported/, /exports log records, not metrics/]);
  for (const bad of [undefined, 'collector:4318', 'ftp://collector/']) {
    await t.rejects(openOtlp(handlerConfig('otlp', 'logs', { url: bad }), handlerContext()).open(), {
      code: 'HANDLER_OPEN',
    });
  }
});
