import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { ExposedFamily } from './exposed-family.ts';
import { acceptsGzip, type Format, formatFor } from './negotiate.ts';
import { Health } from './own-health.ts';
import { page } from './page.ts';
import { exposition, sliced } from './write-exposition.ts';

export interface EndpointOptions {
  readonly families: () => Iterable<ExposedFamily>;
  /** Milliseconds since the epoch. */
  now(): number;
  warn(message: string): void;
}

/** Each running scrape holds a slice of text and a compressor: enough for a pair of Prometheus servers and a curl. */
const scrapesAtOnce = 4;

/** Milliseconds that a slice of rendering may take before the pipeline has its turn. */
const sliceBudget = 5;

/** Milliseconds after which a connection that neither reads nor writes is dropped. */
const idleTimeout = 60_000;

type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** A client that goes away during an answer is its own affair. */
function clientLeft(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'EPIPE';
}

/** Answers /metrics, never more than a few at once and never holding the event loop for long. */
function scrapeRoute(options: EndpointOptions): Route {
  const health = new Health(options.now);
  let running = 0;

  async function* body(format: Format): AsyncGenerator<string> {
    const pieces = exposition(options.families(), format, health.names, options.warn);
    yield* sliced(pieces, {
      budget: sliceBudget,
      now: () => performance.now(),
      pause: () => nextTurn(),
    });
    yield await health.text(format);
  }

  async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const format = formatFor(request.headers.accept);
    const gzip = acceptsGzip(request.headers['accept-encoding']);
    response.writeHead(200, {
      'Content-Type': health.contentType(format),
      ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
      Vary: 'Accept, Accept-Encoding',
      'Cache-Control': 'no-store',
    });
    if (request.method === 'HEAD') response.end();
    else if (gzip) await pipeline(body(format), createGzip({ level: 1 }), response);
    else await pipeline(body(format), response);
  }

  return async (request, response) => {
    if (running >= scrapesAtOnce) {
      health.refused();
      answer(request, response, 503, 'Too many scrapes are running.\n', { 'Retry-After': '1' });
      return;
    }
    running++;
    const begun = performance.now();
    try {
      await send(request, response);
      health.scraped((performance.now() - begun) / 1000);
    } catch (error) {
      if (!clientLeft(error)) {
        const reason = error instanceof Error ? error.message : String(error);
        options.warn(`a scrape failed: ${reason}`);
      }
      response.destroy();
    } finally {
      running--;
    }
  };
}

/** The HTTP server of a prometheus handler, not yet listening. */
export function createEndpoint(options: EndpointOptions): Server {
  const routes = new Map<string, Route>([
    ['/metrics', scrapeRoute(options)],
    ['/healthz', (request, response) => answer(request, response, 200, 'healthy\n')],
    ['/readyz', (request, response) => answer(request, response, 200, 'ready\n')],
    [
      '/',
      (request, response) =>
        answer(request, response, 200, page, {
          'Content-Type': 'text/html; charset=utf-8',
          'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
        }),
    ],
  ]);
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const route = routes.get(path);
    if (route === undefined) {
      answer(request, response, 404, `Nothing is here; there is ${[...routes.keys()].join(', ')}.\n`);
    } else if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(request, response, 405, 'This endpoint is read only.\n', { Allow: 'GET, HEAD' });
    } else {
      void route(request, response);
    }
  });
  server.timeout = idleTimeout;
  return server;
}
