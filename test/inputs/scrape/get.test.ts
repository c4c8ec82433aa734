import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { getExposition } from '../../../lib/inputs/scrape/get.ts';
import { targetsOf } from '../../../lib/inputs/scrape/target.ts';

const text = '# TYPE a_total counter\na_total{x="1"} 123456\nb_total 777777\n';
const openmetrics = { 'content-type': 'application/openmetrics-text; version=1.0.0' };

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** What comes of an endpoint that answers so: its exposition, or why there is none. */
async function scraped(t: Test, answer: Answer): Promise<string> {
  const server = createServer((request, response) => answer(response, request));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const [target] = targetsOf([`http://user:word@127.0.0.1:${(server.address() as AddressInfo).port}/m`]);
  try {
    const { bytes } = await getExposition(target!, 2000, new AbortController().signal);
    return Buffer.from(bytes).toString();
  } catch (error) {
    return `failed: ${(error as Error).message}`;
  }
}

t.test('what is whole is read, plain and compressed', async (t) => {
  const packed: [string, Buffer][] = [
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
  ];
  for (const [encoding, body] of packed) {
    t.equal(await scraped(t, (r) => r.writeHead(200, { 'content-encoding': encoding }).end(body)), text);
  }
  t.equal(await scraped(t, (r) => r.end(text)), text);
  t.equal(
    await scraped(t, (r) => r.end('a 1')),
    'a 1',
    'a last line without its end, of a body of that length',
  );
  t.equal(await scraped(t, (r) => r.writeHead(200, openmetrics).end(`${text}# EOF`)), `${text}# EOF`);
  t.equal(await scraped(t, (r) => r.writeHead(200, openmetrics).end('# EOF\n')), '# EOF\n');
  t.equal(await scraped(t, (r) => r.end()), '');
});

t.test('what broke off is a failed scrape', async (t) => {
  const cut = gzipSync(text).subarray(0, -12);
  const table: [Answer, RegExp][] = [
    [(r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(cut), /broke off in the middle of the comp/],
    [(r) => r.writeHead(200, openmetrics).end(text), /broke off: it does not end with # EOF/],
    [(r) => r.writeHead(200, openmetrics).end(`${text}x# EOF`), /broke off: it does not end with # EOF/],
    [(r) => r.writeHead(200, { 'content-length': 500 }).write(text, () => r.destroy()), /answer broke off/],
    [(r) => r.write(text, () => r.destroy()), /answer broke off/],
    [(r) => r.socket!.end(`HTTP/1.0 200 OK\r\n\r\n${text.slice(0, -3)}`), /its last line has no end/],
    [(r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(text), /compressed answer is damaged/],
  ];
  for (const [answer, expected] of table) t.match(await scraped(t, answer), expected, String(expected));
  t.equal(await scraped(t, (r) => r.socket!.end(`HTTP/1.0 200 OK\r\n\r\n${text}`)), text);
});

t.test('redirects are followed, with credentials for the same host alone', async (t) => {
  const seen: (string | undefined)[] = [];
  const moved: Answer = (response, { url, headers }) => {
    seen.push(headers.authorization);
    if (url === '/m') response.writeHead(302, { location: '/n' }).end();
    else response.end(text);
  };
  t.equal(await scraped(t, moved), text);
  t.same(seen, Array(2).fill(`Basic ${Buffer.from('user:word').toString('base64')}`));
  const away: Answer = (response, { headers }) => {
    const isFirst = headers.host?.startsWith('127') ?? false;
    if (isFirst)
      response.writeHead(301, { location: `http://localhost:${headers.host!.split(':')[1]}/` }).end();
    else response.end(String(headers.authorization));
  };
  t.equal(await scraped(t, away), 'undefined');
  t.match(await scraped(t, (r) => r.writeHead(302, { location: '/m' }).end()), /redirects more than 5 times/);
});

t.test('other answers', async (t) => {
  t.match(
    await scraped(t, (r) => r.writeHead(503).end('busy')),
    /^failed: it answers 503 Service Unavailable/,
  );
  t.match(
    await scraped(t, (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('x')),
    /is text\/html/,
  );
  t.match(
    await scraped(t, (r) => r.writeHead(200, { 'content-encoding': 'br' }).end('x')),
    /answers in br, which/,
  );
});
