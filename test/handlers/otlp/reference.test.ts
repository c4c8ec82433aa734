import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import t from 'tap';
import { loadConfig } from '../../../lib/config/load.ts';
import { openPipeline } from '../../../lib/pipeline.ts';
import { fixture } from '../../helpers/root.ts';
import { collector, environment } from './fake-collector.ts';
import { compareWithReference } from './reference.ts';

async function exported(url: string, traces: string): Promise<void> {
  const { config } = await loadConfig({
    files: [],
    env: { OTEL_RUST_LOG: 'trace' },
    options: { output: 'none', otelLogUrl: url, otelTraceUrl: traces },
  });
  const pipeline = openPipeline(config);
  const input = { name: 'records.log', framing: '' };
  const bytes = gunzipSync(readFileSync(fixture('otlp', 'records.log.gz')));
  await pipeline.run(
    (async function* () {
      yield { input, bytes };
    })(),
  );
  await pipeline.close();
  t.same(pipeline.ledger.mismatches(), []);
}

t.test('the same records, exported by the Operator’s crates and by us', async (t) => {
  environment(t, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });
  const logs = await collector(t);
  const traces = await collector(t);
  await exported(logs.url, traces.url);
  compareWithReference(t, logs.records());
});
