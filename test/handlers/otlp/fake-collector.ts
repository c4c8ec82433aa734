import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import type { Flow, Picks } from '../../../lib/batch/batch.ts';
import type { HandlerConfig } from '../../../lib/config.ts';
import type { HandlerContext, ParcelHandler, Refused, Written } from '../../../lib/handlers/handler.ts';
import type { KeyValue } from '../../../lib/handlers/otlp/any-value.ts';
import type {
  LogRecordMessage,
  LogsRequest,
  Resource,
  Scope,
  SpanMessage,
  TracesRequest,
} from '../../../lib/handlers/otlp/export-messages.ts';
import { openOtlp } from '../../../lib/handlers/otlp/index.ts';
import { handlerConfig, handlerContext } from '../../helpers/sinks.ts';

export interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a collector answers to its n-th request. */
export type Answer = (
  n: number,
  body: Buffer,
) => {
  status: number;
  body?: string | Buffer;
  headers?: Record<string, string>;
};

export type LogRecord = LogRecordMessage & { readonly scope: Scope; readonly resource: Resource };
export type Span = SpanMessage & { readonly scope: Scope; readonly resource: Resource };

/** A collector on loopback that keeps what it is sent; only what it answers with 200 counts as taken. */
export async function collector(t: Test, answer: Answer = () => ({ status: 200 })) {
  const requests: ReceivedRequest[] = [];
  const taken: ReceivedRequest[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const sent = Buffer.concat(pieces);
      const { status, body, headers } = answer(requests.length, sent);
      const entry = { headers: request.headers, body: sent };
      requests.push(entry);
      if (status === 200) taken.push(entry);
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body ?? '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const parsed = <T>(): T[] => taken.map(({ body }) => JSON.parse(body.toString()) as T);
  return {
    url: `http://127.0.0.1:${port}/v1/logs`,
    requests,
    taken,
    /** The log records that were taken over http/json, each with its scope and resource. */
    records: (): LogRecord[] =>
      parsed<LogsRequest>().flatMap(({ resourceLogs }) =>
        resourceLogs.flatMap(({ resource, scopeLogs }) =>
          scopeLogs.flatMap(({ scope, logRecords }) =>
            logRecords.map((record) => ({ ...record, scope, resource })),
          ),
        ),
      ),
    /** The same of spans. */
    spans: (): Span[] =>
      parsed<TracesRequest>().flatMap(({ resourceSpans }) =>
        resourceSpans.flatMap(({ resource, scopeSpans }) =>
          scopeSpans.flatMap(({ scope, spans }) => spans.map((span) => ({ ...span, scope, resource }))),
        ),
      ),
  };
}

/** Sets environment variables until the test ends. */
export function environment(t: Test, variables: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  Object.assign(process.env, variables);
  t.teardown(() => {
    for (const name of Object.keys(variables)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });
}

export interface OpenOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly subscription?: string;
  readonly config?: Partial<HandlerConfig>;
  readonly context?: Partial<HandlerContext>;
}

/** An open otlp handler that speaks http/json. */
export async function openHandler(t: Test, url: string, options: OpenOptions = {}) {
  environment(t, { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', ...options.env });
  const context = handlerContext();
  const config = handlerConfig('otlp', options.subscription ?? 'logs', { url, ...options.config });
  const handler = openOtlp(config, { ...context, ...options.context });
  await handler.open();
  t.teardown(() => handler.close());
  return { handler, warnings: context.warnings };
}

/** Packs and delivers, as its queue does where nothing fails. @returns bytes, or what was refused with them */
export async function writeAll(handler: ParcelHandler, flow: Flow, picks: Picks): Promise<Written> {
  let bytes = 0;
  const refused: Refused[] = [];
  for (const parcel of handler.pack(flow, picks)) {
    refused.push(...parcel.refused);
    const written = parcel.count === 0 ? 0 : await handler.deliver(parcel);
    bytes += typeof written === 'number' ? written : written.bytes;
    if (typeof written !== 'number') refused.push(written.refused);
  }
  return refused.length === 0 ? bytes : { bytes, refused: refused[0]! };
}

export function attributes({ attributes }: { attributes: readonly KeyValue[] }): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value]));
}
