import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { servedPage, servedPolicy } from '../../page/html.ts';
import { type LivePage, TITLE } from '../../page/live-page.ts';

/** How often the server looks whether there is something newer to tell. Milliseconds. */
const LOOK_EVERY_MS = 500;
/** Silence after which a proxy may take a stream for dead. Milliseconds. */
const HEARTBEAT_MS = 15_000;
/** Browsers that may follow at once. */
const FOLLOWERS = 32;

type Route = (request: IncomingMessage, response: ServerResponse) => void;

const common = {
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
};

function send(
  request: IncomingMessage,
  response: ServerResponse,
  type: string,
  body: Uint8Array | string,
): void {
  const isLarge = body.length > 4096 && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const bytes = isLarge ? gzipSync(body, { level: 1 }) : Buffer.from(body);
  response.writeHead(200, {
    ...common,
    'Content-Type': type,
    'Content-Length': bytes.length,
    Vary: 'Accept-Encoding',
    ...(isLarge && { 'Content-Encoding': 'gzip' }),
    ...(type.startsWith('text/html') && { 'Content-Security-Policy': servedPolicy() }),
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** The page, its data, and a stream that tells when there is newer data. */
export function pageRoutes(page: LivePage): ReadonlyMap<string, Route> {
  const html = servedPage(TITLE);
  let followers = 0;

  const follow: Route = (request, response) => {
    if (followers >= FOLLOWERS) {
      response.writeHead(503, { ...common, 'Retry-After': '10' }).end('Too many pages follow this run.\n');
      return;
    }
    response.writeHead(200, { ...common, 'Content-Type': 'text/event-stream' });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    followers++;
    let told = page.version;
    let quiet = 0;
    response.write('retry: 2000\n\n');
    const look = setInterval(() => {
      quiet += LOOK_EVERY_MS;
      if (page.version !== told && !response.writableNeedDrain) {
        told = page.version;
        quiet = 0;
        response.write('event: changed\ndata:\n\n');
      } else if (quiet >= HEARTBEAT_MS) {
        quiet = 0;
        response.write(':\n\n');
      }
    }, LOOK_EVERY_MS);
    look.unref();
    response.on('close', () => {
      clearInterval(look);
      followers--;
    });
  };

  return new Map<string, Route>([
    ['/', (request, response) => send(request, response, 'text/html; charset=utf-8', html)],
    [
      '/api/v1/snapshot',
      (request, response) => send(request, response, 'application/octet-stream', page.bytes),
    ],
    [
      '/api/v1/usage',
      (request, response) => send(request, response, 'application/json', `${JSON.stringify(page.usage())}\n`),
    ],
    ['/api/v1/events', follow],
  ]);
}
