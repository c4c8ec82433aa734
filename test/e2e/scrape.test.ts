import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { mirrormon, start } from '../helpers/program.ts';

const exposition = (connections: number): string => `# TYPE mirrord_stolen_connections_count counter
mirrord_stolen_connections_count{port="80",namespace="shop",target="deployment/web",user_id="u1"} ${connections}
# TYPE mirrord_sessions_create_total counter
mirrord_sessions_create_total{client_hostname="h",client_name="n",client_user="u",user_id="i"} 3
this is no sample
`;

interface Event {
  readonly metric: string;
  readonly source_id: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** An Operator's endpoint whose figures rise with each scrape. */
async function operator(t: Test) {
  let scrapes = 0;
  const server = createServer((_, response) => {
    scrapes++;
    response.setHeader('content-type', 'text/plain; version=0.0.4').end(exposition(10 * scrapes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  return `127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function folder(t: Test): string {
  const path = mkdtempSync(join(tmpdir(), 'mirrormon-scrape-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

/** Runs beside a log that stays open until `enough` says so of what came out, then is interrupted. */
async function run(args: readonly string[], log: readonly string[], enough: (events: Event[]) => boolean) {
  const child = start(args);
  let [stdout, stderr] = ['', ''];
  let interrupted = false;
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    if (interrupted || !enough(events())) return;
    interrupted = true;
    child.kill('SIGINT');
  });
  const events = (): Event[] =>
    stdout
      .slice(0, stdout.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  for (const line of log) child.stdin!.write(line);
  const [status] = await once(child, 'close');
  return { status, events: events(), stderr };
}

t.test('an endpoint beside a live log: both are there, apart, until SIGINT', async (t) => {
  const source = await operator(t);
  const path = folder(t);
  const [ledger, deadLetters] = [join(path, 'ledger.json'), join(path, 'dead.ndjson')];
  const record = `${JSON.stringify({
    timestamp: new Date().toISOString(),
    level: 'INFO',
    fields: { message: 'Session Start', session_id: 1, client_user: 'u', client_hostname: 'h' },
  })}\n`;
  const args = ['--scrape', `http://${source}`, '--report-interval', '1s', '--ledger', ledger];
  const { status, events, stderr } = await run(
    [...args, '--dead-letters', deadLetters, '-o', 'json'],
    // in two pieces: a scrape may well come between them
    [record, record.slice(0, 30), record.slice(30)],
    (events) => {
      const ours = events.some(({ source_id }) => source_id === 'mirrord-operator');
      return ours && events.filter(({ metric }) => metric === 'mirrord_stolen_connections_count').length >= 3;
    },
  );
  t.equal(status, 130, stderr);
  const connections = events.filter(({ metric }) => metric === 'mirrord_stolen_connections_count');
  t.same(Object.keys(connections[0]!.metrics), ['count'], 'no rate after one scrape');
  t.equal(connections[0]!.metrics.count, 10);
  t.equal(connections[2]!.metrics.count, 30);
  t.ok(connections[2]!.metrics.m1_rate! > 0);
  const created = events.filter(({ metric }) => metric === 'mirrord_sessions_create_total');
  const counts = (id: string): number[] =>
    created.filter(({ source_id }) => source_id === id).map(({ metrics }) => metrics.count!);
  t.ok(
    counts(source).every((count) => count === 3),
    'the endpoint says 3',
  );
  t.equal(counts('mirrord-operator').at(-1), 2, 'the log says 2');

  const books = JSON.parse(readFileSync(ledger, 'utf8'));
  const scrapes = books.scrapes[source];
  t.equal(scrapes.failed, 0);
  t.equal(books.read.records, 2 + 3 * scrapes.succeeded, 'two series and a bad line a scrape');
  t.same(books.rejected, { total: scrapes.succeeded, reasons: { 'bad-framing': scrapes.succeeded } });
  const [letter] = readFileSync(deadLetters, 'utf8').split('\n');
  t.match(JSON.parse(letter!), {
    input: `http://${source}/metrics`,
    reason: 'bad-framing',
    text: 'this is no sample',
  });
});

t.test('an endpoint alone, exposed again by the names of the Operator', async (t) => {
  const source = await operator(t);
  const config = join(folder(t), 'c.yml');
  const port = await freePort();
  writeFileSync(
    config,
    `events:
  endpoint:
    subscriptions: [{ type: metrics }]
    handler: { type: prometheus, address: 127.0.0.1:${port} }
  file:
    subscriptions: [{ type: metrics, metricFilter: stolen }]
    handler: { type: stdout, format: json }
`,
  );
  // standard input ends at once, which ends nothing
  const child = start(['-c', config, '--scrape', `http://${source}`, '--report-interval', '1s']);
  child.stdin!.end();
  const [text] = await once(child.stdout!.setEncoding('utf8'), 'data');
  t.match(JSON.parse(text.split('\n')[0]), { metric: 'mirrord_stolen_connections_count', source_id: source });
  const exposed = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const labels = 'namespace="shop",port="80",target="deployment/web",user_id="u1"';
  t.match(exposed, `\nmirrord_stolen_connections_count{source_id="${source}",${labels}} `);
  t.match(exposed, `\nziti_mirrord_sessions_create_total{source_id="${source}",`);
  t.match(exposed, `\nmirrormon_source_scrapes_total{source_id="${source}",result="succeeded"} `);
  t.equal(child.exitCode, null);
  child.kill('SIGTERM');
  const [status] = await once(child, 'close');
  t.equal(status, 143);
});

t.test('an endpoint that is not there does not end the run', async (t) => {
  const ledger = join(folder(t), 'ledger.json');
  const source = `127.0.0.1:${await freePort()}`;
  const child = start(['--scrape', `http://${source}`, '-o', 'none', '--ledger', ledger]);
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text) => {
    if (stderr === '') child.kill('SIGINT');
    stderr += text;
  });
  const [status] = await once(child, 'close');
  t.equal(status, 130);
  t.match(stderr, /warning: http:.*: scrape 1 failed: connection refused; it is tried again/);
  t.same(JSON.parse(readFileSync(ledger, 'utf8')).scrapes, { [source]: { succeeded: 0, failed: 1 } });
});

t.test('a URL that is none', async (t) => {
  const { status, stderr } = await mirrormon(['--scrape', 'op:9000']);
  t.equal(status, 2);
  t.match(stderr, /--scrape takes an http or https URL, not 'op:9000'; such as/);
});
