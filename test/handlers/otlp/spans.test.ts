import t, { type Test } from 'tap';
import { loadConfig } from '../../../lib/config/load.ts';
import { openPipeline } from '../../../lib/pipeline.ts';
import { attributes, collector, environment, type Span } from './fake-collector.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 7, 1) + seconds * 1000).toISOString();
const nanos = (seconds: number) => `${BigInt(Date.UTC(2026, 7, 1) + seconds * 1000) * 1_000_000n}`;

const party =
  '"target":"statefulset/db/container/main","target_type":"statefulset","target_name":"db","target_namespace":"team-4",' +
  '"client_hostname":"mac-1.local","client_name":"Ada B","client_user":"ada@corp","client_id":"c0ffee"';

function line(message: string, id: string, seconds: number, more = '', rest = ''): string {
  const fields = `{"message":"${message}",${party},"session_id":${id}${more}}`;
  return `{"timestamp":"${at(seconds)}","level":"INFO","fields":${fields},"target":"operator_session::session"${rest}}`;
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

/** The spans of a log, through the whole pipeline, and what was warned of. */
async function spansOf(t: Test, lines: readonly string[], seed = 1) {
  environment(t, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  const { url, spans, requests } = await collector(t);
  const { config } = await loadConfig({
    files: [],
    env: {},
    options: { output: 'none', otelTraceUrl: url.replace('logs', 'traces'), seed },
  });
  const warnings: string[] = [];
  const pipeline = openPipeline(config, { warn: (message) => warnings.push(message) });
  const input = { name: 'test', framing: '' };
  await pipeline.run(
    (async function* () {
      yield { input, bytes: Buffer.from(`${lines.join('\n')}\n`) };
    })(),
  );
  await pipeline.close();
  t.same(pipeline.ledger.mismatches(), []);
  return { spans: spans(), requests, warnings, ledger: pipeline.ledger };
}

t.test('a session is a span', async (t) => {
  const { spans, ledger } = await spansOf(t, [
    line('Session Start', '9007199254740993', 1, ',"extra":3.0', ',"kubernetes":{"pod_name":"operator-1"}'),
    line('Port Steal', '9007199254740993', 2, ',"port":8080,"http_filter":"x: y"'),
    line('Session End', '9007199254740993', 11, ',"session_duration":10.5'),
  ]);
  const [span] = spans;
  t.match(span, {
    name: 'session',
    kind: 2,
    scope: { name: 'mirrord-operator' },
    traceId: /^[0-9a-f]{32}$/,
    spanId: /^[0-9a-f]{16}$/,
    flags: 0x101,
    startTimeUnixNano: nanos(1),
    endTimeUnixNano: nanos(11),
  });
  t.notOk(span!.parentSpanId);
  t.notOk(span!.status, 'unset, as the semantic conventions have it for what did not fail');
  const text = (stringValue: string) => ({ stringValue });
  t.same(attributes(span!), {
    target: text('statefulset/db/container/main'),
    target_type: text('statefulset'),
    target_name: text('db'),
    target_namespace: text('team-4'),
    client_hostname: text('mac-1.local'),
    client_name: text('Ada B'),
    client_user: text('ada@corp'),
    client_id: text('c0ffee'),
    session_id: text('9007199254740993'),
    session_duration: { doubleValue: 10.5 },
    extra: { doubleValue: 3 },
    'session.id': text('9007199254740993'),
    'user.id': text('c0ffee'),
    'user.name': text('ada@corp'),
    'user.full_name': text('Ada B'),
    'client.address': text('mac-1.local'),
    'k8s.namespace.name': text('team-4'),
    'k8s.statefulset.name': text('db'),
    'k8s.container.name': text('main'),
  });
  t.same(
    span!.events.map((event) => ({ ...event, attributes: attributes(event) })),
    [
      {
        timeUnixNano: nanos(2),
        name: 'Port Steal',
        attributes: {
          port: { intValue: '8080' },
          'server.port': { intValue: '8080' },
          http_filter: text('x: y'),
        },
      },
    ],
    'without what the span says already',
  );
  t.match(attributes(span!.resource), {
    'service.name': text('mirrord-operator'),
    'k8s.pod.name': text('operator-1'),
  });
  t.match(ledger.handler('operator.otelTraceExportUrl'), {
    events: { selected: 1, delivered: 1, dropped: 0 },
    records: { selected: 0 },
  });
});

t.test('flattened records, too', async (t) => {
  const flat = (message: string, seconds: number, more = '') =>
    `{"timestamp":"${at(seconds)}","level":"INFO","message":"${message}","target":"pod/a","session_id":"s"${more},"target":"operator::x"}`;
  const { spans } = await spansOf(t, [
    flat('Session Start', 1),
    flat('Port Steal', 2, ',"port":1'),
    flat('Session End', 3),
  ]);
  t.same(attributes(spans[0]!), {
    target: { stringValue: 'pod/a' },
    session_id: { stringValue: 's' },
    'session.id': { stringValue: 's' },
    'k8s.pod.name': { stringValue: 'a' },
  });
  t.same(Object.keys(attributes(spans[0]!.events[0]!)), ['port', 'server.port']);
});

t.test('the client’s trace and baggage', async (t) => {
  const context = `,"traceparent":"${traceparent}","tracestate":"v=1","baggage":"team=x,client_user=mallory"`;
  const { spans, warnings } = await spansOf(t, [
    line('Session Start', '"a"', 1, context),
    line('Session Start', '"b"', 2, '', `,"span":{"name":"s"${context}}`),
    line('Session End', '"a"', 3),
    line('Session Start', '"c"', 4),
    line('Session Start', '"d"', 5, context),
  ]);
  const [a, b, c] = spans;
  for (const span of [a!, b!]) {
    t.match(span, { traceId, parentSpanId: 'b7ad6b7169203331', traceState: 'v=1', flags: 0x301 });
    t.match(attributes(span), {
      team: { stringValue: 'x' },
      client_user: { stringValue: 'ada@corp' },
      'baggage.client_user': { stringValue: 'mallory' },
    });
    t.notOk(attributes(span).traceparent, 'told by the span itself');
  }
  t.not(a!.spanId, b!.spanId);
  t.not(c!.traceId, traceId);
  t.equal(warnings.length, 2);
  t.equal(new Set(warnings).size, 1, 'a text that is shown once');
  t.match(warnings[0], new RegExp(`more than one session has the trace id ${traceId}, the first being a`));
});

t.test('what is missing is marked', async (t) => {
  const { spans } = await spansOf(t, [
    line('Session End', '"no start"', 100, ',"session_duration":60'),
    line('Session Start', '"no end"', 110),
    line('Port Steal', '"no end"', 111, ',"port":1'),
  ]);
  const marks = spans.map((span) => {
    const {
      'session.id': id,
      'mirrormon.session.start_missing': start,
      'mirrormon.session.end_missing': end,
    } = attributes(span);
    return { id, start, end, from: span.startTimeUnixNano, to: span.endTimeUnixNano };
  });
  t.same(marks, [
    {
      id: { stringValue: 'no start' },
      start: { boolValue: true },
      end: undefined,
      from: nanos(40),
      to: nanos(100),
    },
    {
      id: { stringValue: 'no end' },
      start: undefined,
      end: { stringValue: 'unfinished' },
      from: nanos(110),
      to: nanos(111),
    },
  ]);
});

t.test('a session with an error has failed', async (t) => {
  const failed = line('it broke', '"a"', 2, ',"error":"no agent"').replace('INFO', 'ERROR');
  const { spans } = await spansOf(t, [
    line('Session Start', '"a"', 1),
    failed,
    line('Session End', '"a"', 3),
  ]);
  t.same(spans[0]!.status, { code: 2, message: 'no agent' });
});

t.test('exporting an archive twice gives the same spans', async (t) => {
  const log = Array.from({ length: 1200 }, (_, k) => [
    line('Session Start', `"s${k}"`, k),
    line('Session End', `"s${k}"`, k + 1, ',"session_duration":1'),
  ]).flat();
  const told = ({ observedTimeUnixNano: _, ...span }: Span & { observedTimeUnixNano?: string }) =>
    JSON.stringify(span);
  const first = await spansOf(t, log);
  const second = await spansOf(t, log);
  t.equal(first.spans.length, 1200);
  t.ok(first.requests.length >= 3, 'at most 512 a request');
  t.equal(new Set(first.spans.map(({ spanId }) => spanId)).size, 1200);
  t.equal(first.spans.map(told).join(), second.spans.map(told).join());
  const other = await spansOf(t, log, 2);
  t.not(other.spans[0]!.spanId, first.spans[0]!.spanId, 'another seed is another world');
});
