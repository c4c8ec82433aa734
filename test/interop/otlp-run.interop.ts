import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { LogsRequest } from '../../lib/handlers/otlp/export-messages.ts';
import type { LedgerReport } from '../../lib/ledger.ts';
import { compareWithReference } from '../handlers/otlp/reference.ts';
import { mirrormon, start } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';
import { need } from './components.ts';
import { type Collector, startCollector } from './services.ts';

await need('collector');
// the whole file's: the default does not cover the 30 s
t.setTimeout(240_000);

/** How long the collector is away; a busy machine's tests need not wait as long as the promise holds. */
const AWAY_MS = process.env.MIRRORMON_SLOW === '1' ? 30_000 : 4_000;
const RECORDS = 10_000;

type Values = Readonly<Record<string, unknown>>;

interface Item {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly { readonly key: string; readonly value: Values }[];
  readonly events?: readonly { readonly name: string }[];
}

const attributes = (item: Item): Record<string, Values> =>
  Object.fromEntries(item.attributes.map(({ key, value }) => [key, value]));

/** All items of a signal that the collector wrote, such as resourceLogs, scopeLogs, logRecords. */
function received(collector: Collector, outer: string, middle: string, inner: string): Item[] {
  type Nested = Record<string, Record<string, Item[]>[]>;
  return (collector.requests() as Record<string, Nested[]>[]).flatMap((request) =>
    (request[outer] ?? []).flatMap((resource) => resource[middle]!.flatMap((scope) => scope[inner]!)),
  );
}

interface Expected {
  readonly lines: readonly string[];
  /** By session id: the client's span and baggage, and the names of the events that its span must have at least. */
  readonly sessions: Map<string, { parent: string | undefined; mine: string | undefined; ports: string[] }>;
}

/** A log in which every record has a number of its own, and every third session a traceparent and baggage. */
async function numberedLog(): Promise<Expected> {
  const { stdout } = await mirrormon(['generate', '--records', String(RECORDS), '--seed', '7']);
  const sessions: Expected['sessions'] = new Map();
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line, n) => {
      const { fields } = JSON.parse(line) as { fields: Record<string, string> };
      const id = fields.session_id;
      let more = `"n":${n}`;
      if (fields.message === 'Session Start') {
        const propagates = sessions.size % 3 === 0;
        const traceId = n.toString(16).padStart(32, 'a');
        const parent = propagates ? n.toString(16).padStart(16, 'b') : undefined;
        const mine = propagates ? `väl=ue ${n}` : undefined;
        if (parent !== undefined) more += `,"traceparent":"00-${traceId}-${parent}-01"`;
        if (mine !== undefined) more += `,"baggage":"team=x,mine=${encodeURIComponent(mine)};p=1"`;
        sessions.set(id!, { parent: parent && `${traceId}/${parent}`, mine, ports: [] });
      }
      const message = fields.message ?? '';
      if (message.startsWith('Port ')) sessions.get(id!)?.ports.push(message);
      return line.replace('"fields":{', `"fields":{${more},`);
    });
  return { lines, sessions };
}

function checkLogs(t: Test, logs: readonly Item[]): void {
  const numbers = logs.map((log) => Number(attributes(log).n!.intValue));
  t.equal(numbers.length, RECORDS, 'as many log records as there were');
  t.equal(new Set(numbers).size, RECORDS, 'each once');
}

function checkSpans(t: Test, spans: readonly Item[], { sessions }: Expected): void {
  t.equal(spans.length, sessions.size, 'as many spans as sessions');
  t.equal(new Set(spans.map(({ spanId }) => spanId)).size, sessions.size, 'each once');
  const wrong = spans.filter((span) => {
    const { 'session.id': id, team, mine } = attributes(span);
    const session = sessions.get(String(id?.stringValue))!;
    const parent = span.parentSpanId ? `${span.traceId}/${span.parentSpanId}` : undefined;
    const ports = (span.events ?? []).map(({ name }) => name).filter((name) => name.startsWith('Port '));
    return (
      parent !== session.parent ||
      mine?.stringValue !== session.mine ||
      team?.stringValue !== (session.mine && 'x') ||
      ports.join() !== session.ports.join()
    );
  });
  t.same(wrong.slice(0, 3), [], 'its own parent, baggage and ports');
}

