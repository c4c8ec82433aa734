import { once } from 'node:events';
import { Agent, get, request } from 'node:http';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import t, { type Test } from 'tap';
import { openPrometheus } from '../../../lib/handlers/prometheus/index.ts';
import type { MetricFamily } from '../../../lib/metrics/family.ts';
import { handlerConfig, handlerContext } from '../../helpers/sinks.ts';

const families: readonly MetricFamily[] = [
  {
    name: 'mirrord_sessions_create_total',
    type: 'counter',
    help: 'Sessions.',
    labels: ['client_user'],
    series: [
      { labels: ['Åsa'], value: 2 },
      { labels: ['"a\\\n'], value: 1 },
    ],
  },
  {
    name: 'mirrord_stolen_requests_count',
    type: 'counter',
    help: 'Stolen.',
    labels: [],
    series: [{ labels: [], value: 4 }],
  },
  {
    name: 'mirrord_sessions_duration',
    type: 'histogram',
    help: 'Seconds.',
    labels: [],
    buckets: [1, 2.5],
    series: [{ labels: [], value: 0, count: 6, sum: 20.5, bucketCounts: [1, 2, 3] }],
  },
];

const openMetrics = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

async function open(t: Test, figures: () => Iterable<MetricFamily> = () => families) {
  const context = handlerContext(figures);
  const handler = openPrometheus(handlerConfig('prometheus', 'metrics', { address: '127.0.0.1:0' }), context);
  await handler.open();
  t.teardown(() => handler.close());
  return { handler, context, url: handler.url! };
}

/** The samples and comments of measured metrics, without the endpoint's own. */
function measured(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.includes('mirrormon_'));
}

t.test('exposes the figures as text', async (t) => {
  const { url } = await open(t);
  const response = await fetch(`${url}/metrics`);
  t.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const text = await response.text();
  t.same(measured(text), [
    '# HELP mirrord_sessions_create_total Sessions.',
    '# TYPE mirrord_sessions_create_total counter',
    'mirrord_sessions_create_total{client_user="Åsa"} 2',
    'mirrord_sessions_create_total{client_user="\\"a\\\\\\n"} 1',
    '# HELP mirrord_stolen_requests_count Stolen.',
    '# TYPE mirrord_stolen_requests_count counter',
    'mirrord_stolen_requests_count 4',
    '# HELP mirrord_sessions_duration Seconds.',
    '# TYPE mirrord_sessions_duration histogram',
    'mirrord_sessions_duration_bucket{le="1.0"} 1',
    'mirrord_sessions_duration_bucket{le="2.5"} 3',
    'mirrord_sessions_duration_bucket{le="+Inf"} 6',
    'mirrord_sessions_duration_sum 20.5',
    'mirrord_sessions_duration_count 6',
  ]);
  t.match(text, /^mirrormon_process_resident_memory_bytes [1-9]/m);
});

