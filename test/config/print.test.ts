import { readFile } from 'node:fs/promises';
import t from 'tap';
import { printConfig } from '../../lib/config/print.ts';
import { fixture } from '../helpers/root.ts';
import { read, said } from './read.ts';

t.test('what is printed gives the same configuration again', async (t) => {
  const withoutPlaces = (value: unknown) =>
    JSON.parse(JSON.stringify(value, (key, inner) => (key === 'place' ? undefined : inner)));
  for (const name of ['complete.yml', 'controller.yml', 'helm-values.yaml', 'router.yml']) {
    const loaded = await read(await readFile(fixture('config', name), 'utf8'));
    const { config } = loaded;
    const again = await read(await printConfig(loaded));
    t.same(said(again), [], name);
    t.same(withoutPlaces(again.config), withoutPlaces(config), name);
  }
});

t.test('every value has its origin, and no secret is printed', async (t) => {
  const loaded = await read(
    `
metrics: { reportInterval: 20s, buckets: { a: [1, 2] } }
operator: { otelLogExportUrl: "http://user:S3CRET@h/$(PW)/v1/logs?key=S3CRET" }
events:
  a:
    subscriptions: [{ type: logs }]
    handler: { type: otlp, url: "http://S3CRET@h/v1/logs" }
`,
    { env: { PW: 'S3CRET', RUST_LOG: 'debug' } },
  );
  const text = await printConfig(loaded);
  t.notMatch(text, /S3CRET/);
  for (const line of [
    'reportInterval: 20s # c.yml:2:28',
    'messageQueueSize: 10 # default',
    'buckets: { a: [ 1, 2 ] } # c.yml:2:42',
    'rules: [] # default',
    'logLevel: debug # RUST_LOG',
    'otelLogExportUrl: http://***@h/$(PW)/v1/logs?key=*** # c.yml:3:31',
    'url: http://***@h/v1/logs # c.yml:7:33',
  ]) {
    t.ok(text.includes(line), `${line}\n${text}`);
  }
});
