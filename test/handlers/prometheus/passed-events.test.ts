import t, { type Test } from 'tap';
import { openPrometheus } from '../../../lib/handlers/prometheus/index.ts';
import { EventStore } from '../../../lib/handlers/prometheus/passed-events.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../../helpers/sinks.ts';

interface EventParts {
  readonly metric: string;
  readonly metric_type: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly source_id?: string;
  readonly source_entity_id?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

function event(parts: EventParts): string {
  return JSON.stringify({
    namespace: 'metrics',
    timestamp: '2026-11-22T01:44:33.41917798Z',
    source_id: 'ctrl1',
    version: 3,
    ...parts,
  });
}

async function expose(
  t: Test,
  events: readonly string[],
  keys?: readonly (readonly string[] | undefined)[],
  options: { report?: boolean; subscription?: string } = {},
) {
  const context = handlerContext();
  const config = handlerConfig('prometheus', options.subscription ?? 'metrics', { address: '127.0.0.1:0' });
  const handler = openPrometheus(config, context);
  await handler.open();
  t.teardown(() => handler.close());
  const flow = flowOf(events, options.report);
  await handler.write(flow, picksOf(flow, keys));
  const text = await (await fetch(`${handler.url}/metrics`)).text();
  // what is not the endpoint's own
  const lines = text.split('\n').filter((line) => /^(?:# TYPE )?(?:ziti|mirrord)_/.test(line));
  return { lines, text, warnings: context.warnings };
}

t.test('values are gauges, the last one counts', async (t) => {
  const gauge = (value: number) =>
    event({ metric: "pool.it's-a/b=c.size", metric_type: 'intValue', metrics: { value } });
  const { lines, text } = await expose(t, [gauge(1), gauge(7)]);
  t.same(lines, ['# TYPE ziti_pool_it_s_a_b_c_size gauge', 'ziti_pool_it_s_a_b_c_size{source_id="ctrl1"} 7']);
  t.match(text, "# HELP ziti_pool_it_s_a_b_c_size OpenZiti metric pool.it's-a/b=c.size (intValue).");
});

t.test('a meter is a counter and gauges of its rates', async (t) => {
  const { lines } = await expose(t, [
    event({
      metric: 'fabric.rx.msgrate',
      metric_type: 'meter',
      metrics: { count: 12, m1_rate: 0.5, mean_rate: 0.25 },
    }),
  ]);
  t.same(lines, [
    '# TYPE ziti_fabric_rx_msgrate_total counter',
    'ziti_fabric_rx_msgrate_total{source_id="ctrl1"} 12',
    '# TYPE ziti_fabric_rx_msgrate_m1_rate gauge',
    'ziti_fabric_rx_msgrate_m1_rate{source_id="ctrl1"} 0.5',
    '# TYPE ziti_fabric_rx_msgrate_mean_rate gauge',
    'ziti_fabric_rx_msgrate_mean_rate{source_id="ctrl1"} 0.25',
  ]);
});

t.test('a timer is a summary with its companions as gauges', async (t) => {
  const metrics = { count: 3, max: 9, mean: 4, p50: 3, p9999: 9, m1_rate: 0.1 };
  const { lines } = await expose(t, [event({ metric: 'link.latency', metric_type: 'timer', metrics })]);
  t.same(lines, [
    '# TYPE ziti_link_latency summary',
    'ziti_link_latency{source_id="ctrl1",quantile="0.5"} 3',
    'ziti_link_latency{source_id="ctrl1",quantile="0.9999"} 9',
    'ziti_link_latency_count{source_id="ctrl1"} 3',
    '# TYPE ziti_link_latency_max gauge',
    'ziti_link_latency_max{source_id="ctrl1"} 9',
    '# TYPE ziti_link_latency_mean gauge',
    'ziti_link_latency_mean{source_id="ctrl1"} 4',
    '# TYPE ziti_link_latency_m1_rate gauge',
    'ziti_link_latency_m1_rate{source_id="ctrl1"} 0.1',
  ]);
});

t.test('entities are labels, whichever way they are written, and their tags are remembered', async (t) => {
  const link = (more: Partial<EventParts>, value: number) =>
    event({
      metric: 'ctrl.queue',
      metric_type: 'intValue',
      metrics: { value },
      source_entity_id: 'r1',
      ...more,
    });
  const { lines } = await expose(t, [
    link({}, 1),
    link({ tags: { targetRouterId: 'r2' } }, 2),
    link({ tags: { sourceRouterId: 'r3' } }, 3),
    link({}, 5),
    event({ metric: 'ctrl.queue:r7', metric_type: 'intValue', metrics: { value: 4 } }),
  ]);
  t.same(lines, [
    '# TYPE ziti_ctrl_queue gauge',
    'ziti_ctrl_queue{source_id="ctrl1",source_entity_id="r1",sourceRouterId="r3",targetRouterId="r2"} 5',
    'ziti_ctrl_queue{source_id="ctrl1",source_entity_id="r7"} 4',
  ]);
});

t.test('the id of a link in the name of its metric becomes a label; other colons are names', async (t) => {
  const gauge = (metric: string) => event({ metric, metric_type: 'intValue', metrics: { value: 1 } });
  const { lines } = await expose(t, [
    gauge('link.390iV6.latency'),
    gauge('link.latency:jWoQ'),
    gauge('/edge/client/v1/services/:id/edge-routers.GET'),
  ]);
  t.same(lines, [
    '# TYPE ziti_link_latency gauge',
    'ziti_link_latency{source_id="ctrl1",source_entity_id="390iV6"} 1',
    'ziti_link_latency{source_id="ctrl1",source_entity_id="jWoQ"} 1',
    '# TYPE ziti__edge_client_v1_services_id_edge_routers_GET gauge',
    'ziti__edge_client_v1_services_id_edge_routers_GET{source_id="ctrl1"} 1',
  ]);
});

t.test('without an entity, tags tell series apart', async (t) => {
  const tagged = (user: string, value: number) =>
    event({
      metric: 'sessions',
      metric_type: 'floatValue',
      metrics: { value },
      tags: { user, quantile: 'x' },
    });
  const { lines } = await expose(t, [tagged('a', 1), tagged('b', 2)]);
  t.same(lines, [
    '# TYPE ziti_sessions gauge',
    'ziti_sessions{source_id="ctrl1",exported_quantile="x",user="a"} 1',
    'ziti_sessions{source_id="ctrl1",exported_quantile="x",user="b"} 2',
  ]);
});

t.test('idle series expire, and come back with their next event', async (t) => {
  let now = 1_000_000;
  const store = new EventStore({ maxSeries: 10, expireAfter: 60_000, now: () => now, warn: t.fail });
  const take = (source_id: string) =>
    store.take({ metric: 'a', metric_type: 'intValue', source_id, metrics: { value: 1 } }, undefined);
  const exposed = () =>
    [...store.families()].flatMap(({ series }) => Array.from(series, ({ labels }) => labels));
  take('s1');
  now += 60_000;
  take('s2');
  t.same(exposed(), ['source_id="s1"', 'source_id="s2"']);
  now += 1;
  t.same(exposed(), ['source_id="s2"']);
  take('s1');
  t.same(exposed(), ['source_id="s1"', 'source_id="s2"']);
});

t.test('events without a number are refused, and a value that is none is told once', async (t) => {
  const warnings: string[] = [];
  const warn = (text: string) => warnings.push(text);
  const store = new EventStore({ maxSeries: 10, expireAfter: 0, now: () => 0, warn });
  const take = (metrics: unknown, more: object = {}) =>
    store.take({ metric: 'a', metric_type: 'meter', source_id: 's', metrics, ...more }, undefined);
  for (const metrics of [{ count: '5' }, { count: { a: 5 } }, { count: Number.POSITIVE_INFINITY }])
    t.throws(() => take(metrics), { message: 'count is no finite number in events of a' });
  for (const metrics of [{}, null, 'x']) t.throws(() => take(metrics), /events of a have no values/);
  t.throws(() => take({ count: 1 }, { metric_type: null }), /no metric_type/);
  t.throws(() => take({ count: 1 }, { metric: '' }), /no name/);
  t.same(warnings, []);
  take({ count: null, m1_rate: 1 });
  take({ count: '5', m1_rate: 2 });
  t.same(warnings, ['count is no finite number in events of a: such values are not exposed']);
  const [family] = [...store.families()].flatMap(({ series }) => [...series]);
  t.equal(family?.labels, 'source_id="s"');
});

t.test('metrics of the Operator that only events bring keep their names', async (t) => {
  const tags = { port: '80', namespace: 'shop', target: 'deployment/web', user_id: 'u1' };
  const name = 'mirrord_stolen_connections_count';
  const { lines, warnings } = await expose(t, [
    event({ metric: name, metric_type: 'meter', metrics: { count: 7, m1_rate: 0.5 }, tags }),
    event({ metric: name, metric_type: 'floatValue', metrics: { value: 9 }, source_id: 'ctrl2', tags }),
    event({ metric: 'mirrord_license_valid_seconds', metric_type: 'floatValue', metrics: { value: 60 } }),
    event({ metric: 'mirrord_sessions_create_total', metric_type: 'meter', metrics: { count: 3 } }),
    event({
      metric: 'mirrord_operator_ping_latency',
      metric_type: 'histogram',
      metrics: { count: 2, p50: 1 },
    }),
  ]);
  const labels = 'namespace="shop",port="80",target="deployment/web",user_id="u1"';
  t.same(lines, [
    `# TYPE ${name} counter`,
    `${name}{source_id="ctrl1",${labels}} 7`,
    `${name}{source_id="ctrl2",${labels}} 9`,
    '# TYPE mirrord_license_valid_seconds gauge',
    'mirrord_license_valid_seconds{source_id="ctrl1"} 60',
    '# TYPE ziti_mirrord_sessions_create_total counter',
    'ziti_mirrord_sessions_create_total{source_id="ctrl1"} 3',
    '# TYPE ziti_mirrord_operator_ping_latency summary',
    'ziti_mirrord_operator_ping_latency{source_id="ctrl1",quantile="0.5"} 1',
    'ziti_mirrord_operator_ping_latency_count{source_id="ctrl1"} 2',
  ]);
  t.same(warnings, []);
});

t.test('only selected keys are exposed', async (t) => {
  const metrics = { count: 3, m1_rate: 0.1 };
  const { lines } = await expose(t, [event({ metric: 'a', metric_type: 'meter', metrics })], [['count']]);
  t.same(lines, ['# TYPE ziti_a_total counter', 'ziti_a_total{source_id="ctrl1"} 3']);
});

t.test('reports are in the figures already; other events and hostile ones are not metrics', async (t) => {
  const one = event({ metric: 'a', metric_type: 'intValue', metrics: { value: 1 } });
  t.same((await expose(t, [one], undefined, { report: true })).lines, []);
  const circuits = await expose(t, ['{"namespace":"fabric.circuits"}'], undefined, {
    subscription: 'fabric.circuits',
  });
  t.same(circuits.lines, []);
  t.match(circuits.warnings, [/exposes metrics, not fabric.circuits/]);
  const hostile = await expose(t, [
    '{"metric":"a","metric_type":"intValue"}',
    '{"metric":5,"metric_type":"intValue","metrics":{"value":1}}',
    '{"metric":"a","metric_type":"intValue","metrics":{"value":"1","__proto__":2},"tags":{"__proto__":"x"}}',
  ]);
  t.same(hostile.lines, [
    '# TYPE ziti_a___proto__ gauge',
    'ziti_a___proto__{source_id="",exported___proto__="x"} 2',
  ]);
});

t.test('keys without end do not fill the memory', async (t) => {
  const metrics = Object.fromEntries(Array.from({ length: 100 }, (_, k) => [`k${k}`, k]));
  const { lines } = await expose(t, [event({ metric: 'a', metric_type: 'meter', metrics })]);
  t.equal(lines.length, 2 * 64);
});

t.test('series beyond the limit are left out with a warning', async (t) => {
  const many = Array.from({ length: 101 }, (_, k) =>
    event({ metric: 'a', metric_type: 'intValue', metrics: { value: k }, source_id: `s${k}` }),
  );
  const { lines, warnings } = await expose(t, many);
  t.equal(lines.length, 101, 'a TYPE line and 100 series');
  t.match(warnings, [/more than 100 series/]);
});