t.test('a scrape in one format leaves the other as it was', async (t) => {
  const { url } = await open(t);
  const scrape = async (accept: string) => {
    const response = await fetch(`${url}/metrics`, { headers: { accept } });
    return { type: response.headers.get('content-type'), text: await response.text() };
  };
  const shape = (text: string) => text.replace(/ [-+.\de]+$/gm, '');
  const before = await scrape('text/plain');
  const open1 = await scrape(openMetrics);
  const after = await scrape('text/plain');
  const open2 = await scrape(openMetrics);
  t.equal(open1.type, 'application/openmetrics-text; version=1.0.0; charset=utf-8');
  t.equal(shape(after.text), shape(before.text));
  t.equal(shape(open2.text), shape(open1.text));
  const lines = measured(open1.text);
  t.same(lines.slice(0, 3), [
    '# HELP mirrord_sessions_create Sessions.',
    '# TYPE mirrord_sessions_create counter',
    'mirrord_sessions_create_total{client_user="Åsa"} 2',
  ]);
  t.ok(lines.includes('# TYPE mirrord_stolen_requests_count unknown'), 'a documented name stays');
  t.ok(lines.includes('mirrord_stolen_requests_count 4'));
  t.ok(open1.text.endsWith('\n# EOF\n'));
  t.notMatch(open1.text, /\n\n/);
  t.notMatch(before.text, /# EOF/);
});

/** What a target is answered that is sent as it is. */
function statusOf(url: string, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { path }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}

t.test('routes, methods and compression', async (t) => {
  const { url } = await open(t);
  const ask = (path: string, init?: RequestInit) => fetch(url + path, init);

  const head = await ask('/metrics', { method: 'HEAD' });
  t.equal(head.status, 200);
  t.equal(await head.text(), '');
  const asked = await ask('/metrics');
  for (const name of ['content-type', 'content-encoding', 'vary', 'cache-control']) {
    t.equal(head.headers.get(name), asked.headers.get(name), `HEAD and GET agree on ${name}`);
  }
  await asked.text();
  t.equal((await ask('/metrics?x=1')).status, 200);
  for (const [target, status] of [
    [`${url}/metrics`, 200],
    ['http://another.example:80/metrics?x=1', 200],
    [url, 200],
    [`${url}/nothing`, 404],
  ] as const) {
    t.equal(await statusOf(url, target), status, `${target} in full, as proxies are asked`);
  }
  t.equal((await ask('/healthz')).status, 200);
  t.equal((await ask('/readyz')).status, 200);
  t.match(await (await ask('/')).text(), /\/metrics/);
  for (const method of ['GET', 'HEAD', 'POST']) t.equal((await ask('/nothing', { method })).status, 404);
  const post = await ask('/metrics', { method: 'POST' });
  t.equal(post.status, 405);
  t.equal(post.headers.get('allow'), 'GET, HEAD');
  await post.text();
  for (const path of ['/', '/healthz', '/readyz']) {
    t.equal((await ask(path, { method: 'DELETE' })).status, 405, path);
    t.equal(await (await ask(path, { method: 'HEAD' })).text(), '', path);
  }

  const zipped = await ask('/metrics', { headers: { 'accept-encoding': 'gzip' } });
  t.equal(zipped.headers.get('content-encoding'), 'gzip');
  t.match(await zipped.text(), /mirrord_stolen_requests_count 4/);
  const plain = await ask('/metrics', { headers: { 'accept-encoding': 'gzip;q=0, identity' } });
  t.equal(plain.headers.get('content-encoding'), null);
  await plain.text();
});

t.test('names from logs are made valid and never exposed twice', async (t) => {
  const { url, context } = await open(t, () => [
    {
      name: 'http.requests',
      type: 'counter',
      help: 'One.',
      labels: ['a.b', 'a_b', '__c', '1'],
      series: [{ labels: ['1', '2', '3', '4'], value: 1 }],
    },
    {
      name: 'http_requests',
      type: 'counter',
      help: 'Two.',
      labels: ['x'],
      series: [{ labels: ['y'], value: 2 }],
    },
    {
      name: 'http-requests',
      type: 'counter',
      help: 'Three.',
      labels: ['x'],
      series: [{ labels: ['y'], value: 3 }],
    },
    { name: 'http_requests', type: 'gauge', help: 'Four.', labels: [], series: [{ labels: [], value: 4 }] },
    {
      name: 'mirrormon_scrapes_refused_total',
      type: 'counter',
      help: 'Five.',
      labels: [],
      series: [{ labels: [], value: 5 }],
    },
    {
      name: 'h',
      type: 'histogram',
      help: 'Six.',
      labels: ['le'],
      buckets: [],
      series: [{ labels: ['x'], value: 0, count: 1, sum: 2, bucketCounts: [1] }],
    },
    { name: 'h_sum', type: 'gauge', help: 'Seven.', labels: [], series: [{ labels: [], value: 7 }] },
    { name: 'empty', type: 'gauge', help: 'Eight.', labels: [], series: [] },
  ]);
  t.same(measured(await (await fetch(`${url}/metrics`)).text()), [
    '# HELP http_requests One.',
    '# TYPE http_requests counter',
    'http_requests{a_b="1",a_b_2="2",exported___c="3",_1="4"} 1',
    'http_requests{x="y"} 2',
    '# HELP h Six.',
    '# TYPE h histogram',
    'h_bucket{exported_le="x",le="+Inf"} 1',
    'h_sum{exported_le="x"} 2',
    'h_count{exported_le="x"} 1',
  ]);
  t.match(context.warnings.sort(), [
    /metric h_sum \(gauge\) is not exposed/,
    /metric http_requests \(gauge\) is not exposed/,
    /two sources/,
    /metric mirrormon_scrapes_refused_total \(counter\) is not exposed/,
  ]);
});

t.test('figures that fail end the scrape, not the endpoint', async (t) => {
  let broken = true;
  const { url, context } = await open(t, function* () {
    if (broken) throw new Error('no figures');
    yield* families;
  });
  await t.rejects(fetch(`${url}/metrics`).then((response) => response.text()));
  t.match(context.warnings, [/a scrape failed: no figures/]);
  broken = false;
  t.match(await (await fetch(`${url}/metrics`)).text(), /mirrord_stolen_requests_count 4/);
});

t.test('no more than four scrapes at once', async (t) => {
  // The response cannot be sent before it is read: more series than the sockets buffer.
  const wide: MetricFamily = {
    name: 'wide_total',
    type: 'counter',
    help: 'Wide.',
    labels: ['x'],
    series: Array.from({ length: 20_000 }, (_, k) => ({ labels: [`${k}`.padEnd(1000, 'x')], value: k })),
  };
  const { url, handler } = await open(t, () => [wide]);
  const agent = new Agent({ maxSockets: 8 });
  t.teardown(() => agent.destroy());
  const stalled = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const request = get(`${url}/metrics`, { agent });
      const [response] = await once(request, 'response');
      response.on('error', () => {});
      return response;
    }),
  );
  const refused = await fetch(`${url}/metrics`);
  t.equal(refused.status, 503);
  t.equal(refused.headers.get('retry-after'), '1');
  await refused.text();
  t.equal((await fetch(`${url}/healthz`)).status, 200);
  for (const response of stalled) response.destroy();
  await handler.close();
  t.equal(handler.url, undefined);
});

