import t from 'tap';
import { openPrometheus } from '../../lib/handlers/prometheus/index.ts';
import { mirrordCatalogue } from '../../lib/systems/mirrord/catalogue.ts';
import { flowOf, handlerConfig, handlerContext, picksOf } from '../helpers/sinks.ts';
import { need } from './components.ts';
import { sampleEvents, sampleFigures } from './exposition.ts';
import { startPrometheus } from './services.ts';

await need('prometheus');

t.test('a real Prometheus scrapes the endpoint and answers', async (t) => {
  const figures = sampleFigures(mirrordCatalogue);
  const handler = openPrometheus(
    handlerConfig('prometheus', 'metrics', { address: '127.0.0.1:0' }),
    handlerContext(() => figures),
  );
  await handler.open();
  t.teardown(() => handler.close());
  const flow = flowOf(sampleEvents);
  await handler.write(flow, picksOf(flow));

  const prometheus = await startPrometheus({ targets: [new URL(handler.url!).host] });
  t.teardown(() => prometheus.stop());
  await prometheus.scraped();

  for (const { name, type, labels, series } of figures) {
    const [expected] = series;
    const [sample] = await prometheus.query(type === 'histogram' ? `${name}_count` : name);
    t.equal(sample?.value, type === 'histogram' ? expected!.count : expected!.value, name);
    t.match(
      sample?.metric,
      Object.fromEntries(labels.map((label, k) => [label, expected!.labels[k]])),
      'labels arrive as they are, hostile characters too',
    );
  }
  const [quantile] = await prometheus.query('histogram_quantile(0.5, mirrord_sessions_duration_bucket)');
  t.ok(quantile!.value >= 1 && quantile!.value <= 14_400, `median of a histogram: ${quantile!.value}`);
  const [latency] = await prometheus.query('ziti_link_latency{quantile="0.75"}');
  t.equal(latency?.value, 6);
  t.equal(latency?.metric.targetRouterId, 'jWoQK7nhY');
  t.equal((await prometheus.query('ziti_fabric_tx_msgrate_total'))[0]?.value, 12);
  t.ok((await prometheus.query('mirrormon_process_resident_memory_bytes'))[0]!.value > 0);
});
