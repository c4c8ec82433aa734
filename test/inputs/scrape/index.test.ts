import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { scrapeInputs, targetsOf } from '../../../lib/inputs/scrape/index.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const text =
  (body: string, type = 'text/plain; version=0.0.4'): Answer =>
  (_, response) =>
    response.setHeader('content-type', type).end(body);

/** Scrapes a server that gives one answer after the other, on a clock that only waiting moves. */
async function scraping(
  t: Test,
  answers: Answer[],
  { path = '/metrics', user = '', interval = 60_000 } = {},
) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answers[requests.length - 1]!(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;

  let now = 1_700_000_005_000;
  const stop = new AbortController();
  const warnings: string[] = [];
  const scrapes: boolean[] = [];
  const times: number[] = [];
  const given: { name: string; framing: string; text: string; whole: boolean | undefined }[] = [];
  const [target] = targetsOf([`http://${user}127.0.0.1:${port}${path}`]);
  for await (const { input, bytes, whole } of scrapeInputs(target!, {
    interval,
    seed: 1,
    signal: stop.signal,
    warn: (message) => warnings.push(message),
    onScrape: (_, succeeded) => scrapes.push(succeeded),
    now: () => now,
    sleep: async (ms) => {
      times.push(now);
      now += ms;
      if (requests.length === answers.length) stop.abort();
    },
  })) {
    given.push({ name: input.name, framing: input.framing, text: Buffer.from(bytes).toString(), whole });
  }
  return { given, warnings, scrapes, requests, times, url: target!.url };
}

t.test('scrapes at once and at every multiple of the interval; each is a whole input', async (t) => {
  const { given, times, url, warnings } = await scraping(t, [text('a 1\n'), text('a 2\n'), text('a 3\n')]);
  t.same(
    given,
    ['a 1\n', 'a 2\n', 'a 3\n'].map((text) => ({ name: url, framing: 'scrape', text, whole: true })),
  );
  t.same(times, [1_700_000_005_000, 1_700_000_040_000, 1_700_000_100_000]);
  t.same(warnings, []);
});

t.test('asks for both formats, and takes gzip', async (t) => {
  const zipped: Answer = (_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/openmetrics-text', 'content-encoding': 'gzip' })
      .end(gzipSync('# TYPE a counter\na_total 1\n# EOF\n'));
  const { given, requests } = await scraping(t, [zipped], { user: 'me:s%20t@' });
  t.match(given, [{ text: /^# TYPE a counter/ }]);
  const { headers } = requests[0]!;
  t.match(headers.accept, /text\/plain;version=0\.0\.4.*application\/openmetrics-text;version=1\.0\.0/);
  t.match(headers['accept-encoding'], /gzip/);
  t.equal(headers.authorization, `Basic ${Buffer.from('me:s t').toString('base64')}`);
});

t.test('an endpoint that is down is said once, and again when it is back', async (t) => {
  const down: Answer = (_, response) => response.writeHead(503).end();
  const cut: Answer = (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100 }).write('a 1\n');
    setImmediate(() => response.destroy());
  };
  const { given, warnings, scrapes, url } = await scraping(
    t,
    [text('a 1\n'), down, cut, text('<html>', 'text/html'), text('a 2\n'), down],
    { user: 'me:secret@' },
  );
  t.same(
    given.map((one) => one.text),
    ['a 1\n', 'a 2\n'],
    'of half an exposition nothing is taken',
  );
  t.same(scrapes, [true, false, false, false, true, false]);
  t.same(warnings, [
    `${url}: scrape 2 failed: it answers 503 Service Unavailable; it is tried again at every report interval`,
    `${url}: answers again at scrape 5, after 3 scrapes that failed`,
    `${url}: scrape 6 failed: it answers 503 Service Unavailable; it is tried again at every report interval`,
  ]);
});

t.test('reasons', async (t) => {
  const html = await scraping(t, [text('<html>', 'text/html; charset=utf-8')]);
  t.match(html.warnings, [/what it answers is text\/html, not an exposition/]);
  const silent = await scraping(t, [() => {}], { interval: 100 });
  t.match(silent.warnings, [/no answer within 0\.1 s/]);
  const bomb: Answer = (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' })
      .end(gzipSync(Buffer.alloc(65 << 20, '\n')));
  t.match((await scraping(t, [bomb])).warnings, [/larger than 64 MiB/]);
});

t.test('nobody listens', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  const stop = new AbortController();
  const warnings: string[] = [];
  const [target] = targetsOf([`http://127.0.0.1:${port}`]);
  for await (const _ of scrapeInputs(target!, {
    interval: 1000,
    seed: 1,
    signal: stop.signal,
    warn: (message) => warnings.push(message),
    sleep: async () => stop.abort(),
  }));
  t.match(warnings, [/scrape 1 failed: connection refused/]);
});

t.test('an end asked for during a scrape is no failure', async (t) => {
  const stop = new AbortController();
  const server = createServer(() => stop.abort()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;
  const [target] = targetsOf([`http://127.0.0.1:${port}`]);
  for await (const _ of scrapeInputs(target!, {
    interval: 1000,
    seed: 1,
    signal: stop.signal,
    warn: t.fail,
    onScrape: () => t.fail('counted'),
  }));
  t.pass('it ends');
});

t.test('an answer without a sample is told once, until there is one', async (t) => {
  const { warnings, scrapes, url } = await scraping(t, [
    text(''),
    text('# HELP a b\n\n'),
    text('a 1\n'),
    text('# EOF\n', 'application/openmetrics-text; version=1.0.0'),
  ]);
  t.same(scrapes, [true, true, true, true]);
  t.same(
    warnings,
    [1, 4].map((number) => `${url}: scrape ${number} found no sample: its answer is empty`),
  );
});