t.test('close ends idle keep-alive connections', async (t) => {
  const { url, handler } = await open(t);
  const agent = new Agent({ keepAlive: true });
  t.teardown(() => agent.destroy());
  const [response] = await once(get(`${url}/healthz`, { agent }), 'response');
  response.resume();
  await once(response, 'end');
  await handler.close();
  await t.rejects(fetch(`${url}/healthz`));
});

t.test('addresses', async (t) => {
  const taken = createServer();
  taken.listen(0, '127.0.0.1');
  await once(taken, 'listening');
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  const busy = `127.0.0.1:${port}`;

  t.test('the fallback is tried, with a warning', async (t) => {
    const context = handlerContext();
    const handler = openPrometheus(
      handlerConfig('prometheus', 'metrics', { address: busy, fallbackAddress: '127.0.0.1:0' }),
      context,
    );
    await handler.open();
    t.teardown(() => handler.close());
    t.equal((await fetch(`${handler.url}/healthz`)).status, 200);
    t.match(context.warnings, [`cannot listen on ${busy}: the address is already in use`]);
  });

  t.test('without one that is free, opening fails and says why', async (t) => {
    const config = handlerConfig('prometheus', 'metrics', { address: busy, fallbackAddress: busy });
    await t.rejects(openPrometheus(config, handlerContext()).open(), {
      code: 'HANDLER_OPEN',
      message: `cannot listen on ${busy} (the address is already in use) nor on ${busy} (the address is already in use)`,
    });
  });

  const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ family }) => family === 'IPv6'),
  );
  for (const address of [':0', '0.0.0.0:0', 'localhost:0', '[::]:0', '[::1]:0']) {
    const skip = address.includes('::') && !hasIpv6 && 'this machine has no IPv6';
    t.test(address, { skip }, async (t) => {
      const handler = openPrometheus(handlerConfig('prometheus', 'metrics', { address }), handlerContext());
      await handler.open();
      t.teardown(() => handler.close());
      t.equal((await fetch(`${handler.url}/readyz`)).status, 200);
    });
  }

  for (const address of ['9000', 'host:99999', 'http://host:9000']) {
    t.test(`${address} is refused`, async (t) => {
      const handler = openPrometheus(handlerConfig('prometheus', 'metrics', { address }), handlerContext());
      await t.rejects(handler.open(), { code: 'HANDLER_OPEN', message: address });
    });
  }
});