/** Every record that names a session stands in that session's span. */
function checkRelations(t: Test, logs: readonly Item[], spans: readonly Item[]): void {
  const spanOf = new Map(spans.map((span) => [attributes(span)['session.id']!.stringValue, span]));
  const named = logs.filter((log) => attributes(log).session_id !== undefined);
  t.ok(named.length > RECORDS / 3);
  const astray = named.filter((log) => {
    const span = spanOf.get(attributes(log).session_id!.stringValue)!;
    return log.traceId !== span.traceId || log.spanId !== span.spanId;
  });
  t.same(astray.slice(0, 3), []);
}

function checkAll(t: Test, collector: Collector, expected: Expected): void {
  const logs = received(collector, 'resourceLogs', 'scopeLogs', 'logRecords');
  const spans = received(collector, 'resourceSpans', 'scopeSpans', 'spans');
  checkLogs(t, logs);
  checkSpans(t, spans, expected);
  checkRelations(t, logs, spans);
}

const options = (collector: Collector, ledger: string): string[] => [
  ...['-o', 'none', '--ledger', ledger],
  ...['--otel-log-url', collector.logsUrl, '--otel-trace-url', collector.tracesUrl],
];
const env = { OTEL_RUST_LOG: 'trace' };

for (const protocol of ['http/protobuf', 'http/json']) {
  t.test(`the whole program: logs and traces over ${protocol}`, async (t) => {
    const expected = await numberedLog();
    const collector = await startCollector();
    t.teardown(() => collector.remove());
    const ledger = join(t.testdir(), 'ledger.json');
    const { status, stderr } = await mirrormon(options(collector, ledger), {
      stdin: `${expected.lines.join('\n')}\n`,
      env: { ...env, OTEL_EXPORTER_OTLP_PROTOCOL: protocol, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' },
    });
    t.equal(status, 0, stderr);
    await collector.stop();
    checkAll(t, collector, expected);
    const { handlers } = JSON.parse(readFileSync(ledger, 'utf8')) as LedgerReport;
    const { records } = handlers['operator.otelLogExportUrl']!;
    const { events } = handlers['operator.otelTraceExportUrl']!;
    t.match(records, { selected: RECORDS, delivered: RECORDS, dropped: 0 });
    t.match(events, { selected: expected.sessions.size, delivered: expected.sessions.size, dropped: 0 });
  });
}

t.test('the reference’s records, through us to a real collector', async (t) => {
  const collector = await startCollector();
  t.teardown(() => collector.remove());
  const urls = options(collector, join(t.testdir(), 'ledger.json'));
  const { status, stderr } = await mirrormon([...urls, fixture('otlp', 'records.log.gz')], { env });
  t.equal(status, 0, stderr);
  await collector.stop();
  const scopes = (collector.requests() as unknown as LogsRequest[]).flatMap(({ resourceLogs = [] }) =>
    resourceLogs.flatMap(({ scopeLogs }) => scopeLogs),
  );
  const logs = scopes.flatMap(({ scope, logRecords }) => logRecords.map((record) => ({ ...record, scope })));
  compareWithReference(t, logs);
});

t.test(`a collector that is away for ${AWAY_MS / 1000} s of a live run`, async (t) => {
  const expected = await numberedLog();
  const first = await startCollector();
  t.teardown(() => first.remove());
  const program = start(options(first, join(t.testdir(), 'ledger.json')), { env });
  let stderr = '';
  program.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const write = async (from: number, to: number): Promise<void> => {
    for (const line of expected.lines.slice(from, to)) {
      if (!program.stdin!.write(`${line}\n`)) await once(program.stdin!, 'drain');
    }
  };
  await write(0, 4000);
  await delay(500);
  const [, second] = await Promise.all([
    write(4000, 8000),
    (async () => {
      await first.stop();
      await delay(AWAY_MS);
      return startCollector({ port: first.port, folder: first.folder });
    })(),
  ]);
  await write(8000, RECORDS);
  program.stdin!.end();
  const [status] = await once(program, 'close');
  await second.stop();
  t.equal(status, 0, stderr);
  t.match(stderr, /cannot be reached: .*trying again/);
  checkAll(t, second, expected);
});
