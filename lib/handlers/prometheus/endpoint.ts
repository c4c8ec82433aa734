import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { LivePage } from '../../page/live-page.ts';
import type { HandlerContext } from '../handler.ts';
import { Authentication } from './authentication.ts';
import type { ExposedFamily } from './exposed-family.ts';
import { acceptsGzip, type Format, formatFor } from './negotiate.ts';
import { Health } from './own-health.ts';
import { pageRoutes } from './page-routes.ts';
import type { ReadWebConfig, WebConfig } from './web-config.ts';
import { createWebServer } from './web-server.ts';
import { exposition, sliced } from './write-exposition.ts';

export interface EndpointOptions {
  /** What is shown under /; undefined = what else there is. */
  readonly page?: LivePage | undefined;
  readonly families: () => Iterable<ExposedFamily>;
  /** Milliseconds since the epoch. */
  now(): number;
  warn(message: string): void;
  /** The web configuration file, if there is one, and how it is read. */
  readonly webConfig: string | undefined;
  readonly readWebConfig: ReadWebConfig;
  /** Milliseconds in which a client must take an answer, if it announces no longer scrape timeout. */
  readonly answerTime?: number | undefined;
  readonly condition: NonNullable<HandlerContext['condition']>;
}

/** Each running scrape holds a slice of text and a compressor: enough for a pair of Prometheus servers and a curl. */
const scrapesAtOnce = 4;

/** Milliseconds that a slice of rendering may take before the pipeline has its turn. */
const sliceBudget = 5;

const usualAnswerTime = 15_000;
const longestAnswerTime = 60_000;

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

/** Milliseconds that an answer may take: as long as Prometheus says that it waits, within bounds. */
function patienceFor({ headers }: IncomingMessage, answerTime = usualAnswerTime): number {
  const announced = 1000 * Number(headers['x-prometheus-scrape-timeout-seconds']);
  return Math.min(Math.max(answerTime, announced || 0), longestAnswerTime);
}

/** Answers /metrics, never more than a few at once and never holding the event loop for long. */
function scrapeRoute(options: EndpointOptions): Route {
  const health = new Health(options.now);
  let running = 0;

  async function* body(format: Format): AsyncGenerator<Buffer | string> {
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
    const patience = patienceFor(request, options.answerTime);
    const deadline = setTimeout(() => {
      health.cutOff();
      const client = request.socket.remoteAddress ?? 'a client';
      options.warn(`${client} has not taken its scrape within ${patience / 1000} s and is cut off`);
      response.destroy();
    }, patience);
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
      clearTimeout(deadline);
      running--;
    }
  };
}

/** 200 with what is said, or 503 with what is wrong: a line each. */
function conditionRoute(
  good: string,
  faults: () => readonly string[],
  remarks: () => readonly string[],
): Route {
  return (request, response) => {
    const wrong = faults();
    const lines = wrong.length > 0 ? wrong : [good, ...remarks()];
    answer(request, response, wrong.length > 0 ? 503 : 200, `${lines.join('\n')}\n`, {
      'Cache-Control': 'no-store',
    });
  };
}

/** Where there is no page: what else there is. */
const plainIndex: readonly [string, Route] = [
  '/',
  (request, response) => answer(request, response, 200, 'mirrormon: /metrics, /healthz, /readyz\n'),
];

function routesOf(options: EndpointOptions): ReadonlyMap<string, Route> {
  const { condition } = options;
  return new Map<string, Route>([
    ['/metrics', scrapeRoute(options)],
    [
      '/healthz',
      conditionRoute(
        'healthy',
        () => condition().faults,
        () => condition().waiting,
      ),
    ],
    [
      '/readyz',
      conditionRoute(
        'ready',
        () => [...condition().unready, ...condition().faults],
        () => condition().waiting,
      ),
    ],
    ...(options.page === undefined ? [plainIndex] : pageRoutes(options.page)),
  ]);
}

/**
 * The server of a prometheus handler, not yet listening. Whether one may ask is settled before what is asked for.
 * @throws {MirrormonError} CONFIG_INVALID, CONFIG_UNREADABLE for a web configuration that cannot be used
 */
export async function createEndpoint(options: EndpointOptions): Promise<Server> {
  const routes = routesOf(options);
  const authentication = new Authentication();
  const serve = async (request: IncomingMessage, response: ServerResponse, web: WebConfig): Promise<void> => {
    for (const [name, value] of Object.entries(web.headers)) response.setHeader(name, value);
    const verdict = await authentication.check(request.headers.authorization, web.users);
    if (verdict === 'busy') {
      answer(request, response, 503, 'Too many clients are being authenticated.\n', { 'Retry-After': '1' });
    } else if (verdict === 'refused') {
      answer(request, response, 401, 'Unauthorized\n', { 'WWW-Authenticate': 'Basic' });
    } else await dispatch(routes, request, response);
  };
  return createWebServer(
    (request, response, web) => {
      serve(request, response, web).catch((error) => {
        options.warn(`a request failed: ${error instanceof Error ? error.message : String(error)}`);
        response.destroy();
      });
    },
    { path: options.webConfig, read: options.readWebConfig, warn: options.warn, now: options.now },
  );
}

/** What is asked for; clients that take us for a proxy name the whole URL. */
function pathOf(target: string): string {
  const [path = ''] = target.replace(/^https?:\/\/[^/?]*/i, '').split('?', 1);
  return path === '' ? '/' : path;
}

async function dispatch(
  routes: ReadonlyMap<string, Route>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = routes.get(pathOf(request.url ?? ''));
  if (route === undefined) {
    answer(request, response, 404, `Nothing is here; there is ${[...routes.keys()].join(', ')}.\n`);
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    answer(request, response, 405, 'This endpoint is read only.\n', { Allow: 'GET, HEAD' });
  } else await route(request, response);
}
