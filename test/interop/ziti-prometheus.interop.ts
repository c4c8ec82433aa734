import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { freePort } from '../helpers/free-port.ts';
import { start } from '../helpers/program.ts';
import { fixture } from '../helpers/root.ts';
import { need } from './components.ts';
import { eventually, promtool, startPrometheus } from './services.ts';

await need('promtool');
await need('prometheus');

/** A captured metrics event, as far as this test looks at it. */
interface Event {
  readonly metric: string;
  readonly metric_type: string;
  readonly source_id: string;
  readonly source_entity_id?: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags?: Readonly<Record<string, string>>;
}

const capture = gunzipSync(readFileSync(fixture('ziti', 'captures', 'metrics-all.ndjson.gz')));
const events: Event[] = capture
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));

/** What a source said last of a metric and entity. */
const lastOf = (metric: string, source?: string, entity?: string): Event =>
  events.findLast(
    (event) =>
      event.metric === metric &&
      (source === undefined || event.source_id === source) &&
      (entity === undefined || event.source_entity_id === entity),
  )!;

const folder = mkdtempSync(join(tmpdir(), 'mirrormon-ziti-'));
t.teardown(() => rmSync(folder, { recursive: true }));

/** The program with a prometheus handler, everything captured given to it, its input still open. */
async function serve() {
  const port = await freePort();
  const config = join(folder, 'c.yml');
  writeFileSync(
    config,
    `metrics: { messageQueueSize: 7 }
events:
  endpoint:
    subscriptions: [{ type: metrics }]
    handler: { type: prometheus, address: 127.0.0.1:${port}, bufferSize: 5 }
`,
  );
  const child = start(['-c', config, '--ledger', join(folder, 'ledger.json')]);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  child.stdin?.write(capture);
  const url = `http://127.0.0.1:${port}/metrics`;
  const text = await eventually('everything is exposed', async () => {
    const exposition = await fetch(url).then(
      (response) => response.text(),
      () => '',
    );
    return exposition.includes(`mirrormon_records_read_total ${events.length}\n`) ? exposition : undefined;
  });
  return { child, port, text, said: () => said };
}

const { child, port, text, said } = await serve();
const ended = once(child, 'close');

/** Names that the controller's documentation and its tags force upon us. */
const countSuffix = 'non-histogram and non-summary metrics should not have "_count" suffix';
const camelCase = "label names should be written in 'snake_case' not 'camelCase'";
const counts = [
  'auth_limiter_queued',
  ...['command_background', 'pool_rate_limiter', 'pool_router_messaging', 'pool_terminator_validation'].map(
    (name) => `${name}_worker`,
  ),
  ...[
    'link_dialer',
    'listener_ctrl',
    'listener_link',
    'listener_xgress_edge',
    'rdm_handler',
    'route_handler',
  ].map((name) => `pool_${name}_worker`),
].map((name) => `ziti_${name}_count`);

t.test('promtool finds what documented names force, and nothing else', async (t) => {
  const linkNames = new Set(
    [...text.matchAll(/^(ziti_link_\w+)\{[^}]*sourceRouterId=/gm)].map(([, name]) => name!),
  );
  // of a summary, promtool names the metric, not its parts
  for (const name of linkNames) {
    const summary = name.replace(/_count$/, '');
    if (summary !== name && text.includes(`# TYPE ${summary} summary`)) linkNames.delete(name);
  }
  const forced = [
    ...counts.map((name) => `${name} ${countSuffix}`),
    ...Array.from(linkNames, (name) => `${name} ${camelCase}`),
  ];
  t.ok(linkNames.size > 30, `${linkNames.size} metrics have a link's tags`);
  t.same((await promtool(text)).sort(), forced.sort());
});

t.test('ids are labels, never parts of names', async (t) => {
  const ids = new Set(
    events.flatMap(({ source_id, source_entity_id = source_id }) => [source_id, source_entity_id]),
  );
  ids.delete('ctrl1');
  const names = new Set([...text.matchAll(/^(ziti_\w+)/gm)].map(([, name]) => name!));
  t.ok(ids.size >= 4 && names.size > 300, `${ids.size} ids, ${names.size} names`);
  for (const id of ids)
    t.notOk(
      [...names].some((name) => name.includes(id)),
      id,
    );
});

t.test('a real Prometheus scrapes it and answers', async (t) => {
  const prometheus = await startPrometheus({ targets: [`127.0.0.1:${port}`] });
  t.teardown(() => prometheus.stop());
  await prometheus.scraped();

  const link = lastOf('link.latency');
  const labels = `source_id="${link.source_id}",source_entity_id="${link.source_entity_id}"`;
  for (const [quantile, key] of [
    ['0.5', 'p50'],
    ['0.99', 'p99'],
    ['0.9999', 'p9999'],
  ] as const) {
    const samples = await prometheus.query(`ziti_link_latency{${labels},quantile="${quantile}"}`);
    t.equal(samples.length, 1, 'one series, with its tags and without');
    t.equal(samples[0]?.value, link.metrics[key], `${key} of a link's latency`);
    t.match(samples[0]?.metric, link.tags ?? {});
  }
  const worst = await prometheus.query('max by (source_id) (ziti_link_latency{quantile="0.95"})');
  t.ok(worst.length > 0 && worst.every(({ value }) => value > 0), 'a quantile over all links, by router');
  t.equal((await prometheus.query(`ziti_link_latency_count{${labels}}`))[0]?.value, link.metrics.count);

  const meter = lastOf('fabric.tx.msgrate');
  const source = `source_id="${meter.source_id}"`;
  t.equal((await prometheus.query(`ziti_fabric_tx_msgrate_total{${source}}`))[0]?.value, meter.metrics.count);
  t.equal(
    (await prometheus.query(`ziti_fabric_tx_msgrate_m1_rate{${source}}`))[0]?.value,
    meter.metrics.m1_rate,
  );
  const timer = lastOf('/edge/management/v1/identities/:id.GET');
  const [count] = await prometheus.query('ziti__edge_management_v1_identities_id_GET_count');
  t.equal(count?.value, timer.metrics.count);
  t.notOk('source_entity_id' in count!.metric, 'the colon of a path is no entity');

  const depth = await prometheus.query('mirrormon_queue_depth');
  t.same(depth.map(({ metric }) => metric.queue).sort(), ['endpoint', 'messages']);
});

t.test('at its end the ledger knows the queues', async (t) => {
  child.stdin?.end();
  const [status] = await ended;
  t.equal(status, 0, said());
  t.notMatch(said(), /warning/);
  const { queues, handlers } = JSON.parse(readFileSync(join(folder, 'ledger.json'), 'utf8'));
  t.match(queues, { messages: { size: 7 }, endpoint: { size: 5 } });
  t.ok(queues.messages.deepest > 0 && queues.endpoint.deepest > 0);
  t.equal(handlers.endpoint.records.delivered, events.length);
});
