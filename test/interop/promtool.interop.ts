import t from 'tap';
import { openPrometheus } from '../../lib/handlers/prometheus/index.ts';
import { mirrordCatalogue } from '../../lib/systems/mirrord/catalogue.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../helpers/sinks.ts';
import { need } from './components.ts';
import { sampleEvents, sampleFigures } from './exposition.ts';
import { promtool } from './services.ts';

await need('promtool');

/** Findings that names force which the Operator's and the controller's documentation give. */
const counter = 'counter metrics should have "_total" suffix';
const count = 'non-histogram and non-summary metrics should not have "_count" suffix';
const forced = [
  ...[
    'mirrord_stolen_connections_count',
    'mirrord_stolen_requests_count',
    'mirrord_read_sqs_messages_count',
    'mirrord_sqs_messages_forwarded_to_user_count',
    'mirrord_unmatched_sqs_messages_count',
  ].flatMap((name) => [`${name} ${counter}`, `${name} ${count}`]),
  `ziti_pool_listener_ctrl_worker_count ${count}`,
  ...['', '_min', '_max', '_mean', '_m1_rate'].map(
    (suffix) => `ziti_link_latency${suffix} label names should be written in 'snake_case' not 'camelCase'`,
  ),
];

t.test('promtool finds in the exposition what documented names force, and nothing else', async (t) => {
  const context = handlerContext(() => sampleFigures(mirrordCatalogue));
  const handler = openPrometheus(handlerConfig('prometheus', 'metrics', { address: '127.0.0.1:0' }), context);
  await handler.open();
  t.teardown(() => handler.close());
  const flow = flowOf(sampleEvents);
  await handler.write(flow, picksOf(flow));
  for (const accept of ['application/openmetrics-text;version=1.0.0', 'text/plain']) {
    await (await fetch(`${handler.url}/metrics`, { headers: { accept } })).text();
  }
  const text = await (await fetch(`${handler.url}/metrics`)).text();
  t.same((await promtool(text)).sort(), forced.sort());
  t.same(context.warnings, []);
});

t.test('promtool is asked indeed', async (t) => {
  t.same(await promtool('# TYPE a counter\na 1\n'), [`a ${counter}`, `a no help text`]);
  await t.rejects(promtool('a{ 1\n'), /parsing error/);
});
